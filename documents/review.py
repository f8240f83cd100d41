"""What a template would give each kind of client: the mentions that its agreements would carry, found by
merging it with sample records and checking what comes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from documents import blocks
from documents.merge import merge
from documents.template import Template
from domain.cabinet import Cabinet
from domain.mentions import Clause, Report, check
from domain.record import Record
from domain.signature import Level
from domain.wording import context

_PERSON: dict[str, Any] = {
    "type": "pp",
    "qualite": "consommateur",
    "civilite": "MME",
    "prenoms": "Claire",
    "nom": "Durand",
    "adresse": {"lignes": ["12 rue des Lilas"], "code_postal": "75011", "commune": "Paris"},
    "email": "claire.durand@example.com",
    "telephone": "+33639980012",
}
_COMPANY: dict[str, Any] = {
    "type": "pm",
    "qualite": "personne_morale",
    "denomination": "Librairie des Lilas",
    "forme": "SARL",
    "siren": "732829320",
    "rcs_ville": "Lyon",
    "representant": {"civilite": "M", "prenoms": "Éric", "nom": "de La Tour", "qualite": "gérant"},
    "adresse": {"lignes": ["3 quai Saint-Antoine"], "code_postal": "69002", "commune": "Lyon"},
    "email": "eric.delatour@example.com",
}
_ASSOCIATION = {
    **_COMPANY,
    "qualite": "non_professionnel",
    "denomination": "Les Amis du quai",
    "forme": "association",
    "representant": {**_COMPANY["representant"], "qualite": "président"},
}
_PARTIAL_AID = {
    "statut": "partielle",
    "taux": 55,
    "numero": "C-75056-2026-000001",
    "date": "2026-01-15",
    "bureau": "Tribunal judiciaire de Paris",
    "part_etat": "600.00",
}
#: kind of client -> client, way of concluding
CASES: dict[str, tuple[dict[str, Any], str]] = {
    "un consommateur, au cabinet": (_PERSON, "cabinet"),
    "un consommateur, à distance": (_PERSON, "distance"),
    "un consommateur, hors établissement": (_PERSON, "hors_etablissement"),
    "un professionnel, à distance": ({**_PERSON, "qualite": "professionnel"}, "distance"),
    "une association, au cabinet": (_ASSOCIATION, "cabinet"),
    "une société, au cabinet": (_COMPANY, "cabinet"),
}
#: reviewed besides for a lawsuit, where alone partial legal aid is agreed on
AIDED = "un consommateur à l'aide juridictionnelle partielle, au cabinet"
WITHDRAWAL_PAGE = "https://exemple.example/retractation"
_PHASES = [{"libelle": "Étude", "ht": "600.00"}, {"libelle": "Rédaction", "ht": "1200.00"}]
_FLAT = {"forfait": {"ht": "1800.00", "phases": _PHASES, "hors_taux_ht": "180.00"}}
_HOURLY = {
    "horaire": {
        "taux": [{"intervenant": "Avocat associé", "ht": "250.00"}],
        "heures_min": "18",
        "heures_max": "26",
        "seuil_alerte_ht": "4500.00",
        "releve": "mensuel",
    }
}
_COURT = {
    "juridiction": "Tribunal judiciaire de Nantes",
    "degre": "premiere_instance",
    "montant_en_jeu": "48500.00",
}
#: a template's ``kind`` -> what its agreements are about; any other kind is reviewed at a flat fee
_MATTERS: dict[str, dict[str, Any]] = {
    "forfait": {"honoraires": {"type": "forfait", **_FLAT}},
    "conseil": {
        "matter": {"family": "conseil"},
        "honoraires": {"type": "horaire", **_HOURLY},
    },
    "contentieux": {
        "matter": {"family": "contentieux"},
        "contentieux": _COURT,
        "honoraires": {"type": "horaire", **_HOURLY},
    },
    "resultat": {
        "matter": {"family": "contentieux"},
        "contentieux": _COURT,
        "honoraires": {
            "type": "forfait_resultat",
            **_FLAT,
            "resultat": {"taux": "10", "assiette": "sommes_percues"},
        },
    },
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """``client`` says, in French, for whom and how the agreement is concluded."""

    client: str
    report: Report


def review(template: Template, cabinet: Cabinet, today: date) -> Iterator[Case]:
    """One case per kind of client, in the order of ``CASES``; then ``AIDED`` for a lawsuit."""
    kind = template.manifest.kind if template.manifest else ""
    cases = {name: sample_record(kind, client, mode) for name, (client, mode) in CASES.items()}
    if kind == "contentieux":
        cases[AIDED] = sample_record(kind, _PERSON, "cabinet", aj=_PARTIAL_AID)
    for name, record in cases.items():
        values = context(
            record, cabinet, today, "le prestataire", "EXEMPLE", 1, Level.SIMPLE, WITHDRAWAL_PAGE
        )
        clauses = [Clause(block.mentions, block.text) for block in blocks.read(merge(template, values))]
        yield Case(name, check(record, values, clauses, today))


def sample_record(kind: str, client: dict[str, Any], mode: str, **more: Any) -> Record:
    """A plain agreement of that kind of template, with that client, concluded in that way; ``more`` are
    sections that it holds besides."""
    return Record.model_validate(
        {
            "dossier": {"numero": "EXEMPLE-1"},
            "client": client,
            "avocat": {"prenoms": "Paul", "nom": "Martin", "email": "paul.martin@example.com"},
            "mission": {
                "objet": "Assister le client dans l'affaire décrite lors du premier rendez-vous.",
                "diligences": ["Étude du dossier", "Rédaction des actes"],
                "exclusions": ["Toute autre procédure"],
                "livrables": [{"libelle": "Consultation écrite", "delai": "trois semaines"}],
                "calendrier": "Premier projet trois semaines après réception des pièces.",
            },
            "tva": {"taux": "20"},
            "debours": [{"libelle": "Frais d'envoi recommandé"}],
            "paiement": {"moyens": ["virement"]},
            "pj": {"interroge": True},
            "conclusion": {
                "mode": mode,
                "debut_immediat": mode != "cabinet",
                "interface_en_ligne": mode == "distance",
            },
            "lcbft": {"applicable": client["type"] == "pm" and kind != "contentieux"},
            **_MATTERS.get(kind, _MATTERS["forfait"]),
            **more,
        }
    )
