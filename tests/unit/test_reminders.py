"""The plan of reminders, as a pure rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reminders import due

INVITED = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
DAYS = (1, 3, 7)


@pytest.mark.parametrize(
    ("hours", "last_day", "expected"),
    [
        (0, 0, None),
        (23.9, 0, None),
        (24, 0, 1),
        (30, 1, None),
        (72, 1, 3),
        (72, 3, None),
        (24 * 7, 3, 7),
        (24 * 400, 7, None),
        (24 * 8, 0, 7),  # the clock was stopped for a week: one reminder
        (24 * 5, 0, 3),
        (-24, 0, None),
    ],
)
def test_one_reminder_on_each_day_of_the_plan(hours: float, last_day: int, expected: int | None) -> None:
    assert due(INVITED, last_day, INVITED + timedelta(hours=hours), DAYS) == expected


def test_an_empty_plan_reminds_nobody() -> None:
    assert due(INVITED, 0, INVITED + timedelta(days=100), ()) is None


@given(
    days=st.sets(st.integers(1, 60), max_size=6),
    looks=st.lists(st.floats(0, 24 * 90), min_size=1, max_size=40),
)
def test_however_the_clock_looks_no_day_is_reminded_twice(days: set[int], looks: list[float]) -> None:
    last, sent = 0, []
    for hours in sorted(looks):
        day = due(INVITED, last, INVITED + timedelta(hours=hours), sorted(days))
        if day:
            assert hours >= 24 * day
            sent.append(day)
            last = day
    assert sent == sorted(set(sent))
