"""The firm's settings: checked, documented, and never an example in a real agreement unnoticed."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from domain.cabinet import EXAMPLE, IDENTITY, Cabinet

REAL: dict[str, Any] = {
    "denomination": "Martin & Associés",
    "siren": "732 829 320",
    "tva_intracom": "FR44732829320",
    "adresse": "5 rue X, Lyon",
    "telephone": "04 72 00 00 00",
    "email": "a@martin.fr",
    "site": "https://martin.fr",
    "batonnier_adresse": "Lyon",
    "rcp_assureur": "Mutuelle",
    "rcp_police": "12",
    "mediateur_nom": "Médiateur",
    "mediateur_adresse": "Paris",
    "mediateur_url": "https://mediateur.fr",
    "rgpd_contact": "rgpd@martin.fr",
    "reclamation_contact": "Me Martin",
}


def test_every_setting_is_described_in_french_for_the_env_file() -> None:
    assert all(field.description for field in Cabinet.model_fields.values())


def test_with_nothing_set_the_example_firm_stands_and_says_so() -> None:
    assert Cabinet() == EXAMPLE
    assert EXAMPLE.is_example
    assert "bac à sable" in EXAMPLE.denomination


def test_a_firm_that_forgot_one_setting_is_still_an_example() -> None:
    assert not Cabinet(**REAL).is_example
    forgotten = {name: value for name, value in REAL.items() if name != "mediateur_url"}
    assert Cabinet(**forgotten).example_fields() == ("mediateur_url",)
    assert set(IDENTITY) == set(REAL)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"siren": "732829321"}, "SIREN"),
        ({"tva_intracom": "FR00732829320"}, "TVA"),
        ({"denomination": "{{ x }}"}, "accolades"),
        ({"denomination": "a\u202eb"}, "invisible"),
        ({"inconnu": "x"}, "inconnu"),
        ({"tva_regime": "autre"}, "tva_regime"),
        ({"retractation_url": "http://cabinet.example/r"}, "https"),
        ({"retractation_url": "https://cabinet.example@autre.example/"}, "https"),
        ({"retractation_url": "https://"}, "https"),
        ({"retractation_url": "https://[cabinet"}, "https"),
    ],
)
def test_a_wrong_setting_is_refused(change: dict[str, str], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Cabinet(**(REAL | change))


def test_the_insurance_is_one_sentence() -> None:
    assert Cabinet(**REAL, rcp_couverture="").rcp == "Mutuelle, police n°\u00a012"
