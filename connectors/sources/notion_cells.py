"""Notion properties to plain values, and texts to properties. Pure.

Source: developers.notion.com, "Page property values", "Filter data source entries". A property that says
nothing is left out, an unticked box as well: a property added to the data source then changes no record's
version. When and by whom the page was last edited is no part of it either: our own writing changes that. That
a percentage is kept as a fraction (20 % = 0.2) is unconfirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from connectors.sources.columns import is_ticked
from domain.errors import FieldError, Invalid

ABSENT: Final = object()
#: people, files and buttons have nothing to print; relations are read apart (PARAPHE_NOTION_LINKS)
_NOTHING_TO_PRINT = {
    "people", "created_by", "last_edited_by", "last_edited_time", "files", "relation", "button",
    "verification", "place",
}  # fmt: skip
#: mentions and related pages beyond these are neither in the page itself nor in what it computes
REFERENCES = 25
#: a run holds 2,000 characters, counted as JavaScript does (two for an emoji): a thousand always fit
_RUN = 1_000


def plain_fields(properties: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Property name -> plain value. Raises Invalid, naming the properties that Notion could not compute."""
    failed = [name for name, prop in properties.items() if _is_failed(prop)]
    if failed:
        what = "simplifiez cette propriété, ou copiez-en la valeur dans une propriété de texte"
        raise _unreadable(failed, what)
    if computed := _of_a_part(properties):
        what = "une relation de la page dépasse 25 liens ; remplacez ce calcul par un texte ou un nombre"
        raise _unreadable(computed, what)
    return listed_fields(properties)


