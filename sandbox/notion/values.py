"""Property values: what a person types, what the API answers, what it takes (page "Page property values")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.notion.refusals import invalid

RUN, ITEMS, URL = 2_000, 100, 2_000
TEXT = ("title", "rich_text")
OPTION = ("select", "status")
PLAIN = ("url", "email", "phone_number")
#: what an integration can never write
COMPUTED = ("formula", "rollup", "unique_id", "created_time", "last_edited_time", "created_by", "button")


@dataclass
class Column:
    id: str
    name: str
    type: str
    options: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        inner = {"options": [{"name": one} for one in self.options]} if self.options else {}
        return {"id": self.id, "name": self.name, "type": self.type, self.type: inner}


def type_by_value(value: Any) -> str:
    if isinstance(value, bool):
        return "checkbox"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, dict) and len(value) == 1:
        return str(next(iter(value)))
    return "multi_select" if isinstance(value, list) else "rich_text"


def typed(column: Column, value: Any) -> Any:
    """What the API holds under the type's key, for what a person typed; or that very thing."""
    if isinstance(value, dict) and set(value) == {column.type}:
        return value[column.type]
    match column.type:
        case "title" | "rich_text":
            value = [_run(piece) for piece in _pieces(str(value))]
        case "select" | "status":
            value = {"id": value, "name": value, "color": "default"}
        case "multi_select":
            value = [{"id": one, "name": one, "color": "default"} for one in value]
        case "date":
            value = {"start": value, "end": None, "time_zone": None}
        case "relation":
            value = [{"id": one} for one in value]
    return value


def empty(kind: str) -> Any:
    if kind in (*TEXT, "multi_select", "relation", "people", "files"):
        return []
    return False if kind == "checkbox" else None


def read(column: Column, value: Any) -> Any:
    """What a person sees; None: nothing."""
    if value in (None, [], False):
        return None
    if column.type in TEXT:
        return "".join(run["plain_text"] for run in value)
    if column.type in OPTION:
        return value["name"]
    if column.type == "multi_select":
        return [one["name"] for one in value]
    return value["start"] if column.type == "date" else value


def taken(column: Column, given: Any) -> Any:
    """The value as Notion keeps it. Raises Refusal 400."""
    if column.type in COMPUTED or not isinstance(given, dict) or column.type not in given:
        raise invalid(f"{column.name} is expected to be {column.type}.")
    value = given[column.type]
    take = _TAKEN.get(column.type)
    if take is None or (value is not None and not take(column, value)):
        raise invalid(f"body.properties.{column.name}.{column.type} failed validation")
    if value is None or column.type not in (*TEXT, *OPTION, "multi_select", "date"):
        return empty(column.type) if value is None else value
    if column.type in TEXT:
        return [_run(run["text"]["content"]) for run in value]
    if column.type == "date":
        return {"start": value["start"], "end": value.get("end"), "time_zone": value.get("time_zone")}
    return typed(column, value["name"] if column.type in OPTION else [one["name"] for one in value])


def _are_runs(_column: Column, value: Any) -> bool:
    if not isinstance(value, list) or len(value) > ITEMS:
        return False
    texts = [(run.get("text") or {}).get("content") for run in value if isinstance(run, dict)]
    return len(texts) == len(value) and all(isinstance(one, str) and _length(one) <= RUN for one in texts)


def _is_option(column: Column, value: Any) -> bool:
    name = value.get("name") if isinstance(value, dict) else None
    if not isinstance(name, str) or "," in name:
        return False
    if name not in column.options:
        if column.type == "status":  # only a person adds one
            return False
        column.options.append(name)
    return True


def _is_date(_column: Column, value: Any) -> bool:
    try:
        datetime.fromisoformat(value["start"])
    except (TypeError, KeyError, ValueError):
        return False
    return True


_TAKEN: dict[str, Callable[[Column, Any], bool]] = {
    "title": _are_runs,
    "rich_text": _are_runs,
    "status": _is_option,
    "select": _is_option,
    "multi_select": lambda column, value: (
        isinstance(value, list) and all(_is_option(column, one) for one in value)
    ),
    "date": _is_date,
    "url": lambda _column, value: isinstance(value, str) and 0 < _length(value) <= URL,
    "email": lambda _column, value: isinstance(value, str) and 0 < len(value) <= 100,
    "phone_number": lambda _column, value: isinstance(value, str) and 0 < len(value) <= 100,
    "number": lambda _column, value: isinstance(value, int | float) and not isinstance(value, bool),
    "checkbox": lambda _column, value: isinstance(value, bool),
}


def _run(text: str) -> dict[str, Any]:
    return {
        "type": "text",
        "text": {"content": text, "link": None},
        "annotations": {"bold": False, "italic": False, "code": False, "color": "default"},
        "plain_text": text,
        "href": None,
    }


def _pieces(text: str) -> list[str]:
    """A person's text has several runs as soon as a word of it is in bold: here, after its middle."""
    middle = len(text) // 2
    return [piece for piece in (text[:middle], text[middle:]) if piece]


def _length(text: str) -> int:
    """As JavaScript counts."""
    return len(text.encode("utf-16-le")) // 2
