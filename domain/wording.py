"""From a record to the words a template prints: every value is ready to print, in French.

``context`` gives the values, ``context_names`` the names that a template may use. Booleans and lists are for
conditions and loops; everything else is text, empty when there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from domain import french, pricing
from domain.cabinet import Cabinet
from domain.mentions.law import LAW
from domain.record import Record, is_consumer
from domain.record_parties import (
    Adresse,
    Avocat,
    Client,
    Garant,
    PersonneMorale,
    PersonnePhysique,
    Representant,
)
from domain.record_types import REMOTE, Civilite, Forme, ModeConclusion, Moyen, Qualite
from domain.signature import ANCHOR, Level
from domain.wording_fees import fee, result
from domain.wording_matter import deliverables, dues, insurance, legal_aid, litigation, matter
from domain.wording_names import CABINET_FIELDS, CLIENT_FIELDS, NAMES

CIVILITES = {
    Civilite.MONSIEUR: "Monsieur",
    Civilite.MADAME: "Madame",
    Civilite.MAITRE: "Maître",
    Civilite.AUCUNE: "",
}
QUALITES = {
    Qualite.CONSOMMATEUR: "consommateur, agissant à des fins étrangères à son activité professionnelle",
    Qualite.NON_PROFESSIONNEL: "non-professionnel, personne morale agissant sans but professionnel",
    Qualite.PROFESSIONNEL: "professionnel, agissant dans le cadre de son activité",
    Qualite.PERSONNE_MORALE: "personne morale agissant à des fins professionnelles",
}
FORMES = {
    Forme.ASSOCIATION: "association",
    Forme.FONDATION: "fondation",
    Forme.SYNDICAT_COPROPRIETE: "syndicat de copropriétaires",
    Forme.COLLECTIVITE: "collectivité territoriale",
    Forme.AUTRE: "personne morale",
}
MOYENS = {
    Moyen.VIREMENT: "virement bancaire",
    Moyen.CHEQUE: "chèque",
    Moyen.CARTE: "carte bancaire",
    Moyen.PRELEVEMENT: "prélèvement",
    Moyen.ESPECES: "espèces, dans la limite légale",
}
NIVEAUX = {
    Level.SIMPLE: "signature électronique simple",
    Level.ADVANCED: "signature électronique avancée",
    Level.QUALIFIED: "signature électronique qualifiée",
}
#: code de la consommation, D. 213-1: from this amount, ten years (L. 213-1, D. 213-2)
LONG_KEEPING_FROM = Decimal(120)


def context(  # noqa: PLR0913, PLR0917 # one argument for each thing that is printed
    record: Record,
    cabinet: Cabinet,
    today: date,
    provider_label: str,
    reference: str,
    version: int,
    level: Level | None = None,
    withdrawal_url: str = "",
    anchor: str = ANCHOR,
) -> dict[str, Any]:
    """What the template prints: nested dictionaries under the names of ``context_names``.

    ``today`` is the day of the document; ``provider_label`` names the signature provider; ``reference`` and
    ``version`` are those of the convention; ``level`` is the one chosen, by
    default the one that the record asks for; ``withdrawal_url`` is the page on which a consumer withdraws;
    ``anchor`` is how the provider wants to be shown a signature's place.
    """
    return {
        **_said_by(record),
        "signataires": _signers(record, anchor),
        "cabinet": _cabinet(cabinet),
        "droits": dues(record, today),
        "conclusion": _conclusion(record, cabinet, today, withdrawal_url),
        "signature": {
            "prestataire": provider_label,
            "niveau_libelle": NIVEAUX[level or record.signature.niveau or Level.SIMPLE],
        },
        "convention": {"reference": reference, "version": str(version)},
        "conservation": {"libelle": conservation(record)},
    }


def _said_by(record: Record) -> dict[str, Any]:
    """What the record alone decides."""
    return {
        "dossier": {"numero": record.dossier.numero, "intitule": record.dossier.intitule or ""},
        "avocat": {"nom_complet": full_name(record.avocat), "email": record.avocat.email},
        "client": {**_client(record.client), **_protection(record)},
        "co_contractants": [_client(client) for client in record.co_contractants],
        "garants": [_guarantor(one) for one in record.garants],
        "plusieurs_clients": len(record.clients) > 1,
        "matter": matter(record),
        "mission": _mission(record),
        "livrables": deliverables(record),
        "contentieux": litigation(record),
        "honoraires": fee(record),
        "resultat": result(record),
        "aj": legal_aid(record),
        "pj": insurance(record),
        "lcbft": {"applicable": record.lcbft.applicable},
        "debours": _costs(record),
        "provision": _provision(record),
        "paiement": _payment(record),
    }


def context_names() -> frozenset[str]:
    """The dotted names a template may use; the fields of a list's items are written ``list[].field``."""
    return NAMES


def full_name(person: PersonnePhysique | Representant | Garant | Avocat) -> str:
    """``Madame Claire DURAND``; without a civilité, the name alone."""
    return f"{CIVILITES[person.civilite]} {person.prenoms} {person.nom.upper()}".strip()


def address(adresse: Adresse) -> str:
    """On one line: ``12 rue de la Paix, 75002 Paris``; a foreign country follows."""
    town = f"{adresse.code_postal} {adresse.commune}"
    country = [] if adresse.pays == "FR" else [french.country(adresse.pays)]
    return ", ".join([*adresse.lignes, town, *country])