def listed_fields(properties: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The same, what Notion could not compute left out: in a list, one faulty page must not hide the others;
    it is refused once it is read."""
    left = _of_a_part(properties)
    plain = {
        name: plain_value(prop)
        for name, prop in properties.items()
        if name not in left and not _is_failed(prop)
    }
    return {name: value for name, value in plain.items() if value is not ABSENT}


def _unreadable(names: Sequence[str], what_to_do: str) -> Invalid:
    named = ", ".join(f"« {name} »" for name in names)
    return Invalid(
        "notion_unreadable_property",
        f"Notion ne donne pas (ou pas tout) ce que calcule {named} : {what_to_do}.",
        tuple(
            FieldError(name, "unreadable_property", "La valeur de cette propriété n'est pas donnée.")
            for name in names
        ),
    )


def _of_a_part(properties: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """All that is computed in a page of which a relation is cut at 25: it may be computed of these alone, and
    nothing in the page says of which relation a formula is."""
    if not any(prop.get("type") == "relation" and prop.get("has_more") for prop in properties.values()):
        return []
    return [name for name, prop in properties.items() if prop.get("type") in ("formula", "rollup")]


def _is_failed(prop: Mapping[str, Any]) -> bool:
    """A formula or rollup that is unfinished, of an unknown kind, or cut at 25 references."""
    kind = prop.get("type")
    inner = prop.get(kind) if kind in ("formula", "rollup") else None
    if not isinstance(inner, dict):
        return kind in ("formula", "rollup")
    known = {"string", "number", "boolean", "date"} if kind == "formula" else {"number", "date", "array"}
    if inner.get("type") not in known:
        return True
    items = inner.get("array") or []
    return len(items) >= REFERENCES or any(_is_failed(item) for item in items)


def plain_value(prop: Mapping[str, Any]) -> Any:
    """str, number, bool, list of them, or ABSENT."""
    kind = str(prop.get("type"))
    if kind in _NOTHING_TO_PRINT:
        return ABSENT
    value = prop.get(kind)
    read = _READERS.get(kind)
    plain = read(value) if read is not None and value is not None else None
    return ABSENT if plain is None or plain in ("", []) else plain


def _text(runs: Any) -> str:
    """All runs; one alone where a rollup gives an item."""
    return "".join(str(run.get("plain_text", "")) for run in (runs if isinstance(runs, list) else [runs]))


def _date(value: Mapping[str, Any]) -> str | None:
    """A period has two ends, and no reader of one date may take it for one."""
    start, end = value.get("start"), value.get("end")
    return f"{start}/{end}" if end else start


def _unique_id(value: Mapping[str, Any]) -> str | None:
    prefix, number = value.get("prefix"), value.get("number")
    return None if number is None else f"{prefix}-{number}" if prefix else str(number)


def _computed(value: Mapping[str, Any]) -> Any:
    kind = str(value.get("type"))
    inner = value.get(kind)
    if kind != "array":
        return _date(inner) if kind == "date" and inner else inner
    plain = [one for one in (plain_value(item) for item in inner or []) if one is not ABSENT]
    flat = [one for item in plain for one in (item if isinstance(item, list) else [item])]
    return flat[0] if len(flat) == 1 else flat


def _name(value: Mapping[str, Any]) -> Any:
    return value.get("name")


def _as_it_is(value: Any) -> Any:
    return value


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "title": _text,
    "rich_text": _text,
    "number": _as_it_is,
    "select": _name,
    "status": _name,
    "multi_select": lambda options: [_name(option) for option in options],
    "date": _date,
    "checkbox": lambda ticked: ticked or None,
    "email": _as_it_is,
    "phone_number": _as_it_is,
    "url": _as_it_is,
    "formula": _computed,
    "rollup": _computed,
    "unique_id": _unique_id,
    "created_time": _as_it_is,
}


def has_more(prop: Mapping[str, Any]) -> bool:
    """Whether the page holds only the beginning of this text: its mentions are counted."""
    runs = prop.get(str(prop.get("type")))
    if prop.get("type") not in ("title", "rich_text") or not isinstance(runs, list):
        return False
    return len([run for run in runs if run.get("type") == "mention"]) >= REFERENCES


def property_of(kind: str, text: str) -> dict[str, Any] | None:
    """What to send so that a property of this type says ``text`` ("" empties it); None: it cannot."""
    runs = [{"text": {"content": text[start : start + _RUN]}} for start in range(0, len(text), _RUN)]
    written: Mapping[str, Any] = {
        "title": runs,
        "rich_text": runs,
        "status": {"name": text} if text else None,
        "select": {"name": text} if text else None,
        "multi_select": [{"name": text}] if text else [],
        "url": text or None,
        "email": text or None,
        "phone_number": text or None,
        "date": {"start": text} if text else None,
    }
    return {kind: written[kind]} if kind in written else None


def unchanged(prop: Mapping[str, Any]) -> dict[str, Any] | None:
    """What to send so that a property stays as it is; None: what it holds cannot be sent."""
    kind = str(prop.get("type"))
    value = prop.get(kind)
    if kind in ("title", "rich_text"):
        if any(run.get("type") != "text" for run in value or []):
            return None
        runs = [{"text": run["text"], "annotations": run.get("annotations") or {}} for run in value or []]
        return {kind: runs}
    if kind in ("select", "status"):
        return {kind: {"name": value["name"]} if value else None}
    if kind == "multi_select":
        return {kind: [{"name": option["name"]} for option in value or []]}
    return {kind: value} if kind in ("url", "email", "phone_number", "date") else None


def filter_of(kind: str, name: str, value: str) -> dict[str, Any] | None:
    """The filter that keeps the pages whose property says ``value``, a box being ticked; None: there is none
    for this type."""
    condition: dict[str, Any]
    if kind == "checkbox":
        condition = {"equals": True}
    elif kind == "multi_select":
        condition = {"contains": value}
    elif kind == "formula":
        condition = {"string": {"equals": value}}
    elif kind in ("title", "rich_text", "select", "status", "url", "email", "phone_number", "date"):
        condition = {"equals": value}
    else:
        return None
    return {"property": name, kind: condition}


def says(prop: Mapping[str, Any], value: str) -> bool:
    """Whether the property says exactly this: how Notion compares texts (case, spaces) is not documented."""
    if prop.get("type") == "checkbox":
        return bool(prop.get("checkbox")) and is_ticked(value)
    plain = plain_value(prop)
    return value in plain if isinstance(plain, list) else plain == value
