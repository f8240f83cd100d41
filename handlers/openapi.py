"""``/openapi.json``: OpenAPI 3.1, built from the routes, their declared access, the bodies that
``handlers/bodies.py`` reads and the shapes that callers get. What is said of each call stands in
``handlers/calls.py``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, json, request
from pydantic import TypeAdapter
from werkzeug.routing import Rule

from connectors import sources
from handlers.auth import public
from handlers.calls import CALLS, FIELDS, JSON, Answer, Call
from handlers.hub import hub
from handlers.shapes import Event, Problem

blueprint = Blueprint("openapi", __name__)
_ROOT = Path(__file__).parents[1]
_REF = "#/components/schemas/{model}"
_KEY = "paraphe.openapi"

_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "Authorization: Bearer <clé>",
    },
    "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "basic": {"type": "http", "scheme": "basic", "description": "la clé comme nom d'utilisateur"},
}
_HEADERS = {
    "Idempotency-Key": (
        "une valeur unique par demande (1 à 128 caractères visibles) : la même clé redonne la même réponse",
        {"type": "string", "pattern": "^[!-~]{1,128}$"},
        "scenario-42-1",
    ),
    "Prefer": (
        "wait=25 retient la réponse jusqu'au résultat, 25 secondes au plus",
        {"type": "string"},
        "wait=25",
    ),
}
_REFUSED = {
    400: "Le corps n'est pas lisible",
    401: "Clé, ou signature, absente ou refusée",
    403: "La clé n'a pas ce droit",
    404: "Inconnu ici",
    413: "Corps trop volumineux",
    422: "Un champ ou une règle l'empêche",
}
_PATHS = {
    "convention_id": "identifiant de la convention (cv_…)",
    "preview_id": "identifiant de l'aperçu (pv_…)",
    "name": "nom du modèle",
    "hook_id": "identifiant de l'abonnement (hk_…)",
    "provider": "nom du prestataire",
    "watch_id": "identifiant du déclencheur (wt_…)",
}


@blueprint.get("/openapi.json")
@public
def specification() -> Response:
    response = Response(json.dumps(document()), content_type=JSON)
    response.add_etag()
    response.make_conditional(request)
    return response


def document() -> dict[str, Any]:
    """Made once per application: the routes and the settings do not change while it runs."""
    kept: dict[str, Any] = current_app.extensions
    if _KEY not in kept:
        kept[_KEY] = _build(current_app)
    found: dict[str, Any] = kept[_KEY]
    return found


def _build(app: Flask) -> dict[str, Any]:
    schemas, refs = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for rule, method, call in _calls(app):
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        paths.setdefault(path, {})[method.lower()] = _operation(app, rule, call, refs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Paraphe",
            "version": tomllib.loads((_ROOT / "pyproject.toml").read_text())["project"]["version"],
            "summary": "Les conventions d'honoraires, de la fiche à l'archive.",
            "description": "La même chose, en page : /docs",
        },
        "servers": [{"url": hub().settings.core.public_url}],
        "tags": [{"name": name} for name in dict.fromkeys(call.group for call in CALLS.values())],
        "paths": paths,
        "webhooks": {"event": _webhook(refs)},
        "components": {"schemas": schemas, "securitySchemes": _SCHEMES},
    }


def _calls(app: Flask) -> Iterator[tuple[Rule, str, Call]]:
    """In the order of the table: it goes from the first call to the rarest."""
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    for endpoint, call in CALLS.items():
        rule = rules[endpoint]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method, call


def _operation(app: Flask, rule: Rule, call: Call, refs: dict[Any, Any]) -> dict[str, Any]:
    access = app.view_functions[rule.endpoint].__dict__["access"]
    scopes = [] if access in ("public", "any key") else [access]
    operation: dict[str, Any] = {
        "tags": [call.group],
        "operationId": rule.endpoint.replace(".", "_"),
        "summary": call.summary,
        "description": call.text,
        "security": [] if access == "public" else [{name: scopes} for name in _SCHEMES],
        "parameters": _parameters(rule, call),
        "responses": {str(status): _answer(answer, refs) for status, answer in call.answers.items()},
    }
    for status in _refusals(rule, call, access):
        operation["responses"][str(status)] = _problem(_REFUSED[status], refs)
    operation["responses"]["default"] = _problem("Toute autre erreur", refs)
    if call.body:
        content = {"schema": refs[call.body], **({"example": call.example} if call.example else {})}
        needed = call.body.model_json_schema().get("required")
        operation["requestBody"] = {"required": bool(needed), "content": {JSON: content}}
    return operation


def _parameters(rule: Rule, call: Call) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            "name": name, "in": "path", "required": True, "description": _PATHS[name],
            "schema": {"type": "string"},
        }
        for name in sorted(rule.arguments)
    ]  # fmt: skip
    found += [
        {"name": query.name, "in": "query", "description": query.text, "schema": query.schema}
        for query in call.query
    ]
    for name in call.headers:
        text, schema, example = _HEADERS[name]
        found.append(
            {"name": name, "in": "header", "description": text, "schema": schema, "example": example}
        )
    return found


def _refusals(rule: Rule, call: Call, access: str) -> list[int]:
    statuses = {401} if access != "public" or rule.endpoint.startswith("callbacks.") else set()
    if access not in ("public", "any key"):
        statuses.add(403)
    if (rule.arguments and 204 not in call.answers) or access == "public":
        statuses.add(404)
    if call.body:
        statuses |= {400, 413, 422}
    if call.query:
        statuses.add(422)
    return sorted(statuses)


def _answer(answer: Answer, refs: dict[Any, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"description": answer.text}
    if answer.media:
        schema = refs[answer.shape] if answer.shape else {}
        told["content"] = {media: {"schema": schema if media == JSON else {}} for media in answer.media}
    if answer.headers:
        told["headers"] = {
            name: {"description": text, "schema": {"type": "string"}} for name, text in answer.headers.items()
        }
    return told


def _problem(text: str, refs: dict[Any, Any]) -> dict[str, Any]:
    return {"description": text, "content": {"application/problem+json": {"schema": refs[Problem]}}}


def _webhook(refs: dict[Any, Any]) -> dict[str, Any]:
    headers = {
        "webhook-id": "l'identifiant de l'événement",
        "webhook-timestamp": "secondes depuis 1970",
        "webhook-signature": "v1,<base64> : HMAC-SHA256 de « id.timestamp.corps »",
    }
    return {
        "post": {
            "operationId": "event",
            "tags": ["Événements"],
            "summary": "Un événement, envoyé à chaque abonné",
            "description": "Signé selon Standard Webhooks. Répondez 2xx ; 410 met fin à l'abonnement.",
            "parameters": [
                {"name": name, "in": "header", "required": True, "description": text,
                 "schema": {"type": "string"}}
                for name, text in headers.items()
            ],
            "requestBody": {"required": True, "content": {JSON: {"schema": refs[Event]}}},
            "responses": {"2XX": {"description": "Reçu."}},
        }
    }  # fmt: skip


def _schemas() -> tuple[dict[str, Any], dict[Any, Any]]:
    """``(components, shape -> the schema that refers to it)``"""
    bodies = {call.body for call in CALLS.values() if call.body}
    shapes = {answer.shape for call in CALLS.values() for answer in call.answers.values() if answer.shape}
    wanted: list[tuple[Any, Any]] = [(body, "validation") for body in bodies]
    wanted += [(shape, "serialization") for shape in (*shapes, Problem, Event)]
    found, together = TypeAdapter.json_schemas(
        [(shape, mode, TypeAdapter(shape)) for shape, mode in wanted], ref_template=_REF
    )
    components: dict[str, Any] = together["$defs"]
    components["SourceRef"] = _source()
    for name, schema in components.items():
        _speak(name, schema)
    ordered = dict(sorted(components.items()))
    return ordered, {shape: found[shape, mode] for shape, mode in wanted}


def _source() -> dict[str, Any]:
    """One variant per source that is set up here."""
    ready = [name for name in sources.REGISTRY if name in hub().settings.sections]
    variants = []
    for name in ready:
        schema = hub().source(name).Ref.model_json_schema()
        properties = {
            "kind": {"const": name, "description": "avec les champs que voici"},
            **schema.get("properties", {}),
        }
        variants.append(
            schema | {"properties": properties, "required": ["kind", *schema.get("required", [])]}
        )
    return {"type": "object", "oneOf": variants}


def _speak(name: str, schema: dict[str, Any]) -> None:
    """Class names and docstrings are for programmers; descriptions are for callers."""
    for part in (schema, *schema.get("oneOf", [])):
        part.pop("title", None)
        part.pop("description", None)
        for field, shape in part.get("properties", {}).items():
            shape.pop("title", None)
            _drop_null(shape)
            if said := FIELDS.get(name, {}).get(field):
                shape["description"] = said


def _drop_null(shape: dict[str, Any]) -> None:
    """Absent is how a field is left unset; null is tolerated, not told."""
    options = shape.get("anyOf", [])
    if {"type": "null"} in options:
        kept = [option for option in options if option != {"type": "null"}]
        del shape["anyOf"]
        shape.update(kept[0] if len(kept) == 1 else {"anyOf": kept})
        if shape.get("default", "") is None:
            del shape["default"]
