"""Airtable cells to plain values. Pure.

Source: airtable.com/developers/web/api/field-model. Empty cells are absent from a record; the shape of
a cell is all there is to tell its type by, since reading the schema would need one more right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from domain.errors import FieldError, Invalid

RECORD_ID = re.compile(r"rec[0-9A-Za-z]{14}")
_ABSENT = object()


def plain_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Column -> plain value; cells that hold nothing to merge (attachments, buttons, collaborators,
    links to other records) are left out. Raises Invalid when a formula failed in a column."""
    failed = [column for column, cell in fields.items() if _is_failed(cell)]
    if failed:
        columns = ", ".join(f"« {column} »" for column in failed)
        raise Invalid(
            "airtable_failed_formula",
            f"Une formule d'Airtable est en erreur dans {columns} : corrigez-la dans la base, puis relancez.",
            tuple(
                FieldError(column, "failed_formula", "La formule de cette colonne est en erreur.")
                for column in failed
            ),
        )
    return listed_fields(fields)


def listed_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same, a formula that failed left out: in a list, one faulty record must not hide the others; it is
    refused once it is read."""
    plain = {column: _plain(cell) for column, cell in fields.items() if not _is_failed(cell)}
    return {column: value for column, value in plain.items() if value is not _ABSENT}


def linked_records(cell: Any) -> list[str] | None:
    """The records that a cell of links holds, None when it is of another type."""
    if isinstance(cell, list) and all(isinstance(one, str) and RECORD_ID.fullmatch(one) for one in cell):
        return cell
    return None


def _is_failed(cell: Any) -> bool:
    if isinstance(cell, list):
        return any(_is_failed(item) for item in cell)
    return isinstance(cell, dict) and ("specialValue" in cell or "error" in cell)


def _plain(cell: Any) -> Any:
    if isinstance(cell, dict):
        return _plain_object(cell)
    if not isinstance(cell, list):
        return cell
    items = [item for item in map(_plain, _flat(cell)) if item is not _ABSENT]
    if not items or all(isinstance(item, str) and RECORD_ID.fullmatch(item) for item in items):
        return _ABSENT  # links carry ids only: a person would read "rec..." in the agreement
    return items[0] if len(items) == 1 else items  # a lookup is a list, even of one value


def _plain_object(cell: dict[str, Any]) -> Any:
    if "isStale" in cell:  # AI text
        return cell.get("value") or _ABSENT
    if "text" in cell and cell.keys() <= {"text", "type"}:  # barcode
        return cell["text"]
    return _ABSENT


def _flat(cells: list[Any]) -> list[Any]:
    """Lookups of lookups nest."""
    flat: list[Any] = []
    for cell in cells:
        flat.extend(_flat(cell) if isinstance(cell, list) else [cell])
    return flat
