"""A firm with buttons in its table: the hub in this process over real HTTP, its steps run by hand or by a
thread, the stand-ins outside, and what people of the firm read and click."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from domain.level_choice import choose
from domain.mentions import Report
from domain.mentions.report import Line, Method, Severity, Status
from domain.naming import PARIS
from domain.record_warnings import warnings
from domain.steps import StepKind
from sandbox.airtable import BASE_ID, RECORD_ID, TABLE_ID
from settings import new_encryption_key
from store import buttons, previews
from store.models import Button, Convention
from store.steps import Claimed
from tests.contract.orders import pdf
from tests.fixtures.databases import _free_port
from tests.fixtures.sandbox import Sandbox
from tests.workers.desk import Desk
from workers.runtime import Runtime
from workers.steps import preview
from workers.steps.render import Rendered

HELENE, PAUL = "helene.martin@example.com", "paul.leroy@example.com"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
#: what stands in the record, and so must not be seen before signing in
PERSONAL = ("Claire", "Durand", "DURAND", "claire.durand", "0142", "Hélène", "helene", "2026-")
LINK = re.compile(r"http://\S+/connexion/(\S+)")
FORM = re.compile(r'name="(jeton|convention|version)" value="([^"]*)"')
MISSING = Line(
    "mediateur", "Médiateur de la consommation", "C. conso. L. 616-1", True, False,
    Severity.BLOCKING, Status.MISSING, None,
)  # fmt: skip


class Firm(Desk):
    """``missing``: what the law finds missing in whatever is previewed (by the quick preview)."""

    def __init__(self, folder: Path, sandbox: Sandbox, **environ: str) -> None:
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.sandbox = sandbox
        self.missing: tuple[Line, ...] = ()
        self.ring = environ.setdefault("PARAPHE_ENCRYPTION_KEYS", new_encryption_key("k1"))
        environ.setdefault("PARAPHE_PUBLIC_URL", self.address)
        people = environ.pop("people", f"{HELENE}, {PAUL}")
        outside = environ.pop("sandboxed", sandbox.url)
        super().__init__(folder, PARAPHE_SANDBOX_URL=outside, PARAPHE_BUTTONS_PEOPLE=people, **environ)
        self.table[StepKind.PREVIEW] = self._quick_preview

    def button(self, action: str, record: str = RECORD_ID, **more: Any) -> str:
        """The path that a click in the table opens."""
        place = {"base": BASE_ID, "table": TABLE_ID}
        with self.runtime.database.transaction() as tx:
            row = buttons.create(tx, self.now, "airtable", place, action, more.get("template"))
        url = self.flask.extensions["paraphe"].button_url(row.id)
        return f"{url.removeprefix(self.runtime.settings.core.public_url)}?record={record}"

    def button_row(self, button_id: str) -> Button | None:
        with self.runtime.database.reading() as session:
            return buttons.find(session, button_id)

    def mails(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.sandbox.control("mail").get("messages")
        return found

    def ask_link(self, client: FlaskClient, path: str = "", email: str = HELENE) -> TestResponse:
        token, _, record = path.removeprefix("/buttons/").partition("?record=")
        form = {"courriel": email, "bouton": token, "fiche": record}
        return client.post("/connexion", data=form, headers=HTML)

    def last_link(self) -> str:
        """The path of the link that was mailed last."""
        self.work(StepKind.MAIL)
        found = LINK.search(self.mails()[-1]["text"])
        assert found
        return f"/connexion/{found[1]}"

    def signed_in(self, email: str = HELENE) -> FlaskClient:
        client = self.client
        self.ask_link(client, email=email)
        answer = client.post(self.last_link(), headers=HTML)
        assert answer.status_code == 303, answer.text
        return client

    def opened(self, client: FlaskClient, path: str) -> dict[str, str]:
        """What the page's form carries, once the preview is there."""
        client.get(path, headers=HTML)
        self.work(StepKind.PREVIEW)
        answer = client.get(path, headers=HTML)
        assert answer.status_code == 200, answer.text
        return dict(FORM.findall(answer.text))

    def conventions(self) -> list[dict[str, Any]]:
        answer = self.client.get("/v1/conventions", headers=self.authorised)
        items: list[dict[str, Any]] = answer.get_json()["items"]
        return items

    def sent(self) -> int:
        """How many signature requests the provider was asked to create."""
        return len(self.sandbox.control("yousign").requests("POST", "/v3/signature_requests"))

    def change_record(self, **cells: Any) -> None:
        url = f"{self.sandbox.url}/airtable/v0/{BASE_ID}/{TABLE_ID}/{RECORD_ID}"
        headers = {"Authorization": "Bearer patBacASable"}
        self.sandbox.client.patch(url, json={"fields": cells}, headers=headers).raise_for_status()

    @contextmanager
    def open_for_business(self) -> Iterator[str]:
        """Over HTTP, and with a worker; the address."""
        server = make_server("127.0.0.1", self.port, self.flask, threaded=True)
        closed = threading.Event()
        threads = [
            threading.Thread(target=server.serve_forever),
            threading.Thread(target=self._toil, args=[closed]),
        ]
        for thread in threads:
            thread.start()
        try:
            yield self.address
        finally:
            closed.set()
            server.shutdown()
            for thread in threads:
                thread.join()
            server.server_close()

    def _toil(self, closed: threading.Event) -> None:
        while not closed.wait(0.05):
            self.now = datetime.now(UTC)
            for step_id in self.due():
                self.run(step_id)

    def _quick_preview(self, runtime: Runtime, claimed: Claimed) -> None:
        """The record really read, without the office."""
        preview_id = claimed.argument or ""
        with runtime.database.reading() as session:
            asked = previews.request(session, runtime.now(), preview_id)
        assert asked
        source = runtime.source(asked["source_kind"])
        read = source.read(source.Ref.model_validate(asked["source"]))
        record = runtime.normalise(read.fields)
        row: Convention = preview.draft(asked, record)
        today = runtime.now().astimezone(PARIS).date()
        thresholds = runtime.settings.thresholds
        made = Rendered(
            pdf(2),
            Report(today, Method.BLOCKS, self.missing),
            choose(record, thresholds, row.level, row.level_reason, runtime.settings.core.level),
            warnings(record, today, thresholds),
        )
        with runtime.finishing(claimed) as tx:
            answer = {"version": read.version, **preview.told(runtime, row, record, made)}
            previews.fill(tx, preview_id, answer, made.pdf)
