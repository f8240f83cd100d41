"""Webhooks: create (once the address has echoed), list, read, enable again."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, request

from sandbox.adobe_sign import answers, bodies, webhooks
from sandbox.adobe_sign.api import blueprint, json_body, known_arguments, require_match, tagged
from sandbox.adobe_sign.desk import Desk
from sandbox.adobe_sign.refusals import bad_request, not_found
from sandbox.adobe_sign.state import Webhook


def routes(desk: Desk) -> Blueprint:
    api = blueprint("webhooks", desk)
    state = desk.state

    def find_one(webhook_id: str) -> Webhook:
        found = state.webhooks.get(webhook_id)
        if found is None:
            raise not_found("INVALID_WEBHOOK_ID", "The webhook id specified is invalid.")
        return found

    def require_echo(url: str) -> None:
        if not webhooks.challenge(url):
            raise bad_request("INVALID_WEBHOOK_URL", "The webhook url did not echo the client id.")

    @api.post("/webhooks")
    def create() -> tuple[dict[str, Any], int]:
        made = Webhook(json_body(bodies.NewWebhook).model_dump())
        keys = ("webhookUrlInfo", "scope", "webhookSubscriptionEvents")
        if any(all(one.asked[key] == made.asked[key] for key in keys) for one in state.webhooks.values()):
            raise bad_request("DUPLICATE_WEBHOOK_CONFIGURATION", "There is already such a webhook.")
        require_echo(made.url)
        state.webhooks[made.id] = made
        return {"id": made.id}, HTTPStatus.CREATED

    @api.get("/webhooks")
    def find() -> dict[str, Any]:
        known_arguments("showInActiveWebhooks", "scope", "resourceType", "cursor", "pageSize")
        all_of_them = request.args.get("showInActiveWebhooks") == "true"
        found = [one for one in state.webhooks.values() if all_of_them or one.status == "ACTIVE"]
        return {"userWebhookList": [answers.webhook(one) for one in found], "page": {}}

    @api.get("/webhooks/<webhook_id>")
    def read(webhook_id: str) -> Response:
        return tagged(answers.webhook(find_one(webhook_id)))

    @api.put("/webhooks/<webhook_id>/state")
    def change(webhook_id: str) -> tuple[str, int]:
        asked = json_body(bodies.WebhookState)
        found = find_one(webhook_id)
        require_match(desk, answers.webhook(found))
        if asked.state == "ACTIVE":
            require_echo(found.url)
        found.status = asked.state
        return "", HTTPStatus.NO_CONTENT

    return api
