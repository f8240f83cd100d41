from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from domain.steps import StepKind
from store import steps
from store.database import Database
from store.steps import Claimed, LeaseLost
from tests.store.conftest import NOW

LEASE = 10.0


def _written(database: Database, convention_id: str, key: str = "k") -> str:
    with database.transaction() as tx:
        return steps.add(tx, NOW, StepKind.RENDER, convention_id, key=key).id


def _claim(database: Database, step_id: str, at: float = 0) -> Claimed | None:
    with database.transaction() as tx:
        return steps.claim(tx, NOW + timedelta(seconds=at), step_id, LEASE)


def test_a_key_makes_one_step(database: Database, convention_id: str) -> None:
    assert _written(database, convention_id) == _written(database, convention_id)


def test_a_step_is_handed_over_only_once_it_is_committed(
    database: Database, convention_id: str, handed: list[str]
) -> None:
    with pytest.raises(RuntimeError), database.transaction() as tx:
        steps.add(tx, NOW, StepKind.RENDER, convention_id, key="undone")
        raise RuntimeError
    assert handed == []
    step_id = _written(database, convention_id)
    assert handed == [step_id]


def test_a_try_that_found_no_turn_does_not_count(database: Database, convention_id: str) -> None:
    step_id = _written(database, convention_id)
    for attempt in (1, 2, 2, 2):
        claimed = _claim(database, step_id)
        assert claimed is not None
        assert claimed.attempt == attempt
        with database.transaction() as tx:
            steps.give_back(tx, claimed, NOW, {"code": "busy"}, counts=False)


def test_of_many_workers_one_gets_the_step(database: Database, convention_id: str) -> None:
    step_id = _written(database, convention_id)
    with ThreadPoolExecutor(8) as pool:
        claimed = [c for c in pool.map(lambda _: _claim(database, step_id), range(8)) if c]
    assert len(claimed) == 1
    assert claimed[0].attempt == 1


def test_a_worker_whose_lease_was_taken_over_cannot_finish(database: Database, convention_id: str) -> None:
    step_id = _written(database, convention_id)
    first = _claim(database, step_id)
    assert first is not None
    assert _claim(database, step_id, at=LEASE - 1) is None
    second = _claim(database, step_id, at=LEASE + 1)
    assert second is not None
    assert second.interrupted
    with pytest.raises(LeaseLost), database.transaction() as tx:
        steps.add(tx, NOW, StepKind.SEND, convention_id, key="effect of the first")
        steps.finish(tx, NOW, first)
    with database.transaction() as tx:
        steps.finish(tx, NOW, second)
        assert [step.key for step in steps.of_convention(tx, convention_id)] == ["k"]


def test_the_clock_finds_what_is_due_and_nobody_runs(database: Database, convention_id: str) -> None:
    waiting, later, running = (_written(database, convention_id, key) for key in ("a", "b", "c"))
    assert _claim(database, running)
    held = _claim(database, later)
    assert held
    with database.transaction() as tx:
        steps.give_back(tx, held, NOW + timedelta(hours=1), {"code": "busy"})
    with database.transaction() as tx:
        assert steps.due(tx, NOW, NOW) == [waiting]
        steps.mark_handed(tx, NOW, [waiting])
        assert steps.due(tx, NOW, handed_before=NOW) == []
        later_on = steps.due(tx, NOW + timedelta(seconds=61), handed_before=NOW + timedelta(seconds=1))
        assert sorted(later_on) == sorted([waiting, running])


def test_a_revived_step_knows_that_it_may_have_acted(database: Database, convention_id: str) -> None:
    step_id = _written(database, convention_id)
    claimed = _claim(database, step_id)
    assert claimed
    with database.transaction() as tx:
        steps.bury(tx, NOW, claimed, {"code": "refused"})
    with database.transaction() as tx:
        assert [step.id for step in steps.revive(tx, NOW, convention_id)] == [step_id]
    again = _claim(database, step_id)
    assert again
    assert again.attempt == 2


def test_signals_collapse_into_one_question_to_the_provider(database: Database, convention_id: str) -> None:
    with database.transaction() as tx:
        first = steps.ask_provider(tx, NOW, convention_id)
        assert steps.ask_provider(tx, NOW, convention_id).id == first.id
    assert _claim(database, first.id)
    with database.transaction() as tx:
        assert steps.ask_provider(tx, NOW, convention_id).id != first.id
