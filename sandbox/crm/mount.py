"""The routes under ``/crm``."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask, abort, request

from sandbox.context import Context, StandIn
from sandbox.crm.sample import RECORD_ID, record

KEY = "cle-du-bac-a-sable"
PAGE_SIZE = 100


def create(_context: Context) -> StandIn:
    app = Flask("sandbox.crm")
    records: dict[str, dict[str, Any]] = {}
    posted: dict[str, list[Any]] = {}
    wanted: dict[str, Any] = {}

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
        page, size = int(request.args.get("page", "1")), wanted["page_size"]
        more = f"{request.script_root}/dossiers?page={page + 1}" if page * size < len(records) else None
        items = list(records.values())[(page - 1) * size : page * size]
        return {"items": items, "total": len(records), "next": wanted["next"] or more}

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
    def settings() -> dict[str, Any]:
        wanted.update(request.get_json())
        return wanted

    def reset() -> None:
        records.clear()
        posted.clear()
        wanted.update(key=KEY, page_size=PAGE_SIZE, next=None)
        records[RECORD_ID] = record()

    reset()
    return StandIn(app, reset)
