"""Put the pieces together under ``/microsoft_graph``: token endpoint, Graph, addresses without a token,
controls, view."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Flask, Response, abort, request

from sandbox.context import Context, StandIn
from sandbox.microsoft_graph.identity import Identity, identity_routes
from sandbox.microsoft_graph.library import ROOT_ID, Library
from sandbox.microsoft_graph.routes import graph_routes
from sandbox.microsoft_graph.uploads import Uploads, upload_routes
from sandbox.microsoft_graph.view import render_item


def create(context: Context) -> StandIn:
    library, identity = Library(context.url), Identity()
    uploads = Uploads(library, context.url)
    app = Flask("sandbox.microsoft_graph")
    app.register_blueprint(identity_routes(identity, library))
    app.register_blueprint(graph_routes(library, uploads, identity.accepts, context.url))
    app.register_blueprint(upload_routes(uploads))

    @app.get("/download/<key>")
    def download(key: str) -> Response:
        """No token: the address is the permission, and one that comes with a token is refused."""
        if "Authorization" in request.headers:
            abort(401)
        if key not in library.downloads:
            abort(404)
        return Response(library.downloads[key], mimetype="application/pdf")

    @app.get("/view/<item_id>")
    def view(item_id: str) -> str:
        return render_item(library, item_id)

    @app.get("/view/<item_id>/content")
    def content(item_id: str) -> Response:
        item = library.items.get(item_id)
        if item is None or item.content is None:
            abort(404)
        return Response(item.content, mimetype="application/pdf")

    _controls(app, library, uploads)

    def reset() -> None:
        library.reset()
        identity.reset()
        uploads.reset()

    return StandIn(app, reset)


def _controls(app: Flask, library: Library, uploads: Uploads) -> None:
    @app.get("/_control/items")
    def items() -> list[dict[str, Any]]:
        with library.lock:
            return [
                {
                    "id": item.id,
                    "name": item.name,
                    "parent": item.parent,
                    "folder": item.content is None,
                    "binned": item.binned,
                    "sha256": None if item.content is None else item.digests()[1],
                }
                for item in library.items.values()
            ]

    @app.post("/_control/items")
    def leave() -> dict[str, Any]:
        order = request.get_json()
        if "age_seconds" in order:
            library.leave(order["name"], order["age_seconds"])
            return {}
        content = order["text"].encode() if "text" in order else None
        return {"id": library.add_by_hand(order.get("parent", ROOT_ID), order["name"], content).id}

    @app.patch("/_control/items/<item_id>")
    def change(item_id: str) -> dict[str, Any]:
        library.change_by_hand(library.items[item_id], request.get_json())
        return {}

    @app.get("/_control/uploads")
    def count() -> dict[str, int]:
        return {"sessions": uploads.count()}

    @app.delete("/_control/uploads")
    def expire() -> dict[str, Any]:
        uploads.reset()
        return {}

    @app.patch("/_control/settings")
    def settings() -> dict[str, Any]:
        library.settings = replace(library.settings, **request.get_json())
        return {}
