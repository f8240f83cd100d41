"""A long step keeps its lease while its worker lives, and loses it soon after."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

from domain.steps import StepKind
from store import steps
from store.steps import Claimed
from tests.fixtures.waiting import wait_for
from tests.workers.desk import Desk
from workers.engine import run_step
from workers.runtime import Runtime


def test_a_step_longer_than_its_lease_is_not_taken_over(tmp_path: Path, database_url: str) -> None:
    desk = Desk(tmp_path, DATABASE_URL=database_url, PARAPHE_LEASE_SECONDS="2")
    convention_id = desk.ask()
    step_id = desk.due(StepKind.FETCH)[0]
    runtime = Runtime(desk.runtime.settings)
    begun, go_on = Event(), Event()

    def long(_runtime: Runtime, claimed: Claimed) -> None:
        begun.set()
        assert go_on.wait(30)
        with runtime.finishing(claimed):
            pass

    worker = Thread(target=run_step, args=(runtime, step_id, {StepKind.FETCH: long}))
    worker.start()
    assert begun.wait(10)
    first = desk.step(convention_id, StepKind.FETCH).lease_until
    assert first is not None
    wait_for(lambda: datetime.now(UTC) > first, 30, "the first lease would have run out")
    with runtime.database.transaction() as tx:
        assert steps.claim(tx, datetime.now(UTC), step_id, 1) is None
    go_on.set()
    worker.join(20)
    assert desk.step(convention_id, StepKind.FETCH).state == "done"
    runtime.close()
    desk.close()
