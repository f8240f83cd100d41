"""Fees as firms write them: hourly, for the result; courts, legal aid, insurance; and what contradicts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.normalise import rates
from domain.record_fees import Assiette, Releve
from domain.record_matter import Degre, Famille, StatutAj
from tests.unit.refusals import refusal
from tests.unit.samples import faults, fields, record

HOURLY = "contentieux-amelie-roussel"
RESULT = "resultat-karim-haddad"
SCALE = "resultat-epoux-moreau"
AIDED = "contentieux-nadia-benali-aj"
ADVICE = "conseil-thomas-girard"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Associé : 250 €\nCollaborateur : 180 €", [("Associé", "250.00"), ("Collaborateur", "180.00")]),
        ("- Associée ; 1 250,50 € HT / heure", [("Associée", "1250.50")]),
        ("220 € HT/h", [("Avocat", "220.00")]),
        (220, [("Avocat", "220.00")]),
        ([{"intervenant": "Juriste", "ht": "90.00"}], [("Juriste", "90.00")]),
    ],
)
def test_hourly_rates_stand_one_per_line(written: Any, expected: list[tuple[str, str]]) -> None:
    found = rates.hourly_rates(written)
    assert [(one["intervenant"], str(one["ht"])) for one in found] == expected


@pytest.mark.parametrize(
    ("written", "ends", "percents"),
    [
        ("Jusqu'à 50 000 € : 12 %\nAu-delà : 8 %", ["50000.00", None], ["12.00", "8.00"]),
        ("jusqu’à 50 000 : 12\nde 50 001 € à 100 000 € : 8\nau-delà de 100 000 € : 5",
         ["50000.00", "100000.00", None], ["12.00", "8.00", "5.00"]),
        ("de 0 à 10 000 € : 0 %\nplus de 10 000 € : 10 %", ["10000.00", None], ["0.00", "10.00"]),
        ([{"jusqua": 10000, "taux": 10}, {"jusqua": None, "taux": 0.05}], ["10000.00", None],
         ["10.00", "5.00"]),
    ],
)  # fmt: skip
def test_a_scale_is_read_bracket_by_bracket(
    written: Any, ends: list[str | None], percents: list[str]
) -> None:
    found = rates.scale(written)
    assert [one["jusqua"] and str(one["jusqua"]) for one in found] == ends
    assert [str(one["taux"]) for one in found] == percents


@pytest.mark.parametrize(
    ("parse", "written", "code"),
    [
        (rates.percent, "0,5", "percent"),
        (rates.percent, "0,5 %", "percent"),
        (rates.percent, "101 %", "percent"),
        (rates.percent, "dix", "percent"),
        (rates.percent, -3, "percent"),
        (rates.positive_percent, "0 %", "zero"),
        (rates.hours, "12h30", "hours"),
        (rates.hours, "0", "hours"),
        (rates.hours, 10**9, "too_many_hours"),
        (rates.hours, 43_200, "too_many_hours"),  # twelve hours in a column of durations
        (rates.hours, "2000,01", "too_many_hours"),
        (rates.unit, "61", "time_unit"),
        (rates.unit, 0.5, "time_unit"),
        (rates.one_rate, "A : 250\nB : 180", "several_values"),
        (rates.hourly_rates, "Associé", "amount_missing"),
        (rates.scale, "Jusqu'à 10 000 € : 10 %\nde 20 000 € à 30 000 € : 5 %", "scale_gap"),
        (rates.scale, "Premier palier : 10 %", "scale"),
    ],
)
def test_what_has_no_single_reading_is_refused(parse: Any, written: Any, code: str) -> None:
    assert refusal(parse, written) == code


def test_an_hourly_fee_is_read_whole() -> None:
    fee = record(HOURLY).honoraires
    assert fee.forfait is None
    assert fee.horaire is not None
    assert (fee.type, fee.horaire.unite_min, fee.horaire.releve) == ("horaire", 6, Releve.MENSUEL)
    assert (fee.horaire.heures_min, fee.horaire.heures_max) == (Decimal("12.00"), Decimal("18.50"))


def test_the_hourly_rate_column_is_the_rate_outside_a_flat_fee() -> None:
    made = record(**{"Taux hors forfait HT": None, "Taux horaire": "180 € HT"})
    assert made == record()
    both = fields(**{"Taux horaire": "200"})
    assert faults(both) == {"honoraires.horaire.taux": "fee_type"}
    several = fields(**{"Taux hors forfait HT": None, "Taux horaire": "A : 180\nB : 90"})
    assert faults(several) == {"honoraires.horaire.taux": "several_values"}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"Type d'honoraires": "au résultat", "Montant HT": None, "Phases": None, "Échéances": None,
          "Taux hors forfait HT": None}, {"honoraires.type": "quota_litis"}),
        ({"Montant HT": "0", "Phases": None, "Échéances": None}, {"honoraires.forfait.ht": "quota_litis"}),
        ({"Type d'honoraires": None}, {"honoraires.type": "missing"}),
        ({"Type d'honoraires": "forfait"}, {
            "honoraires.resultat.taux": "fee_type",
            "honoraires.resultat.assiette": "fee_type",
            "honoraires.resultat.inclut_interets": "fee_type",
            "honoraires.resultat.plafond_ht": "fee_type",
        }),
        ({"Type d'honoraires": "à la tête du client"}, {"honoraires.type": "unknown_choice"}),
        ({"Taux de résultat": None}, {"honoraires.resultat.taux": "missing"}),
        ({"Taux de résultat": "25 %"}, {"honoraires.resultat.taux": "result_rate_high"}),
        ({"Barème": "Au-delà : 8 %"}, {"honoraires.resultat.taux": "rate_and_scale"}),
        ({"Assiette": None}, {"honoraires.resultat.assiette": "missing"}),
        ({"Assiette": "autre"}, {"honoraires.resultat.assiette_texte": "missing"}),
        ({"Assiette": "autre", "Précision sur l'assiette": "le prix de vente"}, {}),
        ({"Type d'honoraires": "résultat"}, {}),
        ({"AJ": "partielle", "N° AJ": "1", "Date AJ": "1/9/2026", "BAJ": "Bureau", "Taux AJ": 0.25,
          "Part de l'État": "100"}, {"honoraires.type": "legal_aid_result"}),
    ],
    ids=lambda value: ", ".join(f"{one}={value[one]}" for one in value),
)  # fmt: skip
def test_a_fee_for_the_result_must_hold_together(changes: dict[str, Any], told: dict[str, str]) -> None:
    assert faults(fields(RESULT, **changes)) == told


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Jusqu'à 20 000 € : 10 %", "scale_open"),
        ("Jusqu'à 20 000 € : 10 %\nJusqu'à 10 000 € : 8 %\nAu-delà : 5 %", "scale_order"),
        ("Au-delà : 5 %\nAu-delà : 4 %", "scale_order"),
        ("Jusqu'à 20 000 € : 0 %\nAu-delà : 0 %", "scale_zero"),
    ],
)
def test_a_scale_grows_and_leaves_nothing_out(written: str, code: str) -> None:
    given = fields(SCALE, **{"Barème de résultat": written})
    assert faults(given) == {"honoraires.resultat.tranches": code}


def test_each_bracket_stays_under_the_cap_of_the_firm() -> None:
    given = fields(SCALE, **{"Barème de résultat": "Jusqu'à 20 000 € : 10 %\nAu-delà : 30 %"})
    assert faults(given) == {"honoraires.resultat.tranches.1": "result_rate_high"}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"Heures estimées min": None}, {"honoraires.horaire.heures_min": "missing"}),
        ({"Seuil d'alerte HT": None}, {"honoraires.horaire.seuil_alerte_ht": "missing"}),
        ({"Relevé de temps": None}, {"honoraires.horaire.releve": "missing"}),
        ({"Heures estimées min": "20"}, {"honoraires.horaire.heures_max": "hours_order"}),
        ({"Taux horaire": None}, {"honoraires.horaire.taux": "missing"}),
        ({"Montant HT": "1000"}, {"honoraires.forfait.ht": "fee_type"}),
        ({"Montant HT": 0}, {}),
        ({"Échéances": "Acompte : 5 550,00"}, {}),
        ({"Échéances": "Acompte : 5 550,01"}, {"paiement.echeances": "payments_over_budget"}),
        ({"Juridiction": None}, {"contentieux.juridiction": "missing"}),
        ({"Degré": None}, {"contentieux.degre": "missing"}),
        ({"Contentieux ou conseil": "conseil"},
         {"matter.family": "court_for_advice", "mission.livrables": "missing"}),
        ({"Assureur PJ": None}, {"pj.assureur": "missing"}),
        ({"AJ": "totale"}, {"aj.statut": "legal_aid_full"}),
        ({"AJ": None, "N° AJ": "2026/1"}, {"aj.statut": "missing"}),
    ],
    ids=lambda value: ", ".join(f"{one}={value[one]}" for one in value),
)  # fmt: skip
def test_a_consumer_s_hourly_litigation_must_hold_together(
    changes: dict[str, Any], told: dict[str, str]
) -> None:
    assert faults(fields(HOURLY, **changes)) == told


def test_a_company_may_be_told_less_of_its_hours_but_not_half() -> None:
    less = {"Heures estimées min": None, "Heures estimées max": None, "Seuil d'alerte HT": None}
    assert faults(fields("conseil-atelier-numerique", **less)) == {}
    half = {"Heures estimées min": None}
    assert faults(fields("conseil-atelier-numerique", **half)) == {"honoraires.horaire.heures_min": "missing"}


@pytest.mark.parametrize(
    "column",
    [("N° AJ", "numero"), ("Date AJ", "date"), ("BAJ", "bureau"), ("Taux AJ", "taux"),
     ("Part de l'État", "part_etat")],
)  # fmt: skip
def test_partial_legal_aid_is_told_with_its_decision(column: tuple[str, str]) -> None:
    written, name = column
    assert faults(fields(AIDED, **{written: None})) == {f"aj.{name}": "missing"}


def test_partial_legal_aid_is_of_a_person_at_a_rate_of_the_law() -> None:
    assert faults(fields(AIDED, **{"Taux AJ": "40 %"})) == {"aj.taux": "aid_rate"}
    company = {"Type de client": "société", "Dénomination": "X", "Forme juridique": "SARL",
               "SIREN": "732829320", "Qualité": "société", "Qualité du représentant": "Gérante"}  # fmt: skip
    assert faults(fields(AIDED, **company)) == {"aj.statut": "legal_aid_company"}


def test_advice_has_a_deliverable() -> None:
    for nothing in (None, "aucun", "-"):
        assert "mission.livrables" in faults(fields(ADVICE, Livrables=nothing))
    made = record(ADVICE, Livrables="Note écrite ; 15/01/2027\nTableau").mission.livrables
    assert [(one.libelle, one.delai) for one in made] == [
        ("Note écrite", "15 janvier 2027"),
        ("Tableau", None),
    ]


def test_a_court_that_is_named_makes_a_contentieux() -> None:
    made = record(HOURLY, **{"Contentieux ou conseil": None})
    assert made.matter.family is Famille.CONTENTIEUX
    assert made.contentieux is not None
    assert made.contentieux.degre is Degre.PREMIERE_INSTANCE


def test_an_insurer_who_is_named_pays_unless_the_record_says_no() -> None:
    named = record(HOURLY, **{"Protection juridique": None}).pj
    assert named is not None
    assert (named.active, named.interroge) == (True, True)
    refused = record(HOURLY, **{"Protection juridique": "non"}).pj
    assert refused is not None
    assert refused.active is False
    assert record().pj is None


def test_other_words_of_the_new_fields() -> None:
    made = record(
        RESULT, **{"Assiette": "Dégrèvement", "AJ": "demandée", "Type d'honoraires": "Forfait + résultat"}
    )
    assert made.honoraires.resultat is not None
    assert made.honoraires.resultat.assiette is Assiette.DEGREVEMENT
    assert made.aj.statut is StatutAj.DEMANDEE
