"""Turns: a limit on calls that every process keeps together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from store.database import Database
from store.turns import Turns
from tests.store.conftest import NOW


def test_turns_are_apart_and_a_rest_is_not_saved_up(database: Database) -> None:
    turns = Turns(database)
    assert [turns.book("base", 0.2, NOW, 5) for _ in range(3)] == pytest.approx([0, 0.2, 0.4])
    later = NOW + timedelta(seconds=60)
    assert [turns.book("base", 0.2, later, 5) for _ in range(2)] == pytest.approx([0, 0.2])


def test_each_scope_has_turns_of_its_own(database: Database) -> None:
    turns = Turns(database)
    assert turns.book("one base", 0.2, NOW, 5) == turns.book("another", 0.2, NOW, 5) == 0


def test_workers_that_book_at_once_never_share_a_turn(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: Turns(database).book("base", 0.5, NOW, 60), range(16)))
    assert sorted(waits) == pytest.approx([number * 0.5 for number in range(16)])


def test_who_would_wait_too_long_books_nothing_and_holds_back_nobody(database: Database) -> None:
    turns = Turns(database)
    assert [turns.book("base", 2, NOW, 5) for _ in range(6)] == pytest.approx([0, 2, 4, 6, 6, 6])
