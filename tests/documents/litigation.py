"""Lawsuits as a firm would send them: at a distance and by the hour, a company with a fee for the result,
two clients with partial legal aid; and the variants that reach every other clause of the template."""

from __future__ import annotations

from typing import Any

from tests.documents.agreements import COMPANY, CONSUMER, COUPLE, GUARANTOR

#: a consumer at a distance, by the hour, who wants the work to begin at once and is insured
ROOF: dict[str, Any] = {
    **CONSUMER,
    "dossier": {"numero": "2026-0211", "intitule": "Malfaçons de toiture"},
    "matter": {"family": "contentieux", "nature": "construction"},
    "contentieux": {
        "juridiction": "Tribunal judiciaire de Nantes",
        "degre": "premiere_instance",
        "partie_adverse": "Société Les Toits de Loire",
        "montant_en_jeu": "48500.00",
    },
    "mission": {
        "objet": "Représenter Madame Durand devant le tribunal judiciaire contre l'entreprise "
        "chargée de refaire sa toiture, jusqu'à la décision de première instance.",
        "diligences": [
            "L'analyse des devis, des factures et du rapport d'expertise amiable",
            "La mise en demeure et la recherche d'un accord",
            "La rédaction de l'assignation et de deux jeux de conclusions",
            "La préparation du dossier de plaidoirie et l'assistance à l'audience",
            "L'analyse de la décision et l'avis sur ses suites",
        ],
        "exclusions": ["Les déclarations à l'assureur de l'immeuble"],
        "calendrier": "L'assignation est délivrée dans les deux mois de la remise des pièces.",
    },
    "honoraires": {
        "type": "horaire",
        "horaire": {
            "taux": [
                {"intervenant": "Avocat associé", "ht": "250.00"},
                {"intervenant": "Avocat collaborateur", "ht": "180.00"},
            ],
            "heures_min": "18",
            "heures_max": "26",
            "seuil_alerte_ht": "5000.00",
            "releve": "mensuel",
        },
    },
    "debours": [
        {"libelle": "Assignation par commissaire de justice", "montant": "92.40"},
        {"libelle": "Déplacements à l'audience"},
    ],
    "provision": {"ht": "1500.00"},
    "paiement": {"moyens": ["virement", "carte"]},
    "pj": {
        "interroge": True,
        "active": True,
        "assureur": "Garantie Mutuelle",
        "police": "PJ-204518",
        "plafond": "4000.00",
    },
    "conclusion": {"mode": "distance", "debut_immediat": True, "interface_en_ligne": True},
}

#: a company, flat by instance in phases, with a fee for the result by brackets
SUPPLIER: dict[str, Any] = {
    **COMPANY,
    "dossier": {"numero": "2026-0218", "intitule": "Fourniture non conforme"},
    "matter": {
        "family": "contentieux",
        "postulation": "Maître Hélène ROY, avocate à La Rochelle, 480,00 € TTC",
    },
    "contentieux": {
        "juridiction": "Tribunal de commerce de La Rochelle",
        "degre": "premiere_instance",
        "rg": "2026F00412",
        "partie_adverse": "Bois & Négoce Atlantique",
        "montant_en_jeu": "182400.00",
    },
    "mission": {
        "objet": "Obtenir du fournisseur réparation des pertes causées par la livraison d'un lot défectueux.",
        "diligences": [
            "La mise en demeure et deux réunions de négociation",
            "L'assignation et la mise en état, avec trois jeux de conclusions",
            "Le dossier de plaidoirie et l'audience",
        ],
    },
    "honoraires": {
        "type": "forfait_resultat",
        "forfait": {
            "ht": "9600.00",
            "phases": [
                {"libelle": "Mise en demeure et phase amiable", "ht": "1200.00"},
                {"libelle": "Assignation et mise en état", "ht": "4200.00"},
                {"libelle": "Conclusions en réplique", "ht": "2000.00"},
                {"libelle": "Plaidoirie et suivi du jugement", "ht": "2200.00"},
            ],
            "hors_taux_ht": "240.00",
        },
        "resultat": {
            "tranches": [
                {"jusqua": "50000.00", "taux": "10"},
                {"jusqua": "150000.00", "taux": "7"},
                {"taux": "4"},
            ],
            "assiette": "sommes_percues",
            "inclut_interets": True,
            "plafond_ht": "20000.00",
        },
    },
    "tva": {"taux": "20"},
    "lcbft": {"applicable": True},
    "pj": {"interroge": True},
}

