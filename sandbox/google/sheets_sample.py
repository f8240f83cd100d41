"""The one spreadsheet that is there at start: the client of the Airtable stand-in, in a row."""

from __future__ import annotations

from typing import Any

from sandbox.airtable.sample import FIELDS, WRITE_BACK_COLUMNS

__all__ = ["SHEET", "SPREADSHEET_ID", "WRITE_BACK_COLUMNS", "rows"]

SPREADSHEET_ID = "1FeuilleBacASableParapheConventions00000000A"
SHEET = "Dossiers"


def rows() -> list[list[Any]]:
    """The percentage is a figure and the post code has lost its type, as in a sheet that people fill in."""
    cells = FIELDS | {"Taux TVA": 0.2, "Code postal": int(FIELDS["Code postal"])}
    return [[*cells, *WRITE_BACK_COLUMNS], list(cells.values())]
