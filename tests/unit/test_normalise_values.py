"""Dates, choices, addresses, companies, lists and texts, one value at a time."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.normalise import address, choice, company, lists
from domain.normalise.text import clean, line
from tests.unit.refusals import refusal


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("03/04/2026", date(2026, 4, 3)),
        ("3/4/2026", date(2026, 4, 3)),
        ("2026-04-03", date(2026, 4, 3)),
        ("2026-12-31T23:30:00.000Z", date(2027, 1, 1)),
        (datetime(2026, 4, 3, 12), date(2026, 4, 3)),  # noqa: DTZ001 (a spreadsheet's date has no zone)
        (date(2026, 4, 3), date(2026, 4, 3)),
    ],
)
def test_dates_are_french_or_iso(written: Any, found: date) -> None:
    assert choice.day(written) == found


@pytest.mark.parametrize(
    "written", ["31/02/2026", "04-03-2026", "45000", 45000, "demain", "03/04/26", "0001-01-01"]
)
def test_other_dates_are_refused(written: Any) -> None:
    assert refusal(choice.day, written) == "date"


def test_a_calendar_that_is_a_date_is_written_in_full() -> None:
    assert choice.calendar("2026-04-01") == "1er avril 2026"
    assert choice.calendar("1er avril 2026") == "1er avril 2026"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Oui", True), (True, True), (1, True), ("x", True), ("non", False), ("FAUX", False), (0.0, False)],
)
def test_yes_and_no_are_understood(written: Any, meant: bool) -> None:
    assert choice.yes_no(written) is meant


def test_perhaps_is_neither_yes_nor_no() -> None:
    assert refusal(choice.yes_no, "peut-être") == "yes_no"


@pytest.mark.parametrize(
    ("written", "mode"),
    [
        ("Au cabinet", "cabinet"), ("à distance", "distance"), ("mixte", "mixte_cabinet_puis_distance"),
        ("Hors établissement", "hors_etablissement"), ("hors_etablissement", "hors_etablissement"),
    ],
)  # fmt: skip
def test_modes_of_conclusion_are_understood(written: str, mode: str) -> None:
    assert choice.one_of(choice.MODES, "x")(written) == mode


@pytest.mark.parametrize(
    ("written", "pays", "kept"),
    [("75011", "FR", "75011"), (1000, "FR", "01000"), (75011.0, "FR", "75011"), ("97400", "FR", "97400"),
     ("20000", "FR", "20000"), ("75 011", "FR", "75011"), ("SW1A 1AA", "GB", "SW1A 1AA"),
     ("1000", "BE", "1000")],
)  # fmt: skip
def test_post_codes_are_text(written: Any, pays: str, kept: str) -> None:
    assert address.postcode(written, pays) == kept


@pytest.mark.parametrize("written", ["7501", "00000", "99000", "750111", "Paris", 75])
def test_a_french_post_code_has_five_digits(written: Any) -> None:
    assert refusal(address.postcode, written, "FR") == "postcode"


@pytest.mark.parametrize(
    ("written", "code"), [("France", "FR"), ("BELGIQUE", "BE"), ("be", "BE"), ("La Réunion", "FR")]
)
def test_countries_are_known_by_name_or_code(written: str, code: str) -> None:
    assert address.country(written) == code


def test_an_unknown_country_is_refused() -> None:
    assert refusal(address.country, "Poldavie") == "country"


@pytest.mark.parametrize("written", ["732 829 320", "732829320", 732829320, "73282932000074", "732.829.320"])
def test_a_siren_is_nine_digits(written: Any) -> None:
    assert company.siren(written) == "732829320"


@pytest.mark.parametrize(
    ("written", "code"),
    [("732829321", "siren_key"), ("12", "siren"), ("ABCDEFGHI", "siren"), ("000000000", "siren_key")],
)
def test_a_siren_has_a_key(written: str, code: str) -> None:
    assert refusal(company.siren, written) == code


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("S.A.R.L.", "SARL"),
        ("sas", "SAS"),
        ("Eurl", "EURL"),
        ("Association", "association"),
        ("autre", "autre"),
    ],
)
def test_legal_forms_are_understood(written: str, form: str) -> None:
    assert company.legal_form(written) == form


def test_a_sole_trader_is_a_person() -> None:
    assert refusal(company.legal_form, "EI") == "sole_trader"


def test_bullets_and_lines_make_a_list() -> None:
    assert lists.items("- Un\n• Deux\n\n3) Trois\u000b2 rendez-vous") == (
        "Un",
        "Deux",
        "Trois",
        "2 rendez-vous",
    )
    assert lists.items(["Un", " ", "2 rendez-vous"]) == ("Un", "2 rendez-vous")


def test_phases_are_read_line_by_line() -> None:
    expected = (
        {"libelle": "Étude : note", "ht": Decimal("600.00")},
        {"libelle": "Acte", "ht": Decimal("900.00")},
    )
    assert lists.phases("Étude : note : 600 €\nActe : 900 € HT") == expected
    assert (
        lists.phases([{"Libellé": "Étude : note", "ht": "600"}, {"libelle": "Acte", "Montant HT": 900}])
        == expected
    )


def test_a_faulty_line_is_named() -> None:
    with pytest.raises(lists.ItemFault) as caught:
        lists.phases("Étude : 600\nActe : 1.500")
    assert (caught.value.rank, caught.value.code) == (1, "amount_ambiguous")


@pytest.mark.parametrize("written", ["aucun", "Aucun.", "Néant", "non", []])
def test_no_costs_is_an_answer(written: Any) -> None:
    assert lists.costs(written) == ()


def test_costs_without_an_amount_are_due_on_proof() -> None:
    assert lists.costs("Huissier : 120 €\nGreffe : sur justificatif\nExpert") == (
        {"libelle": "Huissier", "montant": Decimal("120.00")},
        {"libelle": "Greffe"},
        {"libelle": "Expert"},
    )


def test_payments_may_be_dated() -> None:
    assert lists.payments("Acompte ; 15/01/2027 ; 600 €\nSolde : 400 €") == (
        {"libelle": "Acompte", "ttc": Decimal("600.00"), "date": date(2027, 1, 15)},
        {"libelle": "Solde", "ttc": Decimal("400.00")},
    )


def test_means_of_payment_are_listed_once() -> None:
    assert lists.means("virement, chèque ou CB et virement") == ("virement", "cheque", "carte")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a\u000bb", "a b"), ("a\x00b\x1f", "ab"), ("  a \t b ", "a b"), ("a\u00a0: b", "a\u00a0: b"),
        ("a \u00a0 \u00a0b", "a\u00a0b"), ("e\u200b\u0301", "é"), ("\ufeffa\u00adb", "ab"),
        ("a\r\n\r\nb", "a b"),
    ],
)  # fmt: skip
def test_text_loses_what_nobody_can_see(written: str, kept: str) -> None:
    assert line(written) == kept
    assert line(kept) == kept


@pytest.mark.parametrize("written", ["{{s1|signature|180|60}}", "{% if %}", "{\u200b{x", "{#", "a }} b"])
def test_text_that_a_template_or_a_provider_would_obey_is_refused(written: str) -> None:
    assert refusal(clean, written) == "template_code"