def conservation(record: Record) -> str:
    """How long the signed agreement is kept (domain reference 6.7), from the end of the mission."""
    estimate = pricing.estimate(record)
    long = estimate is None or estimate.ttc >= LONG_KEEPING_FROM
    years = "dix ans" if long and any(is_consumer(client) for client in record.clients) else "cinq ans"
    return f"{years} à compter de la fin de la mission"


def _cabinet(cabinet: Cabinet) -> dict[str, str]:
    printed = {name: str(getattr(cabinet, name)) for name in CABINET_FIELDS}
    return {**printed, "siren": _siren(cabinet.siren)}


def _client(client: Client) -> dict[str, Any]:
    common = {
        **dict.fromkeys(CLIENT_FIELDS, ""),
        "type": client.type,
        "qualite": client.qualite.value,
        "qualite_libelle": QUALITES[Qualite(client.qualite)],
        "adresse": address(client.adresse),
        "email": client.email,
        "telephone": french.phone(client.telephone) if client.telephone else "",
    }
    if isinstance(client, PersonneMorale):
        return {
            **common,
            "nom_complet": client.denomination,
            "denomination": client.denomination,
            "forme": FORMES.get(client.forme, client.forme.value),
            "siren": _siren(client.siren or ""),
            "rcs_ville": client.rcs_ville or "",
            "representant_nom_complet": full_name(client.representant),
            "representant_qualite": client.representant.qualite,
        }
    return {
        **common,
        "nom_complet": full_name(client),
        "civilite_longue": CIVILITES[client.civilite],
        "prenoms": client.prenoms,
        "nom": client.nom.upper(),
    }


def _guarantor(garant: Garant) -> dict[str, str]:
    return {
        "nom_complet": full_name(garant),
        "adresse": address(garant.adresse),
        "email": garant.email,
        "telephone": french.phone(garant.telephone) if garant.telephone else "",
        "montant": french.money(garant.montant),
        "montant_lettres": french.words(garant.montant),
    }


def _protection(record: Record) -> dict[str, bool]:
    """For the whole agreement: one consumer among the clients is enough to owe what a consumer is owed."""
    company = (Qualite.PROFESSIONNEL, Qualite.PERSONNE_MORALE)
    return {
        "consommateur": any(is_consumer(client) for client in record.clients),
        "professionnel": all(client.qualite in company for client in record.clients),
    }


def _mission(record: Record) -> dict[str, Any]:
    return {
        "objet": record.mission.objet,
        "diligences": list(record.mission.diligences),
        "exclusions": list(record.mission.exclusions),
        "calendrier": record.mission.calendrier or "",
    }


def _costs(record: Record) -> list[dict[str, str]]:
    return [
        {
            "libelle": one.libelle,
            "montant": "sur justificatif" if one.montant is None else french.money(one.montant),
        }
        for one in record.debours
    ]


def _provision(record: Record) -> dict[str, str] | None:
    if record.provision is None:
        return None
    amount = pricing.line(record.provision.ht, record.tva.taux)
    return {"ht": french.money(amount.ht), "ttc": french.money(amount.ttc)}


def _payment(record: Record) -> dict[str, Any]:
    return {
        "echeances": [
            {
                "libelle": one.libelle,
                "date": french.long_date(one.date) if one.date else "",
                "ttc": french.money(one.ttc),
            }
            for one in record.paiement.echeances
        ],
        "moyens": french.join([MOYENS[one] for one in record.paiement.moyens], "ou"),
    }


def _conclusion(record: Record, cabinet: Cabinet, today: date, withdrawal_url: str) -> dict[str, Any]:
    mode = record.conclusion.mode
    online = (
        record.right_of_withdrawal()
        and mode in REMOTE
        and record.conclusion.interface_en_ligne
        and LAW.in_force("retractation_en_ligne", today)
    )
    return {
        "mode": mode.value,
        "a_distance": mode in REMOTE,
        "hors_etablissement": mode == ModeConclusion.HORS_ETABLISSEMENT,
        "retractation": record.right_of_withdrawal(),
        "debut_immediat": record.conclusion.debut_immediat,
        "lieu": record.conclusion.lieu or cabinet.ville,
        "date": french.long_date(today),
        "fonction_ligne_url": withdrawal_url if online else "",
    }


def _signers(record: Record, anchor: str) -> list[dict[str, str]]:
    parties: Sequence[tuple[str, str]] = [
        *(_signing_party(client) for client in record.clients),
        *((full_name(one), "Garant") for one in record.garants),
        (full_name(record.avocat), "Avocat"),
    ]
    return [
        {
            "key": signer.key,
            "nom_complet": name,
            "qualite": quality,
            "ancre": anchor.format(key=signer.key, rank=rank),
        }
        for rank, (signer, (name, quality)) in enumerate(zip(record.signers(), parties, strict=True), 1)
    ]


def _signing_party(client: Client) -> tuple[str, str]:
    if isinstance(client, PersonneMorale):
        person = client.representant
        return full_name(person), f"{person.qualite}, pour {client.denomination}"
    return full_name(client), "Client"


def _siren(number: str) -> str:
    return french.HARD.join(part for part in (number[:3], number[3:6], number[6:]) if part)
