"""Put the pieces together under ``/microsoft_graph``: token endpoint, Graph, downloads, controls."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from typing import Any

from flask import Flask, Response, abort, request

from sandbox.context import Context, StandIn
from sandbox.microsoft_graph.library import Library
from sandbox.microsoft_graph.routes import graph_routes

TENANT = "00000000-0000-0000-0000-000000bac5ab"
CLIENT_ID = "11111111-0000-0000-0000-000000bac5ab"
CLIENT_SECRET = "secret-du-bac-a-sable"
LIFETIME_SECONDS = 3599


def create(context: Context) -> StandIn:
    library = Library()
    tokens: dict[str, float] = {}
    app = Flask("sandbox.microsoft_graph")

    def accepted(authorization: str) -> bool:
        return tokens.get(authorization.removeprefix("Bearer "), 0) > time.monotonic()

    app.register_blueprint(graph_routes(library, accepted, context.url))

    @app.post("/<tenant>/oauth2/v2.0/token")
    def token(tenant: str) -> tuple[dict[str, Any], int]:
        refused = _refused(tenant, expired=library.settings.secret_expired)
        if refused:
            return refused
        fresh = secrets.token_urlsafe(40)
        tokens[fresh] = time.monotonic() + LIFETIME_SECONDS
        life = {"expires_in": LIFETIME_SECONDS, "ext_expires_in": LIFETIME_SECONDS}
        return {"token_type": "Bearer", "access_token": fresh, **life}, 200

    @app.get("/download/<key>")
    def download(key: str) -> Response:
        """No token: the address is the permission, and one that comes with a token is refused."""
        if "Authorization" in request.headers:
            abort(401)
        if key not in library.downloads:
            abort(404)
        return Response(library.downloads[key], mimetype="application/pdf")

    _controls(app, library, tokens)

    def reset() -> None:
        library.reset()
        tokens.clear()

    return StandIn(app, reset)


def _refused(tenant: str, *, expired: bool) -> tuple[dict[str, Any], int] | None:
    form = request.form
    checks = (
        (tenant == TENANT, 400, "invalid_request", 90002),
        (form.get("grant_type") == "client_credentials", 400, "unsupported_grant_type", 70003),
        (form.get("client_id") == CLIENT_ID, 400, "unauthorized_client", 700016),
        (form.get("client_secret") == CLIENT_SECRET, 401, "invalid_client", 7000215),
        (not expired, 401, "invalid_client", 7000222),
        (form.get("scope") == "https://graph.microsoft.com/.default", 400, "invalid_scope", 1002012),
    )
    for good, status, error, number in checks:
        if not good:
            described = {"error_description": f"AADSTS{number}: refused.", "error_codes": [number]}
            return {"error": error, **described}, status
    return None


def _controls(app: Flask, library: Library, tokens: dict[str, float]) -> None:
    @app.post("/_control/revoke")
    def revoke() -> dict[str, Any]:
        tokens.clear()
        return {}

    @app.get("/_control/items")
    def items() -> list[dict[str, Any]]:
        with library.lock:
            return [
                {
                    "id": item.id,
                    "name": item.name,
                    "folder": item.content is None,
                    "binned": item.binned,
                }
                for item in library.items.values()
            ]

    @app.post("/_control/items")
    def leave() -> dict[str, Any]:
        order = request.get_json()
        library.leave(order["name"], order["age_seconds"])
        return {}

    @app.patch("/_control/settings")
    def settings() -> dict[str, Any]:
        library.settings = replace(library.settings, **request.get_json())
        return {}
