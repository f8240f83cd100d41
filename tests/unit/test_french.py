"""French for people: what a lawyer would write by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from domain import french


@pytest.mark.parametrize(
    ("amount", "printed"),
    [
        ("1234.56", "1\u202f234,56\u00a0€"),
        ("0.125", "0,13\u00a0€"),
        ("0", "0,00\u00a0€"),
        ("1000000", "1\u202f000\u202f000,00\u00a0€"),
    ],
)
def test_money_is_rounded_half_up_and_never_breaks(amount: str, printed: str) -> None:
    assert french.money(Decimal(amount)) == printed


@pytest.mark.parametrize(
    ("amount", "spelled"),
    [
        ("0", "zéro euro"),
        ("1", "un euro"),
        ("1.01", "un euro et un centime"),
        ("0.50", "cinquante centimes d’euro"),
        ("80", "quatre-vingts euros"),
        ("1800", "mille huit cents euros"),
        ("2160.81", "deux mille cent soixante euros et quatre-vingt-un centimes"),
        ("2000000", "deux millions d’euros"),
        ("2000001", "deux millions un euros"),
        ("1000000000", "un milliard d’euros"),
        ("1.999", "deux euros"),
    ],
)
def test_amounts_are_spelled_as_on_a_cheque(amount: str, spelled: str) -> None:
    assert french.words(Decimal(amount)) == spelled


def test_a_negative_amount_has_no_words() -> None:
    with pytest.raises(ValueError, match="never negative"):
        french.words(Decimal("-5"))


@given(st.integers(0, 99_999_999_999))
def test_the_words_say_the_digits(hundredths: int) -> None:
    euros, rest = divmod(hundredths, 100)
    spelled = french.words(Decimal(hundredths) / 100)
    assert spelled.startswith(
        num2words(euros, lang="fr") if euros or not rest else num2words(rest, lang="fr")
    )
    assert ("centime" in spelled) is bool(rest)
    assert "zéro centime" not in spelled
    if rest:
        assert f"{num2words(rest, lang='fr')} centime" in spelled


def test_the_first_of_the_month_is_an_ordinal() -> None:
    assert french.long_date(date(2026, 1, 1)) == "1er janvier 2026"
    assert french.long_date(date(2026, 12, 15)) == "15 décembre 2026"


def test_times_are_those_of_paris() -> None:
    moment = datetime(2026, 8, 1, 14, 5, tzinfo=UTC)
    assert french.date_time(moment).replace("\u00a0", " ") == "le 1er août 2026 à 16 h 05"


@pytest.mark.parametrize(
    ("rate", "printed"), [("20.00", "20"), ("8.50", "8,5"), ("0", "0"), ("33.33", "33,33")]
)
def test_percentages_lose_their_useless_zeros(rate: str, printed: str) -> None:
    assert french.percent(Decimal(rate)) == f"{printed}\u00a0%"


@pytest.mark.parametrize(
    ("items", "joined"), [((), ""), (("a",), "a"), (("a", "b"), "a et b"), (("a", "b", "c"), "a, b et c")]
)
def test_lists_are_joined_as_people_say_them(items: tuple[str, ...], joined: str) -> None:
    assert french.join(items) == joined


def test_phones_are_printed_two_by_two_in_france() -> None:
    assert french.phone("+33612345678") == "06 12 34 56 78"
    assert french.phone("+262692123456") == "+262 692 12 34 56"


def test_countries_have_french_names() -> None:
    assert french.country("BE") == "Belgique"
