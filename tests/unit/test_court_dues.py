"""What is due by law to come before a court, at its date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.court_dues import due
from tests.unit.samples import record

HOURLY = "contentieux-amelie-roussel"
DAY = date(2026, 12, 1)


def amounts(day: date = DAY, /, **changes: Any) -> list[Decimal]:
    return [one.amount for one in due(record(HOURLY, **changes), day)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["50.00"]),
        ({"Juridiction": "CPH Lyon"}, ["50.00"]),
        ({"Juridiction": "Tribunal judiciaire de Lyon"}, ["50.00", "13.00"]),
        ({"Juridiction": "TJ Lyon", "Nature": "Droit pénal"}, ["13.00"]),
        ({"Juridiction": "Cour d’appel de Lyon", "Degré": "appel"}, ["225.00", "13.00"]),
        ({"Juridiction": "CAA de Lyon", "Degré": "appel"}, ["13.00"]),
        ({"Juridiction": "Tribunal de commerce de Lyon"}, []),
        ({"Juridiction": "Cour de cassation", "Degré": "cassation"}, []),
    ],
)
def test_dues_follow_the_court_and_the_degree(changes: dict[str, Any], expected: list[str]) -> None:
    assert amounts(**changes) == [Decimal(one) for one in expected]


def test_dues_follow_the_date() -> None:
    appeal = {"Juridiction": "CA Lyon", "Degré": "appel"}
    assert amounts(date(2026, 12, 31), **appeal) == [Decimal("225.00"), Decimal("13.00")]
    assert amounts(date(2027, 1, 1), **appeal) == [Decimal("13.00")]
    assert amounts(date(2026, 4, 30)) == []


def test_who_has_legal_aid_owes_none() -> None:
    assert due(record("contentieux-nadia-benali-aj"), DAY) == ()


def test_without_a_court_nothing_is_due() -> None:
    assert due(record(), DAY) == ()
