"""Webhook subscriptions: create, list, read, change, delete."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint

from sandbox.yousign import answers, bodies
from sandbox.yousign.api import blueprint, json_body
from sandbox.yousign.desk import Desk
from sandbox.yousign.refusals import not_found
from sandbox.yousign.state import Subscription, now


def routes(desk: Desk) -> Blueprint:
    api = blueprint("webhooks", desk)
    state = desk.state

    def find_one(webhook_id: str) -> Subscription:
        found = state.subscriptions.get(webhook_id)
        if found is None:
            raise not_found("Webhook subscription")
        return found

    @api.post("/webhooks")
    def create() -> tuple[dict[str, Any], int]:
        asked = json_body(bodies.NewWebhook)
        made = Subscription(
            asked.endpoint,
            asked.subscribed_events,
            asked.secret_key or secrets.token_hex(16),
            asked.model_dump(exclude={"endpoint", "subscribed_events", "secret_key"}),
        )
        state.subscriptions[made.id] = made
        return answers.subscription(made), 201

    @api.get("/webhooks")
    def find() -> list[dict[str, Any]]:
        return [answers.subscription(one) for one in state.subscriptions.values()]

    @api.get("/webhooks/<webhook_id>")
    def read(webhook_id: str) -> dict[str, Any]:
        return answers.subscription(find_one(webhook_id))

    @api.patch("/webhooks/<webhook_id>")
    def change(webhook_id: str) -> dict[str, Any]:
        asked = json_body(bodies.WebhookPatch)
        found = find_one(webhook_id)
        found.endpoint = asked.endpoint or found.endpoint
        found.events = asked.subscribed_events or found.events
        found.secret_key = asked.secret_key or found.secret_key
        changes = asked.model_dump(
            exclude_unset=True, exclude={"endpoint", "subscribed_events", "secret_key"}
        )
        found.asked, found.updated_at = found.asked | changes, now()
        return answers.subscription(found)

    @api.delete("/webhooks/<webhook_id>")
    def delete(webhook_id: str) -> tuple[str, int]:
        del state.subscriptions[find_one(webhook_id).id]
        return "", 204

    return api
