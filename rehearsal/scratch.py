"""The hub of a rehearsal: the firm's settings and connectors, on a database that ends with it.

No process and no queue: steps are run here, in order. The archive is a folder of the report's, never one of
the firm's; the firm's own templates are copied in.
"""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from pydantic import SecretStr
from werkzeug.test import TestResponse

from connectors import archives
from connectors.loading import connector_class
from connectors.signature import SignatureProvider
from domain.lifecycle import ENDED, LABELS, State
from rehearsal.outcome import Failed
from settings import Settings, new_encryption_key
from store import conventions, keys, steps, templates
from store.models import Convention
from workers.clock import tick
from workers.engine import run_step
from workers.queue import ByHand
from workers.runtime import Runtime

TEMPLATE = "forfait"
ARCHIVE = "folder"
#: the reminders that are rehearsed, in days after the invitation
REMINDED = (1, 3)
_PAUSE_SECONDS = 0.2


def settings_of(firm: Settings, provider: str, scratch: Path, archive: Path) -> Settings:
    """The firm's, but for what would touch its data; this machine alone may be called back."""
    own = {
        "database_url": SecretStr(""),
        "redis_url": SecretStr(""),
        "data_dir": scratch,
        "secret_key": SecretStr(secrets.token_urlsafe(48)),
        "encryption_keys": SecretStr(new_encryption_key("k1")),
        "events_secret": SecretStr("whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()),
        "allowed_networks": "127.0.0.0/8",
        "provider": provider,
        "archives": ARCHIVE,
        "reminder_days": ",".join(str(day) for day in REMINDED),
        "columns": "{}",  # the samples have their own
    }
    section = connector_class(archives.REGISTRY, ARCHIVE).Config(root=archive)
    return Settings(firm.core.model_copy(update=own), {**firm.sections, ARCHIVE: section})


class Scratch:
    """``build`` makes the application of a runtime. ``patience`` is how long, in seconds, the hub may take
    for anything that no person does."""

    def __init__(
        self, settings: Settings, firm: Runtime, build: Callable[[Runtime], Flask], patience: float
    ) -> None:
        self.settings = settings
        self.patience = patience
        self._moved = timedelta()
        self.runtime = Runtime(settings, now=self.now, true_now=lambda: datetime.now(UTC), queue=ByHand())
        self.runtime.database.upgrade()
        self.made: list[str] = []
        self.flask = build(self.runtime)
        self._client = self.flask.test_client()
        with self.runtime.database.transaction() as tx:
            _, key = keys.create(tx, self.now(), "rehearsal", keys.SCOPES)
        self._headers = {"Authorization": f"Bearer {key}"}
        self._copy_templates(firm)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._moved

    @contextmanager
    def later(self, hours: float) -> Iterator[None]:
        """The hub believes it is ``hours`` later; the outside does not."""
        self._moved = timedelta(hours=hours)
        try:
            yield
        finally:
            self._moved = timedelta()

    # --- calls, as Make or n8n would make them

    def get(self, path: str, **headers: str) -> TestResponse:
        return self._client.get(path, headers={**self._headers, **headers})

    def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """The answer; raises Failed with the hub's own words when it is a refusal."""
        answer = self._client.post(path, json=body or {}, headers=self._headers)
        content: dict[str, Any] = answer.get_json(silent=True) or {}
        if answer.status_code >= 400:
            raise Failed(*told(content))
        return content

    def create(self, fields: dict[str, Any], order: str | None = None, **more: Any) -> str:
        """A convention before its signers."""
        body = {
            "source": {"kind": "inline", "fields": fields},
            "template": TEMPLATE,
            "archive": [ARCHIVE],
            "signature": {"order": order, "level_reason": "Répétition générale, sans valeur."},
            **more,
        }
        convention_id: str = self.post("/v1/conventions", body)["id"]
        self.made.append(convention_id)
        self.carry(convention_id, State.SENT)
        return convention_id

    def shown(self, convention_id: str) -> dict[str, Any]:
        content: dict[str, Any] = self.get(f"/v1/conventions/{convention_id}").get_json()
        return content

    # --- what workers and clock would do

    def carry(self, convention_id: str, wanted: State, patience: float | None = None) -> dict[str, Any]:
        """Run what is due until the convention is there; raises Failed otherwise."""
        ends = time.monotonic() + min(patience or self.patience, self.patience)
        while True:
            self.work()
            shown = self.shown(convention_id)
            if shown["state"] == wanted:
                return shown
            if "problem" in shown:
                raise Failed(*told(shown["problem"]))
            state = State(shown["state"])
            if state in ENDED or time.monotonic() > ends:
                raise Failed(*_stuck(shown, state))
            time.sleep(_PAUSE_SECONDS)

    def work(self) -> None:
        while ready := self._due():
            for step_id in ready:
                run_step(self.runtime, step_id)

    def tick(self) -> None:
        """The clock looks twice, and the workers do what it wrote."""
        for _ in range(2):
            tick(self.runtime)
            self.work()

    def ask_provider(self, convention_id: str) -> None:
        """As a callback would: it is a signal, and the provider's answer the truth."""
        with self.runtime.database.transaction() as tx:
            conventions.lock(tx, convention_id)
            steps.ask_provider(tx, self.now(), convention_id)
        self.work()

    # --- what stands

    def row(self, convention_id: str) -> Convention:
        with self.runtime.database.reading() as session:
            return conventions.find(session, convention_id)

    @property
    def provider(self) -> SignatureProvider:
        return self.runtime.provider(self.settings.core.provider)

    def follow_path(self, convention_id: str) -> str:
        url: str = self.shown(convention_id)["links"]["follow"]
        return url.removeprefix(self.settings.core.public_url)

    def close(self) -> None:
        self.runtime.close()

    def _due(self) -> list[str]:
        with self.runtime.database.reading() as session:
            return steps.due(session, self.now(), handed_before=self.now())

    def _copy_templates(self, firm: Runtime) -> None:
        if not firm.database.ready():
            return
        with firm.database.reading() as session:
            kept = [row for name in templates.names(session) if (row := templates.get(session, name))]
        with self.runtime.database.transaction() as tx:
            for row in kept:
                templates.put(tx, self.now(), row.name, row.docx, row.manifest)


def told(problem: dict[str, Any]) -> tuple[str, str]:
    """The hub's own words for what is wrong, and where its details are. Field errors name columns only."""
    faults = " ".join(fault["detail"] for fault in problem.get("errors", [])[:3])
    code = problem.get("code", "inconnu")
    seen = f"{problem.get('detail', 'Le hub a refusé cet appel.')} {faults}".strip()
    return seen, f"Corrigez la cause (code {code}, expliqué dans /docs), puis rejouez la répétition."


def _stuck(shown: dict[str, Any], state: State) -> tuple[str, str]:
    if retrying := shown.get("retrying"):
        return told(retrying[0])
    return (
        f"La convention est restée dans l'état « {LABELS[state]} ».",
        "Voyez le journal technique et « flask --app app doctor », puis rejouez la répétition.",
    )
