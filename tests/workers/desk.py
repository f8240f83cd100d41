"""The hub in this process, its steps run by hand and in order: nothing moves unless the test says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from domain.lifecycle import Move
from domain.steps import StepKind
from store import conventions, documents, steps
from store.models import Convention, Step
from store.steps import Claimed
from tests.contract.orders import pdf
from tests.pages.application import Application, sample
from workers.engine import Act, run_step
from workers.runtime import Runtime
from workers.steps import STEPS
from workers.steps.render import proceed

#: between two tries of a step, in seconds: an hour, spread by a fifth
LONGEST_WAIT = 4320


def quick_render(runtime: Runtime, claimed: Claimed) -> None:
    """In place of the office: a PDF that carries an anchor per signer."""
    with runtime.finishing(claimed) as tx:
        row, now = conventions.lock(tx, claimed.convention_id), runtime.now()
        if row.state != "received":
            return
        kept = documents.put(tx, row.id, now, "rendered", "application/pdf", pdf(len(row.signers)))
        conventions.move(tx, now, row, Move.RENDERED, "hub", sha256=kept.sha256)
        proceed(tx, now, row)


def failing(error: Exception) -> Act:
    def act(_runtime: Runtime, _claimed: Claimed) -> None:
        raise error

    return act


def done(runtime: Runtime, claimed: Claimed) -> None:
    with runtime.finishing(claimed):
        pass


class Desk(Application):
    """``table`` says what each kind of step does; a test may put its own act in."""

    def __init__(self, folder: Path, **environ: str) -> None:
        super().__init__(folder, **environ)
        self.folder = folder
        self.now = datetime.now(UTC)
        self.table: dict[StepKind, Act] = {**STEPS, StepKind.RENDER: quick_render}
        (folder / "archive").mkdir(exist_ok=True)

    def ask(self, **more: Any) -> str:
        body = {"source": {"kind": "inline", "fields": sample()}, "archive": ["folder"], **more}
        answer = self.post("", body)
        assert answer.status_code in (200, 201, 202), answer.text
        convention_id: str = answer.get_json()["id"]
        return convention_id

    def post(self, path: str, body: Any = None) -> TestResponse:
        return self.client.post(f"/v1/conventions{path}", json=body or {}, headers=self.authorised)

    def shown(self, convention_id: str) -> dict[str, Any]:
        answer = self.client.get(f"/v1/conventions/{convention_id}", headers=self.authorised)
        shown: dict[str, Any] = answer.get_json()
        return shown

    def events(self, convention_id: str) -> list[str]:
        answer = self.client.get("/v1/events?limit=500", headers=self.authorised).get_json()
        return [e["type"] for e in reversed(answer) if e["data"]["id"] == convention_id]

    def due(self, *kinds: StepKind) -> list[str]:
        with self.runtime.database.reading() as session:
            ids = steps.due(session, self.now, handed_before=self.now + timedelta(days=1))
            return [i for i in ids if not kinds or session.get_one(Step, i).kind in kinds]

    def run(self, step_id: str) -> None:
        run_step(self.runtime, step_id, self.table)

    def work(self, *kinds: StepKind) -> None:
        """Run what is due (of these kinds), and what comes of it, until nothing is."""
        for _ in range(100):
            ready = self.due(*kinds)
            if not ready:
                return
            for step_id in ready:
                self.run(step_id)
        raise AssertionError(f"steps that never end: {ready}")

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def steps(self, convention_id: str, *kinds: StepKind) -> list[Step]:
        with self.runtime.database.reading() as session:
            return steps.of_convention(session, convention_id, *kinds)

    def step(self, convention_id: str, kind: StepKind) -> Step:
        (found,) = self.steps(convention_id, kind)
        return found

    def claim(self, step_id: str) -> Claimed:
        """Taken by a worker of which nothing more is heard."""
        with self.runtime.database.transaction() as tx:
            claimed = steps.claim(tx, self.now, step_id, self.runtime.settings.core.lease_seconds)
        assert claimed
        return claimed

    def lease_runs_out(self) -> None:
        self.later(self.runtime.settings.core.lease_seconds + 1)

    def row(self, convention_id: str) -> Convention:
        with self.runtime.database.reading() as session:
            return conventions.find(session, convention_id)
