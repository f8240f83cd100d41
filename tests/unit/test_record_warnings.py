"""What stops nothing but deserves a second look."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.record_rules import warnings
from domain.thresholds import Thresholds
from tests.unit.samples import NAMES, TODAY, record

RESULT = "resultat-karim-haddad"
HOURLY = "contentieux-amelie-roussel"


def told(name: str, /, **changes: Any) -> set[str]:
    return {one.code for one in warnings(record(name, **changes), TODAY)}


@pytest.mark.parametrize(
    ("name", "changes", "code"),
    [
        (RESULT, {"Taux de résultat": "16 %"}, "result_rate_unusual"),
        (RESULT, {"Montant en jeu": "900 000,00", "Plafond de résultat HT": None}, "base_symbolic"),
        ("claire-durand", {"Provision HT": "1 800,00"}, "provision_high"),
        (HOURLY, {"Provision HT": "4 625,00"}, "provision_high"),
        (HOURLY, {"Seuil d'alerte HT": "4 700,00"}, "alert_over_budget"),
        (HOURLY, {"AJ": "demandée"}, "legal_aid_pending"),
        ("claire-durand", {"Début immédiat": "non"}, "wait_for_withdrawal"),
        (HOURLY, {"Mode de conclusion": "hors établissement", "Provision exigible le": "15/01/2027"},
         "no_payment_yet"),
    ],
)  # fmt: skip
def test_a_warning_comes_with_its_cause_and_goes_with_it(
    name: str, changes: dict[str, Any], code: str
) -> None:
    unchanged = {} if code != "wait_for_withdrawal" else {"Début immédiat": "oui"}
    assert code in told(name, **changes)
    assert code not in told(name, **unchanged)


def test_the_rate_that_is_told_is_the_firm_s() -> None:
    usual = record(RESULT, **{"Taux de résultat": "16 %"})
    (one,) = (one for one in warnings(usual, TODAY) if one.code == "result_rate_unusual")
    assert "15\u00a0%" in one.detail
    bold = Thresholds(result_rate_warning=Decimal(18))
    assert "result_rate_unusual" not in {one.code for one in warnings(usual, TODAY, bold)}


def test_several_persons_partial_aid_and_past_dates_are_told() -> None:
    assert "several_clients" in told("epoux-payet")
    assert "legal_aid_notice" in told("contentieux-nadia-benali-aj")
    late = warnings(record("contentieux-nadia-benali-aj"), date(2027, 4, 1))
    assert [one.path for one in late if one.code == "payment_past"] == ["paiement.echeances.1"]


@pytest.mark.parametrize("name", NAMES)
def test_a_warning_is_a_sentence_without_any_name(name: str) -> None:
    made = record(name)
    for one in warnings(made, TODAY):
        assert one.detail.endswith(".")
        assert all(client.printed_name not in one.detail for client in made.clients)
