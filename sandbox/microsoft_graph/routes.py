"""Graph v1.0 over HTTP: items of one library by id and by path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from sandbox.microsoft_graph.library import ROOT_ID, Item, Library
from sandbox.microsoft_graph.refusals import Refusal, invalid, not_found, unauthorised, unconvertible
from sandbox.office import UnreadableError, to_pdf

#: no Office document of a reasonable size goes past what the reference page allows in one PUT
MAX_BYTES = 250 * 1024 * 1024
CONFLICT = "@microsoft.graph.conflictBehavior"


def graph_routes(library: Library, accepted: Callable[[str], bool], url: str) -> Blueprint:
    routes = Blueprint("graph", __name__)

    @routes.errorhandler(Refusal)
    def refuse(refusal: Refusal) -> tuple[dict[str, Any], int]:
        return refusal.body, refusal.status

    @routes.route("/v1.0/drives/<drive>/<path:address>", methods=["GET", "PUT", "POST", "DELETE"])
    def handle(drive: str, address: str) -> Response | tuple[dict[str, Any], int]:
        if not accepted(request.headers.get("Authorization", "")):
            raise unauthorised()
        library.may(drive, write=request.method != "GET")
        parent, name, action = _located(library, address)
        if (request.method, action) == ("PUT", "content"):
            return _put(library, parent, name)
        found = parent if name is None else library.child(parent, name)
        if found is None:
            raise not_found()
        return _act(library, found, action, url)

    return routes


def _located(library: Library, address: str) -> tuple[Item, str | None, str]:
    """(item, name under it or None, what is asked of that) of ``root:/name:/content``,
    ``items/<id>:/name:``, ``items/<id>/children``."""
    start, *by_path = address.split(":/", 1)
    where, _, action = start.removeprefix("items/").partition("/")
    item = library.item(ROOT_ID if where == "root" else where)
    if not by_path:
        return item, None, action
    path, _, action = by_path[0].partition(":")
    *folders, name = path.split("/")
    for folder in folders:
        inner = library.child(item, folder)
        if inner is None:
            raise not_found()
        item = inner
    return item, name, action.strip("/")


def _put(library: Library, parent: Item, name: str | None) -> tuple[dict[str, Any], int]:
    if name is None:
        raise invalid("A name is needed.")
    if len(request.get_data()) > MAX_BYTES:
        raise invalid("Too large.")
    made = library.add(parent, name, request.get_data(), request.args.get(CONFLICT, "replace"))
    return made.described(), 201


def _act(library: Library, item: Item, action: str, url: str) -> Response | tuple[dict[str, Any], int]:
    match request.method, action:
        case "GET", "":
            return item.described(), 200
        case "GET", "children":
            return {"value": [child.described() for child in library.children(item)]}, 200
        case "GET", "content":
            return _content(library, item, url)
        case "POST", "children":
            return _new_folder(library, item)
        case "POST", "permanentDelete":
            library.erase(item)
            return Response(status=204)
        case "DELETE", "":
            library.bin(item)
            return Response(status=204)
    raise invalid("Unsupported segment.")


def _new_folder(library: Library, parent: Item) -> tuple[dict[str, Any], int]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or "folder" not in body:
        raise invalid("Only folders are made here.")
    return library.add(parent, body["name"], None, body.get(CONFLICT, "fail")).described(), 201


def _content(library: Library, item: Item, url: str) -> Response:
    if item.content is None or request.args.get("format") not in (None, "pdf"):
        raise invalid("Unsupported format.")
    if request.args.get("format") is None:
        content = item.content
    else:
        try:
            content = to_pdf(item.content)
        except UnreadableError:
            raise unconvertible() from None
    if library.settings.direct:
        return Response(content, mimetype="application/pdf")
    return Response(status=302, headers={"Location": f"{url}/download/{library.offer(content)}"})
