"""REST hooks: subscribe a Make, Zapier or n8n URL to events; and the events themselves, to poll."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from flask import Blueprint, Response, jsonify

from domain.errors import FieldError, Invalid
from domain.lifecycle import Move
from handlers import filters
from handlers.auth import caller, needs
from handlers.bodies import CreateHook, read
from handlers.hub import hub
from store import outbox
from store.models import Hook

blueprint = Blueprint("hooks", __name__, url_prefix="/v1")
EVENT_TYPES = (
    *(f"convention.{move.value}" for move in Move),
    "convention.signer_signed",
    "convention.reminded",
    "convention.copy_repaired",
    "convention.copy_lost",
)


@blueprint.post("/hooks")
@needs("hooks")
def subscribe() -> Response:
    """The secret (Standard Webhooks) is in this answer and nowhere else."""
    body = read(CreateHook)
    unknown = [number for number, name in enumerate(body.events) if name not in EVENT_TYPES]
    if unknown:
        raise Invalid(
            "request_invalid",
            "La requête a un ou plusieurs champs en défaut ; corrigez ceux de la liste.",
            tuple(
                FieldError(
                    f"events.{number}", "unknown_name", f"Choisissez parmi : {', '.join(EVENT_TYPES)}."
                )
                for number in unknown
            ),
        )
    hub().check_url(body.url)
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    with hub().database.transaction() as tx:
        hook = outbox.subscribe(tx, hub().now(), caller().id, body.url, tuple(body.events), secret)
        shown = _view(hook) | {"secret": secret}
    response = jsonify(shown)
    response.status_code = 201
    response.headers["Location"] = f"/v1/hooks/{hook.id}"
    return response


@blueprint.get("/hooks")
@needs("hooks")
def listing() -> Response:
    with hub().database.reading() as session:
        return jsonify({"items": [_view(hook) for hook in outbox.hooks_of(session, caller().id)]})


@blueprint.delete("/hooks/<hook_id>")
@needs("hooks")
def unsubscribe(hook_id: str) -> Response:
    """204, also when it is already gone."""
    with hub().database.transaction() as tx:
        hook = outbox.hook(tx, hook_id)
        if hook and hook.key_id == caller().id:
            outbox.unsubscribe(hub().now(), hook)
    return Response(status=204)


@blueprint.get("/events")
@needs("conventions:read")
def events() -> Response:
    """Newest first, the very bodies that are pushed; ``since`` is the last event id already seen."""
    wanted, limit = filters.some_of("type", EVENT_TYPES), filters.integer("limit", 100, 500)
    since = filters.identifier("since", "evt")
    with hub().database.reading() as session:
        rows = outbox.recent(session, since, wanted, limit)
        return jsonify([row.body for row in rows])


def _view(hook: Hook) -> dict[str, Any]:
    """Without the URL: it may carry a secret, and whoever subscribed knows it."""
    return {"id": hook.id, "events": hook.events, "created_at": hook.created_at.isoformat()}
