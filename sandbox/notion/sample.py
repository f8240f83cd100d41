"""The one page that is there at start: the record of the sample Airtable base, in Notion's own types."""

from __future__ import annotations

from sandbox.airtable import sample

TOKEN = "ntn_bacASable"
DATA_SOURCE_ID = "bac0a5ab-1e00-4000-8000-00000000d055"
PAGE_ID = "bac0a5ab-1e00-4000-8000-00c1a12ed0a5"

STATES = [
    "Reçue", "Rédigée", "Envoyée", "Ouverte", "Signée", "Archivée",
    "Refusée", "Expirée", "Annulée", "Remplacée", "En erreur",
]  # fmt: skip

WRITE_BACK_TYPES = {
    "Statut convention": "status",
    "Lien de signature": "url",
    "Signée le": "date",
    "Archive": "rich_text",
    "Erreur convention": "rich_text",
}

_OF_AIRTABLE = {
    "singleLineText": "rich_text",
    "multilineText": "rich_text",
    "singleSelect": "select",
    "email": "email",
    "phoneNumber": "phone_number",
    "currency": "number",
}

TYPES = {name: WRITE_BACK_TYPES.get(name) or _OF_AIRTABLE[kind] for name, kind in sample.COLUMNS.items()} | {
    "N° dossier": "title"
}
OPTIONS = sample.SELECT_OPTIONS | {"Statut convention": STATES}
FIELDS = sample.FIELDS
