"""What an agreement prints: the promised names, ready to print, and sums that add up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cabinet import EXAMPLE
from domain.pricing import forfait_price, line
from domain.record_fees import Forfait, Phase
from domain.signature import Level
from domain.wording import context, context_names
from tests.unit.samples import NAMES, TODAY, fields, record


def printed(name: str = "claire-durand", /, **changes: Any) -> dict[str, Any]:
    return context(record(name, **changes), EXAMPLE, TODAY, "Yousign", "c-1", 1)


def names(value: Any, prefix: str = "") -> Iterator[str]:
    """Every dotted name of a context: lists of dictionaries as ``list[].field``."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from names(inner, f"{prefix}.{key}" if prefix else key)
    else:
        yield prefix
        if isinstance(value, list):
            for item in value:
                yield from names(item, f"{prefix}[]") if isinstance(item, dict) else ()


@pytest.mark.parametrize("name", NAMES)
def test_a_context_has_no_name_that_templates_may_not_use(name: str) -> None:
    assert set(names(printed(name))) <= context_names()


def test_every_promised_name_is_given() -> None:
    given_names = {one for name in NAMES for one in names(printed(name))}
    dated = set(names(printed(**{"Échéances": "Solde ; 15/01/2027 ; 2160"})))
    guarantor = {"Garant prénom": "Hélène", "Garant nom": "Durand", "Garant e-mail": "h@example.com"}
    place = {"Garant adresse": "3 quai Voltaire, 75007 Paris", "Garant montant": "2400"}
    guaranteed = set(names(printed(**guarantor, **place)))
    assert given_names | dated | guaranteed == context_names()


def test_everything_but_lists_and_switches_is_text() -> None:
    def leaves(value: Any) -> Iterator[Any]:
        if isinstance(value, dict | list):
            for inner in value.values() if isinstance(value, dict) else value:
                yield from leaves(inner)
        else:
            yield value

    for name in NAMES:
        assert {type(leaf) for leaf in leaves(printed(name))} <= {str, bool, type(None)}


def test_a_consumer_s_agreement_prints_its_price_and_words() -> None:
    found = printed()
    assert found["client"]["nom_complet"] == "Madame Claire DURAND"
    assert found["client"]["adresse"] == "12 rue des Lilas, 75011 Paris"
    assert found["honoraires"]["forfait_ttc"] == "2\u202f160,00\u00a0€"
    assert found["honoraires"]["forfait_ttc_lettres"] == "deux mille cent soixante euros"
    assert [one["part"] for one in found["honoraires"]["phases"]] == [
        "33,33\u00a0%",
        "50\u00a0%",
        "16,67\u00a0%",
    ]
    assert found["debours"][0] == {"libelle": "Frais de greffe", "montant": "sur justificatif"}
    assert found["paiement"]["moyens"] == "virement bancaire ou carte bancaire"
    assert found["conclusion"]["date"] == "1er décembre 2026"
    assert found["conclusion"]["retractation"] is True
    assert found["conservation"]["libelle"] == "dix ans à compter de la fin de la mission"


def test_a_company_s_agreement_prints_its_representative() -> None:
    found = printed("librairie-des-lilas")
    assert found["client"]["nom_complet"] == "Librairie des Lilas & Fils"
    assert found["client"]["representant_nom_complet"] == "Monsieur Éric DE LA TOUR"
    assert found["client"]["siren"] == "732\u00a0829\u00a0320"
    assert found["signataires"][0]["qualite"] == "Gérant, pour Librairie des Lilas & Fils"
    assert found["provision"] == {"ht": "800,00\u00a0€", "ttc": "960,00\u00a0€"}
    assert found["conservation"]["libelle"] == "cinq ans à compter de la fin de la mission"


def test_each_signer_has_an_anchor_that_the_provider_reads() -> None:
    assert [one["ancre"] for one in printed("epoux-payet")["signataires"]] == [
        "{{s1|signature|180|60}}",
        "{{s2|signature|180|60}}",
        "{{s3|signature|180|60}}",
    ]


def test_the_franchise_has_no_tax() -> None:
    found = printed(**{"Taux TVA": None, "Régime de TVA": "franchise", "Échéances": None})["honoraires"]
    assert found["franchise"] is True
    assert found["forfait_ttc"] == found["forfait_ht"]


def test_the_level_printed_is_the_one_chosen_else_the_one_the_record_asks() -> None:
    made = record(**{"Niveau de signature": "avancée"})
    asked = context(made, EXAMPLE, date(2026, 1, 1), "Yousign", "c-1", 1)
    chosen = context(made, EXAMPLE, date(2026, 1, 1), "Yousign", "c-1", 1, Level.QUALIFIED)
    assert asked["signature"]["niveau_libelle"] == "signature électronique avancée"
    assert chosen["signature"]["niveau_libelle"] == "signature électronique qualifiée"


def test_a_client_without_civilite_is_named_without_one() -> None:
    assert printed(**{"Civilité": None})["client"]["nom_complet"] == "Claire DURAND"
    assert "Civilité" in fields()


hundredths = st.integers(1, 99_999_999).map(lambda number: Decimal(number) / 100)
rates = st.sampled_from([Decimal("20.00"), Decimal("8.50"), Decimal("0.00")])


@given(hundredths, rates)
def test_a_line_adds_up_to_the_cent(ht: Decimal, rate: Decimal) -> None:
    amount = line(ht, rate)
    assert amount.ht + amount.tva == amount.ttc
    assert abs(amount.tva - ht * rate / 100) <= Decimal("0.005")


@given(st.lists(hundredths, min_size=1, max_size=30), rates)
def test_phases_add_up_to_the_total_and_to_a_hundred_per_cent(amounts: list[Decimal], rate: Decimal) -> None:
    phases = tuple(Phase(libelle="x", ht=one) for one in amounts)
    price = forfait_price(Forfait(ht=sum(amounts, Decimal(0)), phases=phases), rate)
    assert price.total.ht == sum(amounts)
    assert price.total.ttc == sum(one.ttc for one in price.phases) == price.total.ht + price.total.tva
    assert sum(price.shares) == 100
    for share, amount in zip(price.shares, amounts, strict=True):
        assert abs(share - amount * 100 / price.total.ht) < Decimal("0.01")
