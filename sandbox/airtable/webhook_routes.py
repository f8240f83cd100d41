"""The routes of ``sandbox.airtable.webhooks``, and the controls on them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Flask, Response, request

from sandbox.airtable.bases import Bases
from sandbox.airtable.refusals import Refusal, forbidden, malformed
from sandbox.airtable.webhooks import LIFE, PAYLOADS_PER_PAGE, Webhooks


def routes(bases: Bases, webhooks: Webhooks) -> Blueprint:
    made = Blueprint("webhooks", __name__, url_prefix="/v0/bases/<base>/webhooks")

    @made.before_request
    def admit() -> None:
        base = (request.view_args or {})["base"]
        bases.admit(request.headers.get("Authorization", ""), base)
        bases.tables(base)
        if not bases.settings.can_manage_webhooks:
            raise forbidden()

    @made.get("")
    def listing(base: str) -> dict[str, Any]:
        return {"webhooks": [one.as_json() for one in webhooks.of(base)]}

    @made.post("")
    def create(base: str) -> dict[str, Any]:
        return webhooks.create(base, request.get_json(silent=True))

    @made.get("/<hook>/payloads")
    def payloads(base: str, hook: str) -> dict[str, Any]:
        try:
            cursor = int(request.args.get("cursor") or 1)
            limit = int(request.args.get("limit") or PAYLOADS_PER_PAGE)
        except ValueError:
            raise malformed() from None
        return webhooks.payloads(webhooks.one(base, hook), cursor, limit)

    @made.post("/<hook>/refresh")
    def refresh(base: str, hook: str) -> dict[str, Any]:
        found = webhooks.one(base, hook)
        found.expires = datetime.now(UTC) + LIFE
        return {"expirationTime": found.as_json()["expirationTime"]}

    @made.post("/<hook>/enableNotifications")
    def enable(base: str, hook: str) -> dict[str, Any]:
        body = request.get_json(silent=True)
        if not isinstance(body, dict) or not isinstance(body.get("enable"), bool):
            raise malformed()
        webhooks.one(base, hook).notifying = body["enable"]
        return {}

    @made.delete("/<hook>")
    def delete(base: str, hook: str) -> dict[str, Any]:
        webhooks.delete(base, hook)
        return {}

    return made


def telling(records: Blueprint, bases: Bases, webhooks: Webhooks) -> None:
    """Whatever a route of ``records`` writes is told to the base's webhooks."""

    @records.after_request
    def tell(response: Response) -> Response:
        where = request.view_args or {}
        writes = request.method != "GET" and not request.path.endswith("/listRecords")
        if writes and response.status_code == 200 and "table" in where:
            table = bases.table(where["base"], where["table"])
            answer = response.get_json()
            written = answer.get("records") or [answer]
            cells = {one["id"]: _by_id(table, one["fields"]) for one in written}
            webhooks.changed(where["base"], table.id, cells)
        return response


def controls(app: Flask, webhooks: Webhooks) -> None:
    @app.get("/_control/webhooks")
    def told() -> list[dict[str, Any]]:
        return webhooks.told()

    @app.post("/_control/webhooks/<base>/<hook>/age")
    def age(base: str, hook: str) -> dict[str, Any]:
        order, found = request.get_json(), webhooks.one(base, hook)
        found.expires = datetime.now(UTC) + timedelta(seconds=order.get("expires_in", LIFE.total_seconds()))
        found.notifying = order.get("notifying", found.notifying)
        return found.as_json()

    @app.post("/_control/webhooks/<base>/<hook>/repeat")
    def repeat(base: str, hook: str) -> dict[str, Any]:
        order, found = request.get_json(), webhooks.one(base, hook)
        if not found.pings:
            raise Refusal(409, "NO_PING", "Nothing to repeat yet")
        corrupt = bool(order.get("corrupt"))
        return {"statuses": webhooks.repeat(found, int(order.get("times", 1)), corrupt=corrupt)}


def _by_id(table: Any, fields: dict[str, Any]) -> dict[str, Any]:
    return {table.columns[name].id: cell for name, cell in fields.items() if name in table.columns}
