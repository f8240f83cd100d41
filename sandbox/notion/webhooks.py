"""What Notion sends: the verification token, signed events, and the POST of a "Send webhook" action. Real
calls over HTTP, sent when a control says so, all at once when they are to be several.

* ``POST _control/handshake`` ``{"url"}`` -> ``{"token", "statuses"}``;
* ``POST _control/event`` ``{"url", "page", "token"?, "corrupt"?, "times"?}`` signed with the last token sent;
* ``POST _control/action`` ``{"url", "page", "headers", "times"?}`` with one ``event_id``.

The shape of an action's body is that of third parties' captures.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from flask import Flask, request

from sandbox.notion.workspace import Workspace
from sandbox.signing.courier import post

TIMEOUT_SECONDS = 10.0


def controls(app: Flask, workspace: Workspace) -> None:
    tokens: list[str] = []

    @app.post("/_control/handshake")
    def handshake() -> dict[str, Any]:
        tokens.append("secret_" + secrets.token_urlsafe(24))
        statuses = _sent(request.get_json(), {"verification_token": tokens[-1]}, {})
        return {"token": tokens[-1], "statuses": statuses}

    @app.post("/_control/event")
    def event() -> dict[str, Any]:
        order = request.get_json()
        page = workspace.page(order["page"])
        body = {
            "id": str(uuid4()),
            "timestamp": "2026-11-02T09:00:00.000Z",
            "type": "page.properties_updated",
            "attempt_number": 1,
            "entity": {"id": page.id, "type": "page"},
            "data": {"parent": {"id": page.source.id, "type": "data_source"}, "updated_properties": []},
        }
        token = order.get("token") or tokens[-1]
        digest = hmac.new(token.encode(), json.dumps(body).encode(), hashlib.sha256).hexdigest()
        signature = digest[::-1] if order.get("corrupt") else digest
        return {"statuses": _sent(order, body, {"X-Notion-Signature": f"sha256={signature}"})}

    @app.post("/_control/action")
    def action() -> dict[str, Any]:
        order = request.get_json()
        page = workspace.page(order["page"])
        source = {"type": "automation", "automation_id": str(uuid4()), "action_id": str(uuid4())}
        body = {"source": source | {"event_id": str(uuid4()), "attempt": 1}, "data": page.as_json()}
        return {"statuses": _sent(order, body, order["headers"])}


def _sent(order: dict[str, Any], body: dict[str, Any], headers: dict[str, str]) -> list[int | None]:
    raw = json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **headers}
    times = int(order.get("times", 1))
    with ThreadPoolExecutor(times) as pool:
        sent = [pool.submit(post, order["url"], raw, headers, TIMEOUT_SECONDS) for _ in range(times)]
        return [one.result().status for one in sent]
