"""The signature advised: the first rule that fits, its reason, what is below it (domain reference 6.3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.level_advice import advise, at_stake, lowered
from domain.signature import Authentication, Level
from domain.thresholds import Thresholds
from tests.unit.samples import NAMES, record

PLAIN: dict[str, Any] = {"Phases": None, "Échéances": None}


@pytest.mark.parametrize(
    ("changes", "rule", "level", "suggestion"),
    [
        ({}, 8, Level.SIMPLE, None),
        ({"Montant HT": "16666,67"}, 8, Level.SIMPLE, None),  # 20 000,00 € TTC
        ({"Montant HT": "16666,68"}, 6, Level.SIMPLE, Level.ADVANCED),
        ({"Montant HT": "41666,67"}, 6, Level.SIMPLE, Level.ADVANCED),  # 50 000,00 € TTC
        ({"Montant HT": "41666,68"}, 4, Level.ADVANCED, None),
        ({"Exigence de signature": "oui"}, 5, Level.ADVANCED, None),
        ({"Contentieux probable": "oui"}, 3, Level.ADVANCED, None),
        ({"Sensible": "oui", "Montant HT": "90000", "Exigence de signature": "oui"}, 3, Level.ADVANCED, None),
    ],
)
def test_the_first_rule_that_fits_advises(
    changes: dict[str, Any], rule: int, level: Level, suggestion: Level | None
) -> None:
    advice = advise(record(**(PLAIN | changes)))
    assert (advice.rule, advice.level, advice.suggestion) == (rule, level, suggestion)
    assert advice.authentication is Authentication.SMS_CODE
    assert advice.reason.endswith(".")


def test_the_thresholds_are_the_firm_s() -> None:
    strict = Thresholds(simple_up_to=Decimal(1000), advanced_above=Decimal(2000))
    assert advise(record(), strict).rule == 4
    assert "2\u202f000\u00a0€" in advise(record(), strict).reason
    always = advise(record(), Thresholds(qualified=True))
    assert (always.rule, always.level) == (1, Level.QUALIFIED)
    assert always.authentication is Authentication.IDENTITY


def test_the_amount_is_the_larger_of_the_work_and_of_the_result_expected() -> None:
    assert at_stake(record("resultat-karim-haddad")) == Decimal("7200.00")
    big = record("resultat-karim-haddad", **{"Montant en jeu": "900 000,00", "Plafond de résultat HT": None})
    assert at_stake(big) == Decimal("108000.00")
    assert advise(big).rule == 4
    assert at_stake(record("contentieux-amelie-roussel")) == Decimal("5550.00")


def test_an_amount_that_nobody_estimated_is_not_taken_for_a_small_one() -> None:
    unknown = {
        "Heures estimées min": None,
        "Heures estimées max": None,
        "Seuil d'alerte HT": None,
        "Exigence de signature": None,
    }
    made = record("conseil-atelier-numerique", **unknown)
    assert at_stake(made) is None
    assert (advise(made).rule, advise(made).suggestion) == (6, Level.ADVANCED)


def test_going_down_is_told_and_going_up_is_free() -> None:
    advice = advise(record(**{"Sensible": "oui"}))
    assert lowered(Level.SIMPLE, advice)
    assert not lowered(Level.ADVANCED, advice)
    assert not lowered(Level.QUALIFIED, advice)


@pytest.mark.parametrize("name", NAMES)
def test_every_sample_gets_advice(name: str) -> None:
    assert advise(record(name)).rule in {3, 4, 5, 6, 8}
