"""Webhook endpoints, and the keys that anybody may read."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from sandbox.universign import answers, forms
from sandbox.universign.api import blueprint, form
from sandbox.universign.desk import Desk
from sandbox.universign.state import Endpoint


def routes(desk: Desk) -> Blueprint:
    api = blueprint("webhooks", desk)

    @api.post("/webhook-endpoints")
    def create() -> dict[str, Any]:
        asked = form(forms.NewEndpoint, lists=("event_types",))
        made = Endpoint(asked.name, asked.url, asked.event_types)
        desk.state.endpoints[made.id] = made
        return answers.endpoint(made)

    return api


def public(desk: Desk) -> Blueprint:
    """Without a key: they are public."""
    open_door = Blueprint("keys", __name__, url_prefix="/v1")

    @open_door.get("/webhooks/jwks.json")
    def published() -> dict[str, Any]:
        with desk.state.lock:
            return desk.keys.published()

    return open_door
