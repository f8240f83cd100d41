"""A hub over real HTTP, its steps run by hand, and the hands of a person in the watched tables."""

from __future__ import annotations

import re
import socket
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server

from connectors.sources.airtable import AirtableRef
from domain.steps import StepKind
from sandbox.airtable import BASE_ID, TABLE_NAME
from sandbox.airtable.sample import FIELDS
from sandbox.notion import DATA_SOURCE_ID
from store import conventions, watches
from store.models import Convention, Step, Watch
from tests.fixtures.sandbox import Sandbox
from tests.fixtures.waiting import wait_for
from tests.sources.kits_airtable import AirtableKit
from tests.workers.desk import Desk
from workers.clock import tick

AIRTABLE = ("--source", "airtable", "--place", f"base={BASE_ID}", "--place", f"table={TABLE_NAME}")
NOTION = ("--source", "notion", "--place", f"data_source={DATA_SOURCE_ID}")
ASKING = ("--column", "Statut", "--value", "À envoyer")


class Going(Desk):
    """Its clock goes on by itself: turns at a counted system are booked by it, and would pile up."""

    _ahead = timedelta()

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    @now.setter
    def now(self, moment: datetime) -> None:
        self._ahead = moment - datetime.now(UTC)


class Place:
    def __init__(self, folder: Path, sandbox: Sandbox, database_url: str) -> None:
        self.sandbox, self.kit = sandbox, AirtableKit(sandbox)
        self.record(**{"Dernière modification": "0"})  # the columns are there before they are watched
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        environ = {"PARAPHE_PUBLIC_URL": self.url, "PARAPHE_SANDBOX_URL": sandbox.url}
        self.desk = Going(folder, DATABASE_URL=database_url, **environ)
        port = self._listening.getsockname()[1]
        fd = self._listening.fileno()
        self._server = make_server("127.0.0.1", port, self.desk.flask, threaded=True, fd=fd)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        """The hub is away; the database and the workers are not."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()

    def close(self) -> None:
        self.stop()
        self.desk.close()

    def command(self, *words: str) -> str:
        done = self.desk.flask.test_cli_runner().invoke(args=["triggers", *words])
        assert done.exit_code == 0, done.output
        return done.output

    def watch(self, *words: str) -> str:
        """Its id, once it has been looked at for the first time."""
        (found,) = re.findall(r"^wt_[0-9a-f]{32}$", self.command("add", *words, *ASKING), re.MULTILINE)
        self.desk.work(StepKind.TRIGGER)
        return str(found)

    def kept(self, watch_id: str) -> Watch:
        with self.desk.runtime.database.reading() as session:
            return watches.find(session, watch_id)

    def record(self, status: str = "Brouillon", **more: Any) -> AirtableRef:
        return self.kit.holding({**FIELDS, "Statut": status, **more}, table=TABLE_NAME)

    def says(self, ref: AirtableRef, status: str = "À envoyer") -> None:
        """A person changes the status, and every ping that comes of it has been answered."""
        self.kit.edited(ref, "Statut", status)
        self.told()

    def told(self) -> None:

        def answered() -> bool:
            return all(ping["status"] == "delivered" for hook in self.hooks() for ping in hook["pings"])

        wait_for(answered, 30, "every ping answered")

    def hooks(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.kit.control.get("webhooks")
        return found

    def hook(self, order: str, **details: Any) -> Any:
        """``order``: age or repeat, of the one webhook there is."""
        (only,) = self.hooks()
        return self.kit.control.post(f"webhooks/{BASE_ID}/{only['id']}/{order}", details)

    def looks(self) -> list[str]:
        return self.desk.due(StepKind.TRIGGER)

    def all_looks(self) -> int:
        with self.desk.runtime.database.reading() as session:
            return session.query(Step).filter(Step.kind == StepKind.TRIGGER.value).count()

    def later(self, seconds: float) -> None:
        """The clock's next round, and what comes of it."""
        self.desk.later(seconds)
        tick(self.desk.runtime)
        self.desk.work()

    def conventions(self) -> list[Convention]:
        with self.desk.runtime.database.reading() as session:
            return conventions.page(session, None, None, None, None, 100)

    def states(self) -> list[str]:
        return sorted(row.state for row in self.conventions())