#: two clients with partial legal aid, flat, signed away from the firm's office
NEIGHBOURS: dict[str, Any] = {
    **COUPLE,
    "dossier": {"numero": "2026-0226", "intitule": "Troubles de voisinage"},
    "matter": {"family": "contentieux"},
    "contentieux": {
        "juridiction": "Tribunal judiciaire de Créteil",
        "degre": "premiere_instance",
        "partie_adverse": "Syndicat des copropriétaires du 29 rue de l'Abbé-Grégoire",
    },
    "mission": {
        "objet": "Faire cesser les nuisances sonores subies par les clients, et en obtenir réparation.",
        "diligences": [
            "L'assignation devant le tribunal judiciaire",
            "Deux jeux de conclusions",
            "L'audience de plaidoirie",
        ],
    },
    "honoraires": {
        "forfait": {
            "ht": "1150.00",
            "phases": [
                {"libelle": "Assignation et conclusions", "ht": "650.00"},
                {"libelle": "Audience et jugement", "ht": "500.00"},
            ],
        }
    },
    "provision": None,
    "debours": [],
    "paiement": {"moyens": ["virement", "cheque"]},
    "aj": {
        "statut": "partielle",
        "taux": 55,
        "numero": "C-94028-2026-04512",
        "date": "2026-10-12",
        "bureau": "Tribunal judiciaire de Créteil",
        "part_etat": "622.00",
    },
}

PRINTED = {"roof": ROOF, "supplier": SUPPLIER, "neighbours": NEIGHBOURS}

#: the scale of ``SUPPLIER`` as one rate, on an hourly fee: what a consumer may also be sent
BY_THE_HOUR_AND_RESULT: dict[str, Any] = {
    **ROOF,
    "honoraires": {
        **ROOF["honoraires"],
        "type": "horaire_resultat",
        "resultat": {"taux": "8", "assiette": "sommes_percues", "imputation_base": True},
    },
    "conclusion": {"mode": "distance"},
}
VARIANTS: dict[str, dict[str, Any]] = {
    **PRINTED,
    "a guarantor": {**ROOF, "garants": [GUARANTOR]},
    "by the hour and result": BY_THE_HOUR_AND_RESULT,
    "at the office": {**ROOF, "conclusion": {"mode": "cabinet"}, "pj": None},
    "aid asked for": {**ROOF, "aj": {"statut": "demandee"}},
    "aid withdrawn": {**ROOF, "aj": {"statut": "retiree", "numero": "C-94028-2025-00017"}},
    "aid by the hour": {**ROOF, "aj": NEIGHBOURS["aj"]},
    "aid and a result": {**NEIGHBOURS, "honoraires": {**SUPPLIER["honoraires"]}},
    "no tax": {**ROOF, "tva": {"regime": "franchise_293B", "taux": "0"}},
    "no tax, flat": {**SUPPLIER, "tva": {"regime": "franchise_293B", "taux": "0"}},
    "no court yet": {**SUPPLIER, "contentieux": None, "matter": {}},
    "small professional": {
        **ROOF,
        "client": {
            **ROOF["client"],
            "qualite": "professionnel",
            "effectif_5_ou_moins": True,
            "objet_hors_activite_principale": True,
        },
        "conclusion": {"mode": "hors_etablissement", "debut_immediat": True},
    },
}
