"""Put the pieces together under ``/google``: token endpoint, Drive, Sheets, controls, views."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Flask, Response, abort, request

from sandbox.context import Context, StandIn
from sandbox.google.drive import SHARED_FOLDER_ID, Drive
from sandbox.google.long_addresses import taking_long_addresses
from sandbox.google.routes import drive_routes
from sandbox.google.sheets import Sheets
from sandbox.google.sheets_routes import sheets_controls, sheets_routes
from sandbox.google.tokens import Tokens
from sandbox.google.uploads import Uploads
from sandbox.google.view import render_file, render_tree


def create(context: Context) -> StandIn:
    drive, sheets, tokens = Drive(), Sheets(), Tokens()
    uploads = Uploads(drive)
    app = Flask("sandbox.google")
    app.wsgi_app = taking_long_addresses(app.wsgi_app)  # type: ignore[assignment,method-assign] # Flask's own way
    app.url_map.merge_slashes = False  # a sheet's title is percent-encoded, slashes included
    app.register_blueprint(drive_routes(drive, uploads, tokens, context.url))
    app.register_blueprint(sheets_routes(sheets, tokens))

    @app.post("/token")
    def token() -> tuple[dict[str, Any], int]:
        if drive.settings.key_disabled:
            return {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, 400
        status, body = tokens.grant(request.form.get("grant_type", ""), request.form.get("assertion", ""))
        return body, status

    @app.get("/view")
    def tree() -> str:
        return render_tree(drive)

    @app.get("/view/<file_id>")
    def file(file_id: str) -> str:
        return render_file(drive, file_id)

    @app.get("/view/<file_id>/content")
    def content(file_id: str) -> Response:
        item = drive.items.get(file_id)
        if item is None or item.content is None:
            abort(404)
        return Response(item.content, mimetype=item.mime_type)

    _controls(app, context, drive, tokens)
    app.register_blueprint(sheets_controls(sheets))

    def reset() -> None:
        drive.reset()
        sheets.reset()
        uploads.reset()
        tokens.revoke_all()

    return StandIn(app, reset)


def _controls(app: Flask, context: Context, drive: Drive, tokens: Tokens) -> None:
    @app.get("/_control/service_account.json")
    def service_account() -> dict[str, str]:
        return tokens.service_account(f"{context.url}/token")

    @app.post("/_control/revoke")
    def revoke() -> dict[str, Any]:
        tokens.revoke_all()
        return {}

    @app.get("/_control/files")
    def files() -> list[dict[str, Any]]:
        with drive.lock:
            return [
                {
                    "id": item.id,
                    "name": item.name,
                    "parents": item.parents,
                    "folder": item.content is None,
                    "trashed": item.trashed,
                    "sha256": item.sha256,
                    "read_only": any(one.get("readOnly") for one in item.restrictions),
                    "app_properties": item.app_properties,
                }
                for item in drive.items.values()
            ]

    @app.post("/_control/files")
    def add() -> dict[str, str]:
        order = request.get_json()
        content = order["text"].encode() if "text" in order else None
        return {"id": drive.add_by_hand(order["name"], order.get("parent", SHARED_FOLDER_ID), content).id}

    @app.patch("/_control/files/<file_id>")
    def change(file_id: str) -> dict[str, Any]:
        drive.change_by_hand(file_id, request.get_json())
        return {}

    @app.patch("/_control/settings")
    def settings() -> dict[str, Any]:
        drive.settings = replace(drive.settings, **request.get_json())
        return {}
