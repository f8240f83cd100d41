"""Three agreements as a firm would send them, made by the real rules of the domain."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.cabinet import Cabinet
from domain.record import Record
from domain.signature import Level
from domain.wording import context

TODAY = date(2026, 11, 23)

CABINET = Cabinet(
    denomination="Lefèvre & Associés",
    forme="SELARL d'avocats au capital de 20 000 €",
    siren="552100554",
    tva_intracom="FR96552100554",
    adresse="14 rue du Faubourg-Saint-Honoré, 75008 Paris",
    telephone="01 99 00 12 34",
    email="contact@lefevre-associes.example",
    site="https://lefevre-associes.example",
    barreau="Paris",
    batonnier_adresse="Ordre des avocats, 11 place Dauphine, 75053 Paris Cedex 01",
    mediateur_nom="Médiateur de la consommation de la profession d'avocat",
    mediateur_adresse="180 boulevard Haussmann, 75008 Paris",
    mediateur_url="https://mediateur-consommation-avocat.example",
)

AVOCAT = {"prenoms": "Paul", "nom": "Lefèvre", "email": "paul@lefevre-associes.example"}

CONSUMER: dict[str, Any] = {
    "dossier": {"numero": "2026-0147", "intitule": "Succession Durand"},
    "client": {
        "type": "pp",
        "qualite": "consommateur",
        "civilite": "MME",
        "prenoms": "Claire",
        "nom": "Durand",
        "adresse": {"lignes": ["7 impasse des Lilas"], "code_postal": "44000", "commune": "Nantes"},
        "email": "claire.durand@exemple.example",
        "telephone": "+33639980012",
    },
    "avocat": AVOCAT,
    "mission": {
        "objet": "Assister Madame Durand dans le règlement de la succession de son père, jusqu'à la "
        "signature de l'acte de partage amiable chez le notaire.",
        "diligences": [
            "Un rendez-vous d'ouverture et deux rendez-vous d'étape, au cabinet ou en visioconférence",
            "L'analyse des actes, relevés et estimations remis par le notaire",
            "La rédaction d'une note exposant les droits et les options de la cliente",
            "Les échanges avec le notaire et avec le conseil des cohéritiers",
            "La relecture du projet d'acte de partage et deux séries d'observations",
        ],
        "exclusions": [
            "Toute procédure judiciaire, notamment en partage judiciaire",
            "Les déclarations fiscales, confiées au notaire",
        ],
        "calendrier": "La note est remise dans les trois semaines de la réception des pièces. "
        "La suite dépend du notaire.",
    },
    "honoraires": {
        "forfait": {
            "ht": "2400.00",
            "phases": [
                {"libelle": "Analyse du dossier et note", "ht": "1000.00"},
                {"libelle": "Échanges avec le notaire et les cohéritiers", "ht": "800.00"},
                {"libelle": "Relecture de l'acte et signature", "ht": "600.00"},
            ],
            "hors_taux_ht": "220.00",
        }
    },
    "tva": {"taux": "20"},
    "debours": [
        {"libelle": "Copies d'actes auprès du notaire", "montant": "60.00"},
        {"libelle": "Frais d'envoi recommandé"},
    ],
    "provision": {"ht": "500.00"},
    "paiement": {
        "echeances": [
            {"libelle": "À l'ouverture du dossier", "date": "2026-12-15", "ttc": "1200.00"},
            {"libelle": "À la remise de la note", "ttc": "960.00"},
            {"libelle": "À la signature de l'acte", "ttc": "720.00"},
        ],
        "moyens": ["virement", "carte"],
    },
    "conclusion": {"mode": "distance", "debut_immediat": True},
}

COMPANY: dict[str, Any] = {
    "dossier": {"numero": "2026-0152"},
    "client": {
        "type": "pm",
        "qualite": "personne_morale",
        "denomination": "Menuiseries de l'Océan",
        "forme": "SAS",
        "siren": "732829320",
        "rcs_ville": "La Rochelle",
        "representant": {
            "civilite": "M",
            "prenoms": "Jean-Baptiste",
            "nom": "Le Goff",
            "qualite": "président",
        },
        "adresse": {
            "lignes": ["ZA des Minimes", "3 quai Senac"],
            "code_postal": "17000",
            "commune": "La Rochelle",
        },
        "email": "direction@menuiseries-ocean.example",
    },
    "avocat": AVOCAT,
    "mission": {
        "objet": "Rédiger les conditions générales de vente de la société et les conditions de son site "
        "marchand.",
        "diligences": [
            "Un entretien de cadrage",
            "Un projet de conditions générales",
            "Deux tours de relecture",
        ],
        "exclusions": [],
    },
    "honoraires": {"forfait": {"ht": "1800.00"}},
    "tva": {"regime": "franchise_293B", "taux": "0"},
    "debours": [],
    "paiement": {"moyens": ["virement"]},
    "conclusion": {"mode": "cabinet", "lieu": "La Rochelle"},
}

COUPLE: dict[str, Any] = {
    **CONSUMER,
    "dossier": {
        "numero": "2026-0163/B",
        "intitule": "Vente de l'immeuble du 118 bis avenue de la Grande-Armée",
    },
    "client": {
        **CONSUMER["client"],
        "prenoms": "Anne-Sophie Éléonore Gwenaëlle",
        "nom": "de La Rochefoucauld-Montmorency",
        "email": "anne-sophie.eleonore.de-la-rochefoucauld-montmorency@messagerie-familiale.example",
    },
    "co_contractants": [
        {
            **CONSUMER["client"],
            "civilite": "M",
            "prenoms": "Maximilien Œdipe François",
            "nom": "Nuñez-Brontë d'Aÿ",
            "email": "max@exemple.example",
            "telephone": "+33639980013",
            "adresse": {
                "lignes": [
                    "Résidence Les Hauts de l'Haÿ, bâtiment C, escalier 4, appartement 412",
                    "27 rue de l'Abbé-Grégoire",
                ],
                "code_postal": "94240",
                "commune": "L'Haÿ-les-Roses",
            },
        }
    ],
    "honoraires": {
        "forfait": {
            "ht": "14750.50",
            "phases": [
                {"libelle": libelle, "ht": ht}
                for libelle, ht in (
                    (
                        "Audit juridique de l'immeuble, des baux en cours et des règlements de copropriété",
                        "3250.50",
                    ),
                    ("Négociation et rédaction de la promesse de vente", "4500.00"),
                    ("Levée des conditions suspensives", "2000.00"),
                    ("Purge des droits de préemption et relations avec les administrations", "1500.00"),
                    ("Relecture de l'acte authentique et assistance à la signature", "3500.00"),
                )
            ],
        }
    },
    "conclusion": {"mode": "hors_etablissement", "lieu": "Neuilly-sur-Seine"},
}

GUARANTOR: dict[str, Any] = {
    "civilite": "MME",
    "prenoms": "Hélène",
    "nom": "Durand",
    "adresse": {"lignes": ["3 quai Voltaire"], "code_postal": "75007", "commune": "Paris"},
    "email": "helene.durand@example.com",
    "montant": "2400.50",
}
ALL = {"consumer": CONSUMER, "company": COMPANY, "couple": COUPLE}


def words(record: dict[str, Any], **replaced: Any) -> dict[str, Any]:
    """The merge context of a record; ``replaced`` takes the place of whole sections of it."""
    made = context(
        Record.model_validate(record),
        CABINET,
        TODAY,
        "Yousign",
        f"conv_{record['dossier']['numero'][-6:].replace('/', '')}",
        1,
        Level.SIMPLE,
    )
    return {**made, **replaced}


def must_print(record: dict[str, Any]) -> dict[str, str]:
    names = Record.model_validate(record).printed_names()
    return {"dossier.numero": names[0], **{f"client {rank}": name for rank, name in enumerate(names[1:], 1)}}
