"""The routes under ``/crm``."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask, abort, request

from sandbox.context import Context, StandIn
from sandbox.crm.sample import RECORD_ID, record

KEY = "cle-du-bac-a-sable"


def create(_context: Context) -> StandIn:
    app = Flask("sandbox.crm")
    records: dict[str, dict[str, Any]] = {}
    posted: dict[str, list[Any]] = {}
    wanted = {"key": KEY}

    def known(record_id: str) -> dict[str, Any]:
        if request.headers.get("X-Api-Key") != wanted["key"]:
            abort(401)
        if record_id not in records:
            abort(404)
        return records[record_id]

    @app.get("/dossiers/<record_id>")
    def one(record_id: str) -> dict[str, Any]:
        return {"data": known(record_id)}

    @app.get("/dossiers")
    def several() -> dict[str, Any]:
        if request.headers.get("X-Api-Key") != wanted["key"]:
            abort(401)
        return {"items": list(records.values()), "total": len(records)}

    @app.post("/dossiers/<record_id>/convention")
    def convention(record_id: str) -> tuple[str, int]:
        known(record_id)
        posted.setdefault(record_id, []).append(request.get_json())
        return "", 204

    @app.post("/_control/records")
    def seed() -> tuple[dict[str, str], int]:
        order = {"id": f"D-{secrets.token_hex(6)}", **request.get_json()}
        records[order["id"]] = order
        return {"id": order["id"]}, 201

    @app.get("/_control/records/<record_id>")
    def kept(record_id: str) -> dict[str, Any]:
        return records[record_id] | {"conventions": posted.get(record_id, [])}

    @app.patch("/_control/settings")
    def settings() -> dict[str, str]:
        wanted.update(request.get_json())
        return wanted

    def reset() -> None:
        records.clear()
        posted.clear()
        wanted["key"] = KEY
        records[RECORD_ID] = record()

    reset()
    return StandIn(app, reset)
