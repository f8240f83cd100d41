"""The discovery documents packaged with Google's client, used to refuse what Google would not know and to
answer in shape. Methods go by their id there (``drive.files.get``), schemas with their API (``drive``)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from googleapiclient.discovery_cache import get_static_doc

from sandbox.google.refusals import invalid

_VERSIONS = {"drive": "v3", "sheets": "v4"}
_JSON_TYPES: dict[str, type | tuple[type, ...]] = {
    "any": object,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
}


@cache
def _document(api: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(get_static_doc(api, _VERSIONS[api]))
    return document


@cache
def _method(method: str) -> dict[str, Any]:
    api, *resources, name = method.split(".")
    node = _document(api)
    for resource in resources:
        node = node["resources"][resource]
    found: dict[str, Any] = node["methods"][name]
    return found


def scopes_of(method: str) -> list[str]:
    """Any one of these is enough."""
    found: list[str] = _method(method)["scopes"]
    return found


def check_parameters(method: str, given: Mapping[str, str]) -> None:
    """Refuse a query parameter that the method does not have, or a value that is not of its list."""
    known = _method(method).get("parameters", {})
    for name, value in given.items():
        if name not in known and name not in _document(method.split(".", 1)[0])["parameters"]:
            if name != "upload_id":
                raise invalid(name, f'Invalid JSON payload received. Unknown name "{name}".')
        elif "enum" in known.get(name, {}) and value not in known[name]["enum"]:
            raise invalid(name, f'Invalid value at "{name}".')


def check_shape(api: str, schema: str, value: Any) -> None:
    """Refuse a property that the schema lacks, or one of another type."""
    wrong = _fault(api, {"$ref": schema}, value)
    if wrong:
        raise invalid(wrong, f'Invalid value at "{wrong}".')


def _fault(api: str, schema: Mapping[str, Any], value: Any, path: str = "") -> str | None:
    """The path of the first thing that does not fit, or None."""
    if "$ref" in schema:
        schema = _document(api)["schemas"][schema["$ref"]]
    fits = isinstance(value, _JSON_TYPES[schema["type"]])
    if not fits or ("enum" in schema and value not in schema["enum"]):
        return path or "body"
    if schema["type"] == "any":
        return None
    if isinstance(value, list):
        faults: Iterable[str | None] = (
            _fault(api, schema["items"], item, f"{path}[{n}]") for n, item in enumerate(value)
        )
        return next(filter(None, faults), None)
    if not isinstance(value, dict):
        return None
    for name, inner in value.items():
        known = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
        place = f"{path}.{name}".lstrip(".")
        fault = place if known is None else _fault(api, known, inner, place)
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


def check_fields(api: str, schema: str, fields: str | None) -> None:
    """Refuse a selection of properties that do not exist."""
    if fields and fields != "*":
        _check_tree(api, {"$ref": schema}, _parsed(fields))


def _check_tree(api: str, schema: Mapping[str, Any], tree: Mapping[str, Any]) -> None:
    if "$ref" in schema:
        schema = _document(api)["schemas"][schema["$ref"]]
    if schema["type"] == "array":
        _check_tree(api, schema["items"], tree)
        return
    for name, inner in tree.items():
        known = schema.get("properties", {}).get(name)
        if known is None:
            raise invalid("fields", f"Invalid field selection {name}")
        _check_tree(api, known, inner)
