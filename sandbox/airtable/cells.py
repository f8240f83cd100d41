"""What each type of column takes and gives back (airtable.com/developers/web/api/field-model)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sandbox.airtable.refusals import Refusal, computed, not_accepted

TEXT = {"singleLineText", "multilineText", "richText", "email", "url", "phoneNumber"}
NUMBER = {"number", "currency", "percent", "duration", "rating"}
COMPUTED = {
    "formula",
    "rollup",
    "multipleLookupValues",
    "count",
    "autoNumber",
    "button",
    "createdBy",
    "aiText",
    "createdTime",
}


@dataclass
class Column:
    id: str
    name: str
    type: str
    options: list[str] = field(default_factory=list)


def type_by_value(value: Any) -> str:
    if isinstance(value, bool):
        return "checkbox"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "multilineText"
    return "formula"


def stored(column: Column, value: Any, *, typecast: bool) -> Any:
    """The value as Airtable keeps it; None for an emptied cell. Raises Refusal 422."""
    if column.type in COMPUTED:
        raise computed(column.name)
    if value is None or value in ("", [], False):
        return None
    kept = _kept(column, value, typecast=typecast)
    if kept is None and typecast and column.type in TEXT:
        kept = str(value)
    if kept is None:
        raise not_accepted(column.name)
    return kept


def _kept(column: Column, value: Any, *, typecast: bool) -> Any:
    kept: Any = None
    match column.type:
        case kind if kind in TEXT and isinstance(value, str):
            kept = value if kind != "richText" or value.endswith("\n") else value + "\n"
        case kind if kind in NUMBER and isinstance(value, int | float) and not isinstance(value, bool):
            kept = value
        case "checkbox" if value is True:
            kept = True
        case "date" | "dateTime" if isinstance(value, str):
            kept = _moment(column, value)
        case "singleSelect" if isinstance(value, str):
            kept = _option(column, value, typecast=typecast)
        case "multipleSelects" if isinstance(value, list):
            kept = [_option(column, one, typecast=typecast) for one in value]
        case "multipleRecordLinks" | "multipleAttachments" if isinstance(value, list):
            kept = value
    return kept


def _moment(column: Column, value: str) -> str:
    try:
        if column.type == "date":
            return date.fromisoformat(value[:10]).isoformat()
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise not_accepted(column.name) from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _option(column: Column, value: str, *, typecast: bool) -> str:
    if value not in column.options:
        if not typecast:
            raise Refusal(
                422,
                "INVALID_MULTIPLE_CHOICE_OPTIONS",
                f'Insufficient permissions to create new select option ""{value}""',
            )
        column.options.append(value)
    return value
