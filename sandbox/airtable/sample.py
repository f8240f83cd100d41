"""The one base that is there at start: a fictional client, a flat fee, in French columns.

The phone number is the one every French form gives as an example; addresses under example.com.
"""

from __future__ import annotations

from typing import Any

TOKEN = "patBacASable"
BASE_ID = "appBacASableParap"
TABLE_ID = "tblBacASableParap"
TABLE_NAME = "Dossiers"
RECORD_ID = "recClaireDurand01"

WRITE_BACK_COLUMNS = {
    "Statut convention": "singleLineText",
    "Lien de signature": "url",
    "Signée le": "date",
    "Archive": "singleLineText",
    "Erreur convention": "multilineText",
}

COLUMNS = {
    "N° dossier": "singleLineText",
    "Civilité": "singleSelect",
    "Prénom": "singleLineText",
    "Nom": "singleLineText",
    "E-mail": "email",
    "Téléphone": "phoneNumber",
    "Adresse": "multilineText",
    "Code postal": "singleLineText",
    "Ville": "singleLineText",
    "Qualité": "singleSelect",
    "Objet": "multilineText",
    "Diligences": "multilineText",
    "Exclusions": "multilineText",
    "Calendrier": "multilineText",
    "Montant HT": "currency",
    "Taux TVA": "singleLineText",
    "Débours": "multilineText",
    "Provision HT": "currency",
    "Avocat prénom": "singleLineText",
    "Avocat nom": "singleLineText",
    "Avocat e-mail": "email",
    "Mode de conclusion": "singleSelect",
    **WRITE_BACK_COLUMNS,
}

SELECT_OPTIONS = {
    "Civilité": ["M.", "Mme", "Me"],
    "Qualité": ["consommateur", "professionnel"],
    "Mode de conclusion": ["cabinet", "distance", "hors établissement"],
}

FIELDS: dict[str, Any] = {
    "N° dossier": "2026-0142",
    "Civilité": "Mme",
    "Prénom": "Claire",
    "Nom": "Durand",
    "E-mail": "claire.durand@example.com",
    "Téléphone": "06 12 34 56 78",
    "Adresse": "12 rue des Lilas",
    "Code postal": "75011",
    "Ville": "Paris",
    "Qualité": "consommateur",
    "Objet": "Assistance et représentation dans le cadre d'un divorce par consentement mutuel.",
    "Diligences": "Entretiens et conseils\nRédaction de la convention de divorce\nDépôt chez le notaire",
    "Exclusions": "Procédures contentieuses\nVoies de recours",
    "Calendrier": "Projet sous trois semaines ; la suite dépend du notaire et de l'autre époux.",
    "Montant HT": 1800,
    "Taux TVA": "20 %",
    "Débours": "Dépôt au rang des minutes du notaire : 49,44",
    "Provision HT": 600,
    "Avocat prénom": "Hélène",
    "Avocat nom": "Martin",
    "Avocat e-mail": "helene.martin@example.com",
    "Mode de conclusion": "cabinet",
}
