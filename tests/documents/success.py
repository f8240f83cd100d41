"""Agreements with a fee for the result: a consumer's lawsuit at a distance, a company's tax claim by
brackets, two clients by the hour before a court; and the variants that reach every other clause."""

from __future__ import annotations

from typing import Any

from tests.documents.agreements import COMPANY, CONSUMER, COUPLE, GUARANTOR

#: a consumer at a distance, flat and a capped rate, before a court, insured
INJURY: dict[str, Any] = {
    **CONSUMER,
    "dossier": {"numero": "2026-0402", "intitule": "Indemnisation d'un accident"},
    "matter": {"family": "contentieux", "nature": "responsabilité"},
    "contentieux": {
        "juridiction": "Tribunal judiciaire de Nantes",
        "degre": "premiere_instance",
        "partie_adverse": "Assurances du Ponant",
        "montant_en_jeu": "48000.00",
    },
    "mission": {
        "objet": "Obtenir l'indemnisation des préjudices que Madame Durand a subis lors "
        "de l'accident du 3 mars 2026.",
        "diligences": [
            "L'évaluation des préjudices et la demande à l'assureur adverse",
            "La négociation avec l'assureur",
            "L'assignation et deux jeux de conclusions",
            "L'audience de plaidoirie",
        ],
        "exclusions": ["Les démarches auprès de la caisse d'assurance maladie"],
        "calendrier": "L'assignation est délivrée dans les deux mois qui suivent l'échec de la négociation.",
    },
    "honoraires": {
        "type": "forfait_resultat",
        "forfait": {
            "ht": "2400.00",
            "phases": [
                {"libelle": "Évaluation et négociation", "ht": "900.00"},
                {"libelle": "Assignation et conclusions", "ht": "1000.00"},
                {"libelle": "Audience et suivi du jugement", "ht": "500.00"},
            ],
            "hors_taux_ht": "220.00",
        },
        "resultat": {
            "taux": "10",
            "assiette": "sommes_percues",
            "inclut_interets": True,
            "plafond_ht": "8000.00",
        },
    },
    "debours": [{"libelle": "Assignation par commissaire de justice", "montant": "92.40"}],
    "paiement": {
        "echeances": [
            {"libelle": "À l'ouverture du dossier", "date": "2026-12-20", "ttc": "1080.00"},
            {"libelle": "À l'assignation", "ttc": "1200.00"},
            {"libelle": "Après l'audience", "ttc": "600.00"},
        ],
        "moyens": ["virement", "carte"],
    },
    "pj": {
        "interroge": True,
        "active": True,
        "assureur": "Garantie Mutuelle",
        "police": "PJ-204518",
        "plafond": "1500.00",
    },
    "conclusion": {"mode": "distance", "debut_immediat": True, "interface_en_ligne": True},
}

#: a company, by the hour and brackets, the work taken off the fee for the result; no court
TAX_CLAIM: dict[str, Any] = {
    **COMPANY,
    "dossier": {"numero": "2026-0417", "intitule": "Réclamation fiscale"},
    "matter": {"family": "conseil"},
    "contentieux": {"montant_en_jeu": "182400.00"},
    "mission": {
        "objet": "Obtenir le dégrèvement de la taxe foncière réclamée à la société "
        "pour les années 2023 à 2025.",
        "diligences": [
            "L'audit des bases d'imposition",
            "La réclamation préalable et les échanges avec l'administration",
        ],
        "exclusions": ["Le recours devant le tribunal administratif"],
        "livrables": [
            {"libelle": "Note sur les chances de succès", "delai": "trois semaines"},
            {"libelle": "Réclamation préalable", "delai": "31 décembre 2026"},
        ],
    },
    "honoraires": {
        "type": "horaire_resultat",
        "horaire": {
            "taux": [
                {"intervenant": "Avocat associé", "ht": "280.00"},
                {"intervenant": "Juriste", "ht": "120.00"},
            ],
            "heures_min": "15",
            "heures_max": "25",
            "seuil_alerte_ht": "6000.00",
            "releve": "a_chaque_facture",
        },
        "resultat": {
            "tranches": [
                {"jusqua": "50000.00", "taux": "12"},
                {"jusqua": "150000.00", "taux": "8"},
                {"taux": "5"},
            ],
            "assiette": "degrevement",
            "imputation_base": True,
        },
    },
    "tva": {"taux": "20"},
    "lcbft": {"applicable": True},
}

#: two consumers off-premises, by the hour, before a court with another lawyer to stand for theirs
PARTNERS: dict[str, Any] = {
    **COUPLE,
    "dossier": {"numero": "2026-0433", "intitule": "Vices cachés de la maison de Créteil"},
    "matter": {
        "family": "contentieux",
        "postulation": "Maître Anne KERVENO, avocate au barreau du Val-de-Marne, 420,00 € TTC",
    },
    "contentieux": {
        "juridiction": "Tribunal judiciaire de Créteil",
        "degre": "premiere_instance",
        "rg": "26/01234",
    },
    "mission": {
        "objet": "Obtenir du vendeur la réduction du prix de la maison et la réparation des dommages.",
        "diligences": ["L'assignation", "Deux jeux de conclusions", "L'audience de plaidoirie"],
        "exclusions": [],
    },
    "honoraires": {
        "type": "horaire_resultat",
        "horaire": {
            "taux": [{"intervenant": "Maître Paul LEFÈVRE", "ht": "250.00"}],
            "heures_min": "20",
            "heures_max": "30",
            "seuil_alerte_ht": "6000.00",
            "releve": "bimestriel",
        },
        "resultat": {"taux": "8", "assiette": "sommes_percues", "inclut_art700": True},
    },
    "provision": {"ht": "1000.00", "exigible_le": "2026-12-20"},
    "debours": [],
    "paiement": {"moyens": ["virement", "cheque"]},
    "pj": {"interroge": True},
}

PRINTED = {"injury": INJURY, "tax claim": TAX_CLAIM, "partners": PARTNERS}

PARTIAL_AID: dict[str, Any] = {
    **INJURY,
    "aj": {
        "statut": "partielle",
        "taux": 55,
        "numero": "C-44109-2026-04512",
        "date": "2026-10-12",
        "bureau": "Tribunal judiciaire de Nantes",
        "part_etat": "622.00",
    },
}
VARIANTS: dict[str, dict[str, Any]] = {
    **PRINTED,
    "a guarantor": {**INJURY, "garants": [GUARANTOR]},
    "at the office": {**INJURY, "conclusion": {"mode": "cabinet"}, "pj": None, "provision": None},
    "later start": {**PARTNERS, "conclusion": {"mode": "distance"}},
    "aid asked for": {**INJURY, "aj": {"statut": "demandee"}},
    "aid withdrawn": {**INJURY, "aj": {"statut": "retiree", "numero": "C-44109-2025-00017"}},
    "an act to draft": {**TAX_CLAIM, "matter": {"family": "conseil", "redaction_acte": True}},
    "no tax": {**TAX_CLAIM, "tva": {"regime": "franchise_293B", "taux": "0"}},
    "no tax, flat": {
        **INJURY,
        "tva": {"regime": "franchise_293B", "taux": "0"},
        "paiement": {"moyens": ["virement"]},
    },
    "before a court of its own": {
        **TAX_CLAIM,
        "matter": {"family": "contentieux"},
        "contentieux": {"juridiction": "Conseil d'État", "degre": "cassation"},
    },
}
