"""The columns that the hub writes, whatever keeps the record, and the comparison that spares a needless
write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from connectors.sources import Outcome

WRITTEN = ("state", "link", "signed_on", "archive", "error")
_TICKED = {"oui", "vrai", "true", "1"}


class WrittenColumns(BaseModel):
    """A source's settings inherit these; a column that the table lacks is named in the error."""

    column_state: str = Field(
        "Statut convention", description="colonne où le hub écrit où en est la convention"
    )
    column_link: str = Field(
        "Lien de signature", description="colonne où le hub écrit le lien de qui doit signer"
    )
    column_signed_on: str = Field("Signée le", description="colonne où le hub écrit la date de signature")
    column_archive: str = Field("Archive", description="colonne où le hub écrit où la convention est classée")
    column_error: str = Field("Erreur convention", description="colonne où le hub écrit ce qui ne va pas")

    @property
    def written(self) -> dict[str, str]:
        """What is written -> the name of its column."""
        return {field: getattr(self, f"column_{field}") for field in WRITTEN}

    def cells(self, outcome: Outcome) -> dict[str, str]:
        """Column -> the text to write there; ``""`` empties it."""
        return {
            column: value
            for field, column in self.written.items()
            if (value := getattr(outcome, field)) is not None
        }

    def without_written(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """A record without the hub's own columns: what the hub wrote is no news of the client."""
        own = set(self.written.values())
        return {name: value for name, value in fields.items() if name not in own}


def is_ticked(value: str) -> bool:
    """Whether a value that is watched for means a box that is ticked, whatever tool shows it."""
    return value.strip().casefold() in _TICKED


def is_same(standing: Any, wanted: str) -> bool:
    """Whether the cell already says ``wanted``, however its column type spells it."""
    if standing is None or wanted == "":
        return not standing and wanted == ""
    if not isinstance(standing, str):
        return False
    if standing.strip() == wanted.strip():  # rich text columns add a newline
        return True
    try:
        one, other = datetime.fromisoformat(standing), datetime.fromisoformat(wanted)
    except ValueError:
        return False
    if len(standing) == len("2026-12-15"):  # a date column keeps the day of what it is sent
        return one.date() == other.date()
    return one.tzinfo is not None and other.tzinfo is not None and one == other
