"""Who chooses the level, and what is kept of the choice."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from domain.errors import Invalid
from domain.level_choice import choose
from domain.signature import Level
from domain.thresholds import DEFAULTS, Thresholds
from tests.unit.samples import record

REASON = "Client à l'étranger, sans portable."


@pytest.mark.parametrize(
    ("asked", "in_record", "default", "chosen"),
    [
        ("qualified", "simple", "auto", Level.QUALIFIED),
        ("auto", "qualifiée", "simple", Level.QUALIFIED),
        ("auto", None, "simple", Level.ADVANCED),
        (None, "qualifiée", "simple", Level.QUALIFIED),
        (None, None, "qualified", Level.QUALIFIED),
        (None, None, "auto", Level.ADVANCED),
        (None, None, "simple", Level.SIMPLE),
    ],
)
def test_the_call_then_the_record_then_the_settings(
    asked: str | None, in_record: str | None, default: str, chosen: Level
) -> None:
    made = choose(
        record(Sensible="oui", **{"Niveau de signature": in_record}), DEFAULTS, asked, None, default
    )
    assert made.chosen is chosen
    assert bool(made.faults()) is (chosen is Level.SIMPLE)


def test_what_is_kept_tells_the_advice_the_choice_and_the_reason_of_a_lower_one() -> None:
    sensitive = record(Sensible="oui", **{"Motif de dérogation": REASON})
    assert choose(sensitive, DEFAULTS, "simple", None, "auto").as_data() == {
        "level": "advanced",
        "authentication": "otp_sms",
        "rule": 3,
        "reason": "Le dossier est sensible ou médiatique : une signature avancée est conseillée.",
        "chosen": "simple",
        "lowered": True,
        "level_reason": REASON,
    }
    given = choose(sensitive, DEFAULTS, "simple", "Celui de l'appel", "auto")
    assert given.as_data()["level_reason"] == "Celui de l'appel"
    followed = choose(sensitive, DEFAULTS, "auto", None, "simple").as_data()
    assert (followed["lowered"], "level_reason" in followed) == (False, False)


def test_without_a_reason_nothing_goes_on() -> None:
    with pytest.raises(Invalid) as refused:
        choose(record(Sensible="oui"), DEFAULTS, "simple", None, "auto").require()
    assert refused.value.code == "level_reason_missing"
    choose(record(), DEFAULTS, "simple", None, "auto").require()


@pytest.mark.parametrize(
    ("lower", "higher"),
    [("simple_up_to", "advanced_above"), ("result_rate_warning", "result_rate_max")],
)
def test_thresholds_out_of_order_are_refused(lower: str, higher: str) -> None:
    for wrong in ({lower: 99, higher: 10}, {lower: 60_000 if lower == "simple_up_to" else 21}):
        with pytest.raises(ValidationError, match=f"PARAPHE_THRESHOLDS_{lower.upper()}"):
            Thresholds.model_validate(wrong)
