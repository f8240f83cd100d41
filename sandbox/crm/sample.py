"""The one record that is there at start: the client of the Airtable stand-in, in nested objects."""

from __future__ import annotations

from typing import Any

from sandbox.airtable.sample import FIELDS

RECORD_ID = "D-2026-0142"

#: column -> where its value stands in a record
PATHS = {
    "N° dossier": "/numero",
    "Civilité": "/client/civilite",
    "Prénom": "/client/prenom",
    "Nom": "/client/nom",
    "E-mail": "/client/contacts/0/valeur",
    "Téléphone": "/client/contacts/1/valeur",
    "Adresse": "/client/adresse/rue",
    "Code postal": "/client/adresse/code_postal",
    "Ville": "/client/adresse/ville",
    "Qualité": "/client/qualite",
    "Objet": "/mission/objet",
    "Diligences": "/mission/diligences",
    "Exclusions": "/mission/exclusions",
    "Calendrier": "/mission/calendrier",
    "Montant HT": "/honoraires/montant_ht",
    "Taux TVA": "/honoraires/tva",
    "Débours": "/honoraires/debours",
    "Provision HT": "/honoraires/provision_ht",
    "Avocat prénom": "/avocat/prenom",
    "Avocat nom": "/avocat/nom",
    "Avocat e-mail": "/avocat/email",
    "Mode de conclusion": "/conclusion",
}


def record() -> dict[str, Any]:
    made: dict[str, Any] = {"id": RECORD_ID, "client": {"contacts": [{"type": "email"}, {"type": "mobile"}]}}
    for column, path in PATHS.items():
        *above, last = path.split("/")[1:]
        place: Any = made
        for name in above:
            place = place[int(name)] if isinstance(place, list) else place.setdefault(name, {})
        place[last] = FIELDS[column]
    return made
