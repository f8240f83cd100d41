"""Advice as a firm would sell it: an opinion by the hour at a distance, general terms for a company at a
flat fee per deliverable, a deed for two founders; and the variants that reach every other clause."""

from __future__ import annotations

from typing import Any

from tests.documents.agreements import COMPANY, CONSUMER, COUPLE, GUARANTOR

#: a consumer at a distance, by the hour, who wants the work to begin at once
OPINION: dict[str, Any] = {
    **CONSUMER,
    "dossier": {"numero": "2026-0304", "intitule": "Donation-partage"},
    "matter": {"family": "conseil", "nature": "patrimoine familial"},
    "mission": {
        "objet": "Éclairer Madame Durand sur les effets, pour elle et pour ses enfants, de la "
        "donation-partage que ses parents envisagent.",
        "diligences": [
            "Un rendez-vous de cadrage et un rendez-vous de restitution",
            "L'analyse du projet du notaire et des libéralités antérieures",
            "La comparaison de deux scénarios de partage",
        ],
        "exclusions": ["La rédaction de l'acte, confiée au notaire"],
        "livrables": [
            {
                "libelle": "Consultation écrite, de dix à quinze pages, avec un résumé d'une page",
                "delai": "trois semaines",
            },
            {"libelle": "Tableau comparatif des deux scénarios"},
        ],
        "calendrier": "La consultation est remise dans les trois semaines de la réception des pièces.",
    },
    "honoraires": {
        "type": "horaire",
        "horaire": {
            "taux": [
                {"intervenant": "Avocat associé", "ht": "280.00"},
                {"intervenant": "Avocat collaborateur", "ht": "190.00"},
            ],
            "heures_min": "8",
            "heures_max": "12",
            "seuil_alerte_ht": "2500.00",
            "releve": "mensuel",
        },
    },
    "paiement": {"moyens": ["virement", "carte"]},
    "conclusion": {"mode": "distance", "debut_immediat": True, "interface_en_ligne": True},
}

#: a company, a flat fee shared between two deliverables, an act to draft
GENERAL_TERMS: dict[str, Any] = {
    **COMPANY,
    "dossier": {"numero": "2026-0311", "intitule": "Conditions générales et contrat-cadre"},
    "matter": {"family": "conseil", "redaction_acte": True},
    "mission": {
        "objet": "Mettre à jour les conditions générales de vente de la société et rédiger "
        "son contrat-cadre de distribution.",
        "diligences": [
            "Un entretien de cadrage et la revue des documents en usage",
            "Un projet de chaque document et deux tours de relecture",
        ],
        "exclusions": [],
        "livrables": [
            {"libelle": "Conditions générales de vente", "delai": "29 janvier 2027"},
            {"libelle": "Contrat-cadre de distribution", "delai": "26 février 2027"},
        ],
    },
    "honoraires": {
        "forfait": {
            "ht": "5400.00",
            "phases": [
                {"libelle": "Conditions générales de vente", "ht": "2400.00"},
                {"libelle": "Contrat-cadre de distribution", "ht": "3000.00"},
            ],
            "hors_taux_ht": "240.00",
        }
    },
    "tva": {"taux": "20"},
    "lcbft": {"applicable": True},
    "paiement": {
        "echeances": [
            {"libelle": "Acompte à la signature", "date": "2026-12-15", "ttc": "1944.00"},
            {"libelle": "À la remise des conditions générales", "ttc": "2160.00"},
            {"libelle": "À la remise du contrat-cadre", "ttc": "2376.00"},
        ],
        "moyens": ["virement"],
    },
}

#: two clients off-premises, one deed for both
FOUNDERS: dict[str, Any] = {
    **COUPLE,
    "dossier": {"numero": "2026-0327", "intitule": "Société civile familiale"},
    "matter": {"family": "conseil", "redaction_acte": True},
    "mission": {
        "objet": "Constituer la société civile immobilière dans laquelle les clients "
        "logeront leur appartement.",
        "diligences": [
            "Une note sur le choix des statuts et ses effets fiscaux",
            "La rédaction des statuts et des actes de constitution",
            "Les formalités d'immatriculation",
        ],
        "exclusions": ["L'acte d'apport de l'immeuble, reçu par un notaire"],
        "livrables": [
            {"libelle": "Note sur le choix des statuts", "delai": "deux semaines"},
            {"libelle": "Statuts et actes de constitution", "delai": "cinq semaines"},
        ],
    },
    "honoraires": {
        "forfait": {
            "ht": "3000.00",
            "phases": [
                {"libelle": "Note sur le choix des statuts", "ht": "1000.00"},
                {"libelle": "Statuts, actes et formalités", "ht": "2000.00"},
            ],
        }
    },
    "provision": {"ht": "600.00", "exigible_le": "2026-12-20"},
    "paiement": {
        "echeances": [
            {"libelle": "À la remise de la note", "date": "2026-12-20", "ttc": "1200.00"},
            {"libelle": "À l'immatriculation de la société", "date": "2027-02-15", "ttc": "2400.00"},
        ],
        "moyens": ["virement", "cheque"],
    },
}

PRINTED = {"opinion": OPINION, "general terms": GENERAL_TERMS, "founders": FOUNDERS}

SELF_EMPLOYED = {**CONSUMER["client"], "qualite": "professionnel"}
VARIANTS: dict[str, dict[str, Any]] = {
    **PRINTED,
    "a guarantor": {**OPINION, "garants": [GUARANTOR]},
    "at the office": {**OPINION, "conclusion": {"mode": "cabinet"}, "provision": None, "debours": []},
    "later start": {**OPINION, "conclusion": {"mode": "distance"}},
    "insured": {**OPINION, "pj": {"interroge": True, "active": True, "assureur": "Garantie Mutuelle"}},
    "self-employed": {
        **OPINION,
        "client": SELF_EMPLOYED,
        "conclusion": {"mode": "distance"},
        "provision": None,
    },
    "small professional": {
        **FOUNDERS,
        "client": {**SELF_EMPLOYED, "effectif_5_ou_moins": True, "objet_hors_activite_principale": True},
        "co_contractants": [],
    },
    "a consumer beside a company": {**GENERAL_TERMS, "co_contractants": [CONSUMER["client"]]},
    "no tax": {**OPINION, "tva": {"regime": "franchise_293B", "taux": "0"}},
    "no tax, flat": {
        **FOUNDERS,
        "tva": {"regime": "franchise_293B", "taux": "0"},
        "paiement": {"moyens": ["virement"]},
    },
}
