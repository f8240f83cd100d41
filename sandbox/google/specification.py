"""The drive.v3 discovery document, used to refuse what Google would not know and to answer in shape."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from googleapiclient.discovery_cache import get_static_doc

from sandbox.google.refusals import invalid

_JSON_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
}


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(get_static_doc("drive", "v3"))
    return document


def check_parameters(method: str, names: Iterable[str]) -> None:
    """Refuse a query parameter that files.<method> does not have."""
    known = _document()["resources"]["files"]["methods"][method]["parameters"].keys()
    for name in names:
        if name not in known and name not in _document()["parameters"] and name != "upload_id":
            raise invalid(name, f'Invalid JSON payload received. Unknown name "{name}".')


def check_shape(schema: str, value: Mapping[str, Any]) -> None:
    """Refuse a property that the schema lacks, or one of another type."""
    wrong = _fault({"$ref": schema}, value)
    if wrong:
        raise invalid(wrong, f'Invalid value at "{wrong}".')


def _fault(schema: Mapping[str, Any], value: Any, path: str = "") -> str | None:
    """The path of the first thing that does not fit, or None."""
    if "$ref" in schema:
        schema = _document()["schemas"][schema["$ref"]]
    if not isinstance(value, _JSON_TYPES[schema["type"]]):
        return path or "body"
    if isinstance(value, list):
        faults = (_fault(schema["items"], item, f"{path}[{n}]") for n, item in enumerate(value))
        return next(filter(None, faults), None)
    if not isinstance(value, dict):
        return None
    for name, inner in value.items():
        known = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
        fault = f"{path}.{name}" if known is None else _fault(known, inner, f"{path}.{name}".lstrip("."))
        if fault:
            return fault
    return None


def select(fields: str | None, answer: dict[str, Any], default: str) -> dict[str, Any]:
    """Partial response: ``id,files(id,contentRestrictions(readOnly))`` or ``*``."""
    wanted = fields or default
    chosen: dict[str, Any] = answer if wanted == "*" else _chosen(_parsed(wanted), answer)
    return chosen


def _parsed(fields: str) -> dict[str, Any]:
    """``a,b(c,d)`` -> ``{"a": {}, "b": {"c": {}, "d": {}}}``."""
    tree: dict[str, Any] = {}
    levels = [tree]
    name = ""
    for character in fields + ",":
        if character not in ",()/":
            name += character
            continue
        node: dict[str, Any] = levels[-1].setdefault(name.strip(), {}) if name.strip() else {}
        name = ""
        if character == "(":
            levels.append(node)
        elif character == ")":
            if len(levels) == 1:
                raise invalid("fields", "Invalid field selection")
            levels.pop()
    if len(levels) != 1:
        raise invalid("fields", "Invalid field selection")
    return tree


def _chosen(tree: Mapping[str, Any], value: Any) -> Any:
    if not tree:
        return value
    if isinstance(value, list):
        return [_chosen(tree, item) for item in value]
    return {name: _chosen(inner, value[name]) for name, inner in tree.items() if name in value}


def check_fields(schema: str, fields: str | None) -> None:
    """Refuse a selection of properties that do not exist."""
    if fields and fields != "*":
        _check_tree({"$ref": schema}, _parsed(fields))


def _check_tree(schema: Mapping[str, Any], tree: Mapping[str, Any]) -> None:
    if "$ref" in schema:
        schema = _document()["schemas"][schema["$ref"]]
    if schema["type"] == "array":
        _check_tree(schema["items"], tree)
        return
    for name, inner in tree.items():
        known = schema.get("properties", {}).get(name)
        if known is None:
            raise invalid("fields", f"Invalid field selection {name}")
        _check_tree(known, inner)
