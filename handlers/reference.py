"""The reference that people read at ``/docs``: the OpenAPI document, put into French sentences and tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from domain.aliases import ALIASES
from domain.normalise.columns import titles
from handlers.calls import JSON, PDF
from handlers.hooks import EVENT_TYPES
from handlers.problem_codes import ProblemCode, problem_codes

_VARIABLES = {"convention_id": "$CONVENTION", "preview_id": "$APERCU", "hook_id": "$ABONNEMENT"}
_TYPES = {
    "string": "texte", "integer": "entier", "number": "nombre", "boolean": "vrai ou faux", "object": "objet",
    "array": "liste",
}  # fmt: skip
_EVENTS = {
    "rendered": "le document est rédigé",
    "sent": "la convention est chez ses signataires",
    "opened": "un signataire l'a ouverte",
    "signer_signed": "un signataire a signé (data.signer dit lequel)",
    "signed": "tout le monde a signé, et le hub détient le fichier et sa preuve",
    "archived": "le fichier signé est classé dans toutes ses archives",
    "declined": "un signataire a refusé",
    "expired": "le délai de signature est passé",
    "cancelled": "le cabinet a annulé",
    "superseded": "une autre version la remplace",
    "reminded": "un signataire a été relancé (data.signer dit lequel)",
    "copy_repaired": "une copie qui manquait ou avait changé est refaite (data.archive dit où)",
    "copy_lost": "une copie manque ou a changé, et il n'en reste aucune bonne (data.archive dit où)",
    "failed": "une étape n'aboutit pas (data.problem dit que faire)",
}


@dataclass(frozen=True)
class FieldLine:
    """``target``: the shape that the field holds, if any."""

    name: str
    kind: str
    needed: bool
    text: str
    target: str = ""


@dataclass(frozen=True)
class CallLine:
    id: str
    method: str
    path: str
    summary: str
    text: str
    access: str
    parameters: list[FieldLine]
    body: list[FieldLine]
    curl: str
    answers: list[tuple[str, str, str]]


def reference(document: Mapping[str, Any]) -> dict[str, Any]:
    """What ``pages/reference.html`` shows."""
    schemas: Mapping[str, Any] = document["components"]["schemas"]
    calls = [
        (operation["tags"][0], _call(document, path, method, operation))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    by_id = {call.id: call for _, call in calls}
    return {
        "create": by_id["conventions_create"],
        "signed": by_id["documents_signed"],
        "subscribe": by_id["hooks_subscribe"],
        "version": document["info"]["version"],
        "groups": {
            tag["name"]: [call for group, call in calls if group == tag["name"]] for tag in document["tags"]
        },
        "shapes": {name: list(_fields(schemas[name], schemas)) for name in _answered(document, schemas)},
        "events": [(name, _EVENTS[name.removeprefix("convention.")]) for name in EVENT_TYPES],
        "problems": _by_origin(),
        "record": [(name, title, ALIASES.get(name, ("",))[0]) for name, title in titles().items()],
    }


def _call(document: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> CallLine:
    schemas = document["components"]["schemas"]
    body = operation.get("requestBody", {}).get("content", {}).get(JSON, {})
    return CallLine(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        text=operation["description"],
        access=_access(operation),
        parameters=[
            FieldLine(
                name=one["name"],
                kind=_kind(one["schema"], schemas)[0],
                needed=one.get("required", False),
                text=one["description"],
            )
            for one in operation["parameters"]
        ],
        body=list(_asked(_resolved(body["schema"], schemas), schemas)) if body else [],
        curl=_curl(document["servers"][0]["url"], path, method, operation) if operation["security"] else "",
        answers=[
            (status, answer["description"], _shape_of(answer))
            for status, answer in operation["responses"].items()
        ],
    )


def _access(operation: Mapping[str, Any]) -> str:
    if not operation["security"]:
        return "sans clé"
    scopes: list[str] = operation["security"][0]["bearer"]
    return f"droit {scopes[0]}" if scopes else "toute clé"


def _curl(server: str, path: str, method: str, operation: Mapping[str, Any]) -> str:
    """A line to copy; the body comes in a here-document, so that French apostrophes need no care."""
    for name, variable in _VARIABLES.items():
        path = path.replace(f"{{{name}}}", variable)
    lines = [f'curl -X {method.upper()} "{server}{path}"' if method != "get" else f'curl "{server}{path}"']
    lines.append('-H "Authorization: Bearer $PARAPHE_KEY"')
    lines += [
        f'-H "{one["name"]}: {one["example"]}"' for one in operation["parameters"] if one["in"] == "header"
    ]
    media = list(next(iter(operation["responses"].values())).get("content", {}))
    if media[:1] == [PDF]:
        lines.append(f"-o {path.rsplit('/', 1)[-1]}.pdf")
    example = operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("example")
    if example is None:
        return " \\\n  ".join(lines)
    written = json.dumps(example, ensure_ascii=False, indent=2)
    lines += ['-H "Content-Type: application/json"', f"--data-binary @- <<'FIN'\n{written}\nFIN"]
    return " \\\n  ".join(lines)


def _fields(schema: Mapping[str, Any], schemas: Mapping[str, Any], prefix: str = "") -> Iterator[FieldLine]:
    for name, shape in schema.get("properties", {}).items():
        kind, target = _kind(shape, schemas)
        needed = name in schema.get("required", [])
        yield FieldLine(prefix + name, kind, needed, shape.get("description", ""), target)


def _asked(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[FieldLine]:
    """The fields of a request, each followed by those of the object that it holds, dotted."""
    for line in _fields(schema, schemas):
        yield replace(line, target="")
        held = _resolved(schema["properties"][line.name], schemas)
        for variant in held.get("oneOf", [held]):
            yield from _fields(variant, schemas, f"{line.name}.")


def _kind(shape: Mapping[str, Any], schemas: Mapping[str, Any]) -> tuple[str, str]:
    """``(French words, name of the shape held)``"""
    if shape.get("type") == "array":
        kind, target = _kind(shape.get("items", {}), schemas)
        return f"liste de {target or kind}" if (target or kind) != "objet" else "liste", target
    found = _resolved(shape, schemas)
    values = found.get("enum") or ([found["const"]] if "const" in found else [])
    if values:
        return " | ".join(str(value) for value in values), ""
    if found.get("format") == "date-time":
        return "date et heure", ""
    target = shape.get("$ref", "").rpartition("/")[2]
    return _TYPES.get(found.get("type", ""), ""), target if "properties" in found else ""


def _resolved(shape: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    name = shape.get("$ref", "").rpartition("/")[2]
    found: Mapping[str, Any] = schemas[name] if name else shape
    return found


def _shape_of(answer: Mapping[str, Any]) -> str:
    for content in answer.get("content", {}).values():
        schema = content["schema"]
        found: str = (schema.get("items") or schema).get("$ref", "").rpartition("/")[2]
        return found
    return ""


def _answered(document: Mapping[str, Any], schemas: Mapping[str, Any]) -> list[str]:
    """The object shapes of answers, not those of requests."""
    asked = {
        body["content"][JSON]["schema"].get("$ref", "").rpartition("/")[2]
        for methods in document["paths"].values()
        for operation in methods.values()
        if (body := operation.get("requestBody"))
    }
    inner = {"SourceRef", "SignatureWish"}
    return [name for name, schema in schemas.items() if "properties" in schema and name not in asked | inner]


def _by_origin() -> dict[str, list[ProblemCode]]:
    found: dict[str, list[ProblemCode]] = {}
    for one in problem_codes():
        found.setdefault(one.origin, []).append(one)
    return found
