"""What the tools' connection tests and drop-downs need."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from connectors import signature
from domain.aliases import ALIASES
from domain.errors import NotFound
from domain.normalise.columns import titles
from handlers.auth import caller, needs
from handlers.hub import hub

blueprint = Blueprint("catalogue", __name__, url_prefix="/v1")


@blueprint.get("/me")
@needs(None)
def me() -> Response:
    """The key's label and scopes: the connection test of every tool."""
    key, core = caller(), hub().settings.core
    return jsonify(
        {"id": key.id, "label": key.label, "scopes": key.scopes, "sandbox": bool(core.sandbox_url)}
    )


@blueprint.get("/templates")
@needs("conventions:read")
def templates() -> Response:
    return jsonify({"items": hub().templates()})


@blueprint.get("/templates/<name>/fields")
@needs("conventions:read")
def fields(name: str) -> Response:
    """What a record may hold, for dynamic forms; the same for every template today."""
    if name not in hub().template_names():
        raise NotFound(
            "template_unknown", "Ce modèle n'existe pas : choisissez-en un dans la liste des modèles."
        )
    return jsonify(
        {
            "items": [
                {"id": field, "title": title, "column": ALIASES.get(field, (field,))[0]}
                for field, title in titles().items()
            ]
        }
    )


@blueprint.get("/providers")
@needs("conventions:read")
def providers() -> Response:
    chosen = hub().settings.core.provider
    ready = [name for name in signature.REGISTRY if name in hub().settings.sections]
    return jsonify(
        {
            "items": [
                {"name": name, "label": hub().provider(name).label, "default": name == chosen}
                for name in ready
            ]
        }
    )
