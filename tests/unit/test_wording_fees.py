"""The fee, the court and the aids, as an agreement prints them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import pricing
from domain.cabinet import EXAMPLE
from domain.french import minutes, number
from domain.record_types import ModeConclusion
from domain.wording import context
from tests.unit.samples import NAMES, TODAY, record

RESULT, SCALE = "resultat-karim-haddad", "resultat-brasserie-du-port"


def printed(name: str, /, **changes: Any) -> dict[str, Any]:
    return context(record(name, **changes), EXAMPLE, TODAY, "Yousign", "c-1", 1, None, "https://x.example/r")


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_an_hourly_fee_prints_its_rates_and_its_budget_with_tax() -> None:
    fee = printed("contentieux-amelie-roussel")["honoraires"]
    assert [plain(one["ttc"]) for one in fee["taux"]] == ["300,00 €", "216,00 €"]
    assert (fee["a_l_heure"], fee["au_forfait"], fee["avec_resultat"]) == (True, False, False)
    assert (fee["heures_min"], fee["heures_max"], fee["unite"]) == ("12", "18,5", "six minutes")
    assert (plain(fee["budget_min_ttc"]), plain(fee["budget_max_ttc"])) == ("2 592,00 €", "5 550,00 €")
    assert plain(fee["seuil_alerte"]) == "3 600,00 € TTC, soit 3 000,00 € HT"


@pytest.mark.parametrize(
    ("name", "changes", "sentence"),
    [
        (RESULT, {}, "Si le Client perçoit 60 000,00 €, l’honoraire de résultat est de 7 200,00 € TTC, soit "
         "6 000,00 € HT, en plus de l’honoraire de diligences."),
        (RESULT, {"Montant en jeu": None}, "Si le Client perçoit 30 000,00 €, l’honoraire de résultat est de "
         "3 600,00 € TTC, soit 3 000,00 € HT, en plus de l’honoraire de diligences."),
        (RESULT, {"Montant en jeu": "100 000,00"}, "Si le Client perçoit 100 000,00 €, l’honoraire de "
         "résultat est par l’effet du plafond de 10 800,00 € TTC, soit 9 000,00 € HT, en plus de l’honoraire "
         "de diligences."),
        (RESULT, {"Imputation": "oui"}, "Si le Client perçoit 60 000,00 €, l’honoraire de résultat est de "
         "7 200,00 € TTC, soit 6 000,00 € HT ; après déduction de l’honoraire de diligences de 2 160,00 € "
         "TTC, soit 1 800,00 € HT, il reste dû 5 040,00 € TTC, soit 4 200,00 € HT."),
        (RESULT, {"Régime de TVA": "franchise", "Taux TVA": None, "Échéances": None}, "Si le Client perçoit "
         "60 000,00 €, l’honoraire de résultat est de 6 000,00 €, en plus de l’honoraire de diligences."),
        # 50 000 x 12 % + 100 000 x 8 % + 30 000 x 5 %
        (SCALE, {}, "Si le Client obtient un dégrèvement de 180 000,00 €, l’honoraire de résultat est de "
         "18 600,00 € TTC, soit 15 500,00 € HT, en plus de l’honoraire de diligences."),
    ],
)  # fmt: skip
def test_the_example_of_the_fee_for_the_result_is_worked_out(
    name: str, changes: dict[str, Any], sentence: str
) -> None:
    assert plain(printed(name, **changes)["resultat"]["exemple"]) == sentence


def test_the_scale_and_what_the_result_holds_are_said() -> None:
    found = printed(SCALE)["resultat"]
    assert [plain(one["tranche"]) for one in found["bareme"]] == [
        "jusqu’à 50 000,00 €",
        "de 50 000,00 € à 150 000,00 €",
        "au-delà de 150 000,00 €",
    ]
    assert plain(found["bareme"][2]["taux"]) == "6 % TTC, soit 5 % HT"
    assert (found["inclusions"], "les dépens" in found["exclusions"]) == ("les intérêts", True)
    assert printed("claire-durand")["resultat"] is None


def test_partial_aid_prints_its_decision_and_the_complement() -> None:
    aid = printed("contentieux-nadia-benali-aj")["aj"]
    assert (aid["partielle"], aid["information"], aid["date"]) == (True, True, "12 octobre 2026")
    assert (plain(aid["taux"]), plain(aid["part_etat"])) == ("55 %", "634,04 €")
    assert plain(aid["complement"]) == "840,00 € TTC"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "700,00 € (TVA non applicable)"),
        (
            {
                "Type d'honoraires": "horaire", "Montant HT": None, "Phases": None, "Taux horaire": "150 €",
                "Heures estimées min": "3", "Heures estimées max": "4", "Seuil d'alerte HT": "500",
                "Relevé de temps": "mensuel",
            },
            "600,00 € (TVA non applicable) au plus, au temps passé",
        ),
    ],
)  # fmt: skip
def test_the_complement_without_vat_is_not_said_to_hold_any(changes: dict[str, Any], said: str) -> None:
    exempt = {"Régime de TVA": "franchise", "Taux TVA": None, "Échéances": None}
    found = printed("contentieux-nadia-benali-aj", **exempt, **changes)
    assert plain(found["aj"]["complement"]) == said


@pytest.mark.parametrize("name", NAMES)
def test_our_own_words_have_curly_apostrophes_and_spaces_that_hold(name: str) -> None:
    """What the record or the firm wrote is printed as they wrote it."""
    found = printed(name)
    own = [found["honoraires"]["forfait_ttc_lettres"], found["aj"]["complement"], found["cabinet"]["rcp"]]
    own += [one["libelle"] for one in found["droits"]]
    if terms := found["resultat"]:
        own += [terms[key] for key in ("assiette", "inclusions", "exclusions", "exemple", "plafond", "taux")]
        own += [row[key] for row in terms["bareme"] for key in ("tranche", "taux")]
    for text in own:
        assert "'" not in text
        assert not re.search(r" [;:?!€%]|\b[LRD]\. \d", text), text


def test_one_consumer_among_the_clients_makes_a_consumer_s_agreement() -> None:
    mixed = printed("epoux-payet", **{"Qualité": "professionnel"})
    assert (mixed["client"]["consommateur"], mixed["client"]["professionnel"]) == (True, False)
    assert mixed["plusieurs_clients"] is True
    company = printed("librairie-des-lilas")
    assert (company["client"]["consommateur"], company["client"]["professionnel"]) == (False, True)


def test_the_page_to_withdraw_is_printed_where_the_law_wants_it() -> None:
    online = "https://x.example/r"
    assert printed("conseil-thomas-girard")["conclusion"]["fonction_ligne_url"] == online
    for changes in ({"Interface en ligne": "non"}, {"Mode de conclusion": "cabinet"}):
        assert printed("conseil-thomas-girard", **changes)["conclusion"]["fonction_ligne_url"] == ""
    before = context(record("conseil-thomas-girard"), EXAMPLE, date(2026, 6, 18), "Y", "c", 1, None, online)
    assert before["conclusion"]["fonction_ligne_url"] == ""
    assert record("conseil-thomas-girard").conclusion.mode is ModeConclusion.DISTANCE


@pytest.mark.parametrize("name", NAMES)
def test_nothing_prints_the_name_of_a_value_that_only_programs_read(name: str) -> None:
    found = printed(name)
    told = [*found["honoraires"].values(), *(found["contentieux"] or {}).values(), *found["aj"].values()]
    texts = [one for one in told if isinstance(one, str) and one != found["honoraires"]["type"]]
    assert not any("_" in one or "None" in one for one in texts)


@pytest.mark.parametrize(
    ("count", "expected"),
    [(1, "une minute"), (6, "six minutes"), (21, "vingt et une minutes"), (60, "soixante minutes")],
)
def test_minutes_in_words(count: int, expected: str) -> None:
    assert minutes(count) == expected


def test_plain_numbers() -> None:
    assert [number(Decimal(one)) for one in ("12", "12.50", "1200", "10", "0.05")] == [
        "12",
        "12,5",
        "1\u202f200",
        "10",
        "0,05",
    ]


@given(st.integers(1, 10**9).map(lambda number: Decimal(number) / 100))
def test_a_larger_result_never_costs_less_and_never_more_than_it_brings(result: Decimal) -> None:
    made = record(SCALE)
    small, large = pricing.success(made, result), pricing.success(made, result + 1)
    assert small is not None
    assert large is not None
    assert Decimal(0) <= small.gross.ht <= large.gross.ht <= (result + 1) * Decimal("0.12") + Decimal("0.01")
