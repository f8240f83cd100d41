"""What the doctor proves of Airtable: that the token reads the records of a table and writes to them.

One record is read, and the column of the state is written with the very value it has, which leaves the cell
as it is. Airtable answers a right that is missing as it does a table that is: whoever calls has seen that the
token is good, and a record that was just read is there, so the right is what is left.
"""

from __future__ import annotations

from collections.abc import Callable

import requests
from pyairtable import Api

from connectors import Finding
from connectors.sources.airtable_refusals import RIGHTS

NO_PLACE = (
    f"Airtable accepte le jeton ; ses droits ({RIGHTS}) ne sont pas prouvés : nommez la table à essayer dans "
    "PARAPHE_AIRTABLE_BASE et PARAPHE_AIRTABLE_TABLE."
)
_UNREADABLE = (
    "Airtable ne laisse pas lire la table : vérifiez PARAPHE_AIRTABLE_BASE et PARAPHE_AIRTABLE_TABLE, et que "
    "le jeton a data.records:read sur cette base."
)
_EMPTY = (
    "Airtable laisse lire la table ; le droit d'écrire (data.records:write) n'est pas prouvé, car elle est "
    "vide : relancez doctor quand elle aura une fiche."
)
_UNWRITABLE = (
    "Airtable laisse lire la table, non y écrire : donnez data.records:write au jeton, et à son auteur le "
    "rôle d'éditeur (editor) dans la base."
)
_PROVED = f"Airtable laisse lire et écrire la table ({RIGHTS})."


def proved(api: Api, turn: Callable[[str], None], base: str, table: str, column: str) -> Finding:
    """Raises what the client does for any other refusal than that of a right."""
    records = api.table(base, table)
    turn(base)
    try:
        first = records.first()
    except requests.HTTPError as refusal:
        return _told(refusal, _UNREADABLE)
    if first is None:
        return Finding(ok=True, text=_EMPTY)
    turn(base)
    try:
        records.update(first["id"], {column: first["fields"].get(column)}, typecast=False)
    except requests.HTTPError as refusal:
        return _told(refusal, _UNWRITABLE)
    return Finding(ok=True, text=_PROVED)


def _told(refusal: requests.HTTPError, text: str) -> Finding:
    if refusal.response is None or refusal.response.status_code not in (403, 404):
        raise refusal
    return Finding(ok=False, text=text)
