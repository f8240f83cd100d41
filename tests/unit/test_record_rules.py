"""What does not hold together is refused: parties, sums, delays."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import Invalid
from domain.normalise import normalise
from tests.unit.samples import TODAY, faults, fields, record

COMPANY = "librairie-des-lilas"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"SIREN": "732829320"}, {"client.siren": "company_field"}),
        ({"Qualité": "Société", "Type de client": "particulier"}, {"client.qualite": "person_quality"}),
        ({"Qualité": None}, {"client.qualite": "missing"}),
        ({"Avocat e-mail": "CLAIRE.durand@example.com"}, {"avocat.email": "email_shared"}),
        ({"Authentification": "sms", "Téléphone": None}, {"client.telephone": "missing"}),
        (
            {"Authentification": "sms", "Téléphone": "01 44 55 66 77"},
            {"client.telephone": "phone_not_mobile"},
        ),
        ({"Authentification": "sms", "Avocat portable": "0612345678"}, {"client.telephone": "phone_shared"}),
        ({"Taux TVA": "0", "Échéances": None}, {"tva.taux": "vat_zero"}),
        ({"Régime de TVA": "franchise"}, {"tva.taux": "vat_franchise"}),
        ({"Phases": "Étude : 600\nActe : 900"}, {"honoraires.forfait.phases": "phases_sum"}),
        ({"Échéances": "Solde : 1 800,00"}, {"paiement.echeances": "payments_sum"}),
        ({"Montant HT": "-1800"}, {"honoraires.forfait.ht": "negative"}),
        ({"Mode de conclusion": None}, {"conclusion.mode": "missing"}),
        ({"Débours": None}, {"debours": "missing"}),
        ({"Exclusions": None}, {"mission.exclusions": "missing"}),
        ({"Calendrier": None}, {"mission.calendrier": "missing"}),
        ({"N° dossier": "D<1>"}, {"dossier.numero": "file_number"}),
        ({"Objet": "Conseil"}, {"mission.objet": "too_short"}),
        ({"Provision exigible le": "01/01/2027"}, {"provision.ht": "missing"}),
    ],
    ids=lambda value: ", ".join(f"{one}={value[one]}" for one in value),
)
def test_a_person_s_record_must_hold_together(changes: dict[str, Any], told: dict[str, str]) -> None:
    assert faults(fields(**changes)) == told


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"qualite": "consommateur"}, {"client.qualite": "company_consumer"}),
        ({"siren": None}, {"client.siren": "missing"}),
        ({"siren": "732829321"}, {"client.siren": "siren_key"}),
        ({"siren": None, "rna": "W123456789"}, {}),
        ({"forme": "EI"}, {"client.forme": "sole_trader"}),
        ({"forme": "association", "qualite": None}, {"client.qualite": "missing"}),
        ({"qualite": None}, {}),
        ({"qualite": "professionnel"}, {}),
        (
            {"representant": None},
            {
                "client.representant.prenoms": "missing",
                "client.representant.nom": "missing",
                "client.representant.qualite": "missing",
            },
        ),
    ],
    ids=lambda value: ", ".join(f"{one}={value[one]}" for one in value),
)
def test_a_company_s_record_must_hold_together(changes: dict[str, Any], told: dict[str, str]) -> None:
    given = fields(COMPANY)
    given["client"] |= changes
    assert faults(given) == told


def test_the_name_columns_of_a_company_are_its_representative_s() -> None:
    changes = {
        "Qualité": None,
        "Raison sociale": "Librairie",
        "Forme juridique": "SARL",
        "SIREN": "732829320",
        "Qualité du représentant": "Gérante",
    }
    made = record(**changes).client
    assert made.type == "pm"
    assert (made.representant.prenoms, made.qualite) == ("Claire", "personne_morale")


@pytest.mark.parametrize(
    ("payments", "told"),
    [
        ("Solde ; 09/12/2026 ; 2160", {}),
        ("Solde ; 08/12/2026 ; 2160", {"paiement.echeances.0": "payment_too_early"}),
        ("Solde : 2160", {"paiement.echeances.0": "payment_too_early"}),
        (None, {}),
    ],
)
def test_off_premises_nothing_is_paid_before_seven_full_days(
    payments: str | None, told: dict[str, str]
) -> None:
    assert faults(fields(**{"Mode de conclusion": "hors établissement", "Échéances": payments})) == told


def test_off_premises_a_provision_waits_too() -> None:
    given = fields(**{"Mode de conclusion": "hors établissement", "Échéances": None, "Provision HT": "100"})
    assert faults(given) == {"provision.exigible_le": "payment_too_early"}
    assert faults(given | {"Provision exigible le": "15/12/2026"}) == {}


def test_co_clients_are_listed_or_in_columns_and_checked_like_the_client() -> None:
    one = {
        "civilite": "Mme",
        "Prénom": "Zoé",
        "nom": "Petit",
        "qualite": "particulier",
        "E-mail": "zoe@example.com",
        "adresse": {"lignes": "2 rue Y", "code_postal": "69002", "commune": "Lyon"},
    }
    made = record(**{"Co-clients": [one]})
    assert made.co_contractants[0].printed_name == "Zoé PETIT"
    wrong = one | {
        "E-mail": "claire.durand@example.com",
        "nom": None,
        "Courriel": "claire.durand@example.com",
    }
    assert faults(fields(**{"Co-clients": [one, wrong]})) == {
        "co_contractants.1.nom": "missing",
        "co_contractants.1.email": "email_shared",
    }
    assert faults(fields(**{"Co-clients": ["Zoé"]})) == {"co_contractants": "co_clients"}
    many = [one | {"E-mail": f"zoe{rank}@example.com"} for rank in range(9)]
    assert faults(fields(**{"Co-clients": many})) == {"co_contractants": "too_many"}


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({}, True),
        ({"Mode de conclusion": "mixte"}, True),
        ({"Mode de conclusion": "hors établissement", "Provision HT": None, "Échéances": None}, True),
        ({"Début immédiat": "non"}, False),
        ({"Mode de conclusion": "cabinet"}, False),
        ({"Qualité": "professionnel"}, False),
        ({"Phases": "Étude : 700\nActe : 800"}, False),
    ],
)
def test_an_early_start_wants_the_parts_of_a_flat_fee(changes: dict[str, Any], refused: bool) -> None:
    """Whoever withdraws then pays for what was done (code de la consommation, L. 221-25)."""
    early = {"Mode de conclusion": "distance", "Début immédiat": "oui", "Phases": None, "Échéances": None}
    told = faults(fields(**{**early, "Montant HT": "1500", **changes}))
    assert told == ({"honoraires.forfait.phases": "phases_for_withdrawal"} if refused else {})


def test_phases_that_cannot_be_read_are_told_once() -> None:
    early = {"Mode de conclusion": "distance", "Début immédiat": "oui", "Échéances": None}
    told = faults(fields(**early, Phases="Étude sans montant"))
    assert "phases_for_withdrawal" not in told.values()
    assert told


def test_no_client_signs_with_the_firm_s_address() -> None:
    given = fields(**{"E-mail": "Contact@firme.example"})
    assert normalise(given, None, TODAY).client.email == "Contact@firme.example"
    with pytest.raises(Invalid) as caught:
        normalise(given, None, TODAY, firm_email="contact@firme.example")
    assert [(one.path, one.code) for one in caught.value.errors] == [("client.email", "email_of_firm")]
    lawyer = fields(**{"Avocat e-mail": "contact@firme.example"})
    assert normalise(lawyer, None, TODAY, firm_email="contact@firme.example").avocat.email
