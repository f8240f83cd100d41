"""A lease is kept by who lives, and by nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

import pytest

from domain.steps import StepKind
from store import steps
from store.steps import Claimed
from tests.fixtures.waiting import wait_for
from tests.workers.desk import Desk, done
from workers.runtime import Runtime

LEASE = 1.0


class Slow:
    """A step that takes as long as the test likes."""

    def __init__(self) -> None:
        self.begun, self.may_end = Event(), Event()

    def __call__(self, runtime: Runtime, claimed: Claimed) -> None:
        self.begun.set()
        assert self.may_end.wait(20)
        done(runtime, claimed)


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> Iterator[Desk]:
    made = Desk(tmp_path, DATABASE_URL=database_url, PARAPHE_LEASE_SECONDS=str(LEASE))
    yield made
    made.close()


def _begin(desk: Desk) -> tuple[str, Slow, Thread]:
    slow = Slow()
    desk.table[StepKind.FETCH] = slow
    convention_id = desk.ask()
    worker = Thread(target=desk.run, args=(desk.step(convention_id, StepKind.FETCH).id,))
    worker.start()
    assert slow.begun.wait(10)
    return convention_id, slow, worker


def _lease(desk: Desk, convention_id: str) -> datetime:
    until = desk.step(convention_id, StepKind.FETCH).lease_until
    assert until
    return until


def test_a_long_step_is_not_taken_over_while_its_worker_lives(desk: Desk) -> None:
    convention_id, slow, worker = _begin(desk)
    for _ in range(3):
        before = _lease(desk, convention_id)
        desk.later(LEASE * 0.9)
        wait_for(lambda: _lease(desk, convention_id) > before, 10, "the lease is renewed")  # noqa: B023
        assert desk.due() == []
    slow.may_end.set()
    worker.join(10)
    step = desk.step(convention_id, StepKind.FETCH)
    assert (step.state, step.attempts, step.lease_until) == ("done", 1, None)


def test_a_worker_whose_step_was_taken_over_neither_keeps_nor_ends_it(desk: Desk) -> None:
    convention_id, slow, worker = _begin(desk)
    step_id = desk.step(convention_id, StepKind.FETCH).id

    def take_over() -> Claimed | None:
        """A beat may come between the two: then the lease runs out once more."""
        desk.lease_runs_out()
        with desk.runtime.database.transaction() as tx:
            return steps.claim(tx, desk.now, step_id, 3600)

    taken = wait_for(take_over, 10, "the step is taken over")
    assert taken.interrupted
    slow.may_end.set()
    worker.join(10)
    step = desk.step(convention_id, StepKind.FETCH)
    assert (step.state, step.lease_token) == ("running", taken.token)


def test_a_step_that_hangs_is_let_go_at_last(desk: Desk) -> None:
    convention_id, slow, worker = _begin(desk)
    desk.later(desk.runtime.settings.core.step_seconds * 2)
    wait_for(lambda: desk.due() == [desk.step(convention_id, StepKind.FETCH).id], 10, "it may be taken over")
    slow.may_end.set()
    worker.join(10)
