"""The routes under ``/notion``: the API and the controls."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from flask import Blueprint, Flask, request

from sandbox.context import Context, StandIn
from sandbox.notion import webhooks
from sandbox.notion.filters import says
from sandbox.notion.refusals import Refusal, invalid
from sandbox.notion.workspace import Page, Workspace


def create(_context: Context) -> StandIn:
    workspace = Workspace()
    app = Flask("sandbox.notion")
    app.register_blueprint(_api(workspace))
    _controls(app, workspace)
    webhooks.controls(app, workspace)

    @app.errorhandler(Refusal)
    def refuse(refusal: Refusal) -> tuple[dict[str, Any], int, dict[str, str]]:
        return refusal.body, refusal.status, refusal.headers

    @app.errorhandler(404)
    def no_route(_: Exception) -> tuple[dict[str, Any], int]:
        return Refusal(400, "invalid_request_url", "Invalid request URL.").body, 400

    return StandIn(app, workspace.reset)


def _api(workspace: Workspace) -> Blueprint:
    routes = Blueprint("api", __name__, url_prefix="/v1")

    @routes.before_request
    def admit() -> None:
        workspace.admit(request.headers.get("Authorization", ""), request.headers.get("Notion-Version"))

    @routes.get("/users/me")
    def me() -> dict[str, Any]:
        bot = {"owner": {"type": "workspace", "workspace": True}, "workspace_name": "Bac à sable"}
        return {"object": "user", "id": "bac0a5ab-1e00-4000-8000-0000000000b0", "type": "bot", "bot": bot}

    @routes.get("/pages/<page>")
    def retrieve(page: str) -> dict[str, Any]:
        with workspace.lock:
            return workspace.page(page).as_json()

    @routes.patch("/pages/<page>")
    def update(page: str) -> dict[str, Any]:
        body = _body()
        with workspace.lock:
            found = workspace.page(page, to_write=True)
            workspace.update(found, body.get("properties"))
            return found.as_json()

    @routes.get("/pages/<page>/properties/<path:key>")
    def items(page: str, key: str) -> dict[str, Any]:
        with workspace.lock:
            return _items(workspace.page(page), key)

    @routes.get("/data_sources/<source>")
    def schema(source: str) -> dict[str, Any]:
        with workspace.lock:
            found = workspace.source(source)
            columns = {name: column.as_json() for name, column in found.columns.items()}
            return {"object": "data_source", "id": found.id, "in_trash": False, "properties": columns}

    @routes.post("/data_sources/<source>/query")
    def query(source: str) -> dict[str, Any]:
        body = _body()
        with workspace.lock:
            found = workspace.source(source)
            wanted = body.get("filter")
            pages = [page for page in workspace.pages(found) if wanted is None or says(found, page, wanted)]
            most = workspace.settings.most_results
            answer = _listed([page.as_json() for page in pages[:most]], body)
            if len(pages) > most:  # said on every page of the list
                reason = "query_result_limit_reached"
                answer["request_status"] = {"type": "incomplete", "incomplete_reason": reason}
            return answer | {"type": "page_or_data_source"}

    return routes


def _controls(app: Flask, workspace: Workspace) -> None:
    @app.post("/_control/pages")
    def seed() -> tuple[dict[str, str], int]:
        return {"id": workspace.seed(request.get_json()).id}, 201

    @app.get("/_control/pages/<page>")
    def seen(page: str) -> dict[str, Any]:
        return workspace.page(page).seen()

    @app.patch("/_control/pages/<page>")
    def edit(page: str) -> dict[str, Any]:
        order, found = request.get_json(), workspace.page(page)
        workspace.edit(found, order.get("properties") or {})
        found.in_trash = bool(order.get("in_trash", found.in_trash))
        return found.seen()

    @app.patch("/_control/settings")
    def settings() -> dict[str, Any]:
        workspace.settings = replace(workspace.settings, **request.get_json())
        return asdict(workspace.settings)


def _items(page: Page, key: str) -> dict[str, Any]:
    """One value, or a list of items for the types that have many (page "Retrieve a page property item")."""
    column = page.source.column(key if key == "title" else key.replace(":", "%3A"))
    item = {"object": "property_item", "id": column.id, "type": column.type}
    value = page.value(column)
    if column.type not in ("title", "rich_text", "relation", "people"):
        return item | {column.type: value}
    listed = _listed([item | {column.type: one} for one in value], request.args)
    return listed | {"type": "property_item", "property_item": item | {column.type: {}, "next_url": None}}


def _listed(found: list[dict[str, Any]], options: Any) -> dict[str, Any]:
    try:
        size, start = int(options.get("page_size") or 100), int(options.get("start_cursor") or 0)
    except ValueError:
        raise invalid("start_cursor is not a valid cursor") from None
    if not 0 < size <= 100:
        raise invalid("body.page_size should be ≤ `100`")
    more = start + size < len(found)
    cursor = str(start + size) if more else None
    results = found[start : start + size]
    return {"object": "list", "results": results, "has_more": more, "next_cursor": cursor}


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refusal(400, "invalid_json", "Error parsing JSON body.")
    return body
