"""Amounts and rates: every usual spelling is understood, what has two readings is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.normalise import amount
from tests.unit.refusals import refusal


@pytest.mark.parametrize(
    ("written", "euros"),
    [
        (1500, "1500.00"), (1500.0, "1500.00"), (1500.005, "1500.01"), (Decimal("1500.125"), "1500.13"),
        ("1500", "1500.00"), ("1500,5", "1500.50"), ("1500.00", "1500.00"), ("1 500,00 €", "1500.00"),
        ("1\u202f500,00\u00a0€", "1500.00"), ("1\u00a0500", "1500.00"), ("1.500,00", "1500.00"),
        ("1,500.00", "1500.00"), ("1'500.00", "1500.00"), ("1.500.000", "1500000.00"), ("€1500", "1500.00"),
        ("1 500 euros HT", "1500.00"), ("1500 EUR", "1500.00"), ("0", "0.00"), (-0.0, "0.00"),
    ],
)  # fmt: skip
def test_french_and_english_amounts_are_the_same_money(written: Any, euros: str) -> None:
    found = amount.euros_ht(written)
    assert str(found) == euros


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1.500", "amount_ambiguous"), ("1,500", "amount_ambiguous"), ("1 50", "amount"), ("1.5k€", "amount"),
        ("-5", "negative"), (-5, "negative"), ("1500 TTC", "amount_tax"), ("1500.005", "amount"),
        ("1 500 $", "amount"), (True, "amount"), (float("nan"), "amount"), (float("inf"), "amount"),
        (10**400, "amount"), ("9" * 190, "amount"),
        ("9" * 500, "too_long"), ("1e5", "amount"), ("١٥٠٠", "right_to_left"),
        ("", "too_short"),
        ("1,50,00", "amount"), ("1.500.00", "amount"), ("12.345.67", "amount"),
    ],
)  # fmt: skip
def test_an_amount_with_two_readings_or_none_is_refused(written: Any, code: str) -> None:
    assert refusal(amount.euros_ht, written) == code


def test_nothing_is_not_a_fee() -> None:
    assert refusal(amount.positive_ht, "0,00") == "zero"


@pytest.mark.parametrize(
    ("written", "rate"),
    [
        (20, "20.00"), ("20", "20.00"), ("20 %", "20.00"), ("20,0 %", "20.00"), ("20.00", "20.00"),
        (0.2, "20.00"), ("0,2", "20.00"), (8.5, "8.50"), ("8,5 %", "8.50"), (0.085, "8.50"), (0, "0.00"),
        ("20\u202f%", "20.00"), ("20%", "20.00"),
    ],
)  # fmt: skip
def test_a_vat_rate_is_read_from_percent_cells_too(written: Any, rate: str) -> None:
    assert str(amount.vat_rate(written)) == rate


@pytest.mark.parametrize("written", ["19,6", 5.5, "0,2 %", 200, -20, "vingt", True, float("nan")])
def test_a_vat_rate_out_of_the_list_is_refused(written: Any) -> None:
    assert refusal(amount.vat_rate, written) in {"vat_rate", "not_text"}
