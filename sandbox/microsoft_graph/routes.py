"""Graph v1.0 over HTTP: a site by its path, its libraries, and their items by id and by path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from sandbox.microsoft_graph.library import DRIVE_ID, DRIVES, Item, Library
from sandbox.microsoft_graph.refusals import (
    Refusal,
    forbidden,
    invalid,
    not_found,
    unauthorised,
    unconvertible,
)
from sandbox.microsoft_graph.uploads import CONFLICT, Uploads
from sandbox.office import UnreadableError, to_pdf

#: no Office document of a reasonable size goes past what the reference page allows in one PUT
MAX_BYTES = 250 * 1024 * 1024
SITE_HOST, SITE_PATH = "cabinet.sharepoint.com", "sites/Conventions"
SITE_URL = f"https://{SITE_HOST}/{SITE_PATH}"
SITE_ID = f"{SITE_HOST},22222222-0000-0000-0000-000000bac5ab,33333333-0000-0000-0000-000000bac5ab"

Answer = Response | tuple[dict[str, Any], int]


def graph_routes(library: Library, uploads: Uploads, accepted: Callable[[str], bool], url: str) -> Blueprint:
    routes = Blueprint("graph", __name__)

    @routes.errorhandler(Refusal)
    def refuse(refusal: Refusal) -> tuple[dict[str, Any], int, dict[str, str]]:
        return refusal.body, refusal.status, refusal.headers

    @routes.before_request
    def with_a_token() -> None:
        if not accepted(request.headers.get("Authorization", "")):
            raise unauthorised()

    @routes.get("/v1.0/sites/<path:address>")
    def site(address: str) -> Answer:
        return _site(library, address)

    @routes.route("/v1.0/drives/<drive>/<path:address>", methods=["GET", "PUT", "POST", "DELETE"])
    def handle(drive: str, address: str) -> Answer:
        library.may(drive, write=request.method != "GET")
        parent, name, action = _located(library, drive, address)
        match request.method, action:
            case "PUT", "content":
                return _put(library, parent, name)
            case "POST", "createUploadSession" if name is not None:
                return uploads.begin(parent, name, request.get_json(silent=True))
        found = parent if name is None else library.child(parent, name)
        if found is None:
            raise not_found()
        return _act(library, found, action, url)

    return routes


def _site(library: Library, address: str) -> Answer:
    """Without a grant on it, a site is refused and not hidden (as applications have reported)."""
    where, by_path, path = address.partition(":/")
    if by_path:
        if (where.casefold(), path.casefold()) != (SITE_HOST, SITE_PATH.casefold()):
            raise not_found()
        where, wanted = SITE_ID, ""
    else:
        where, _, wanted = address.partition("/")
    if library.settings.role == "none":
        raise forbidden()
    if where != SITE_ID:
        raise not_found()
    match wanted:
        case "":
            return {"id": SITE_ID, "name": SITE_PATH.rpartition("/")[2], "webUrl": SITE_URL}, 200
        case "drive":
            return _drive(DRIVE_ID), 200
        case "drives":
            return {"value": [_drive(drive) for drive in DRIVES]}, 200
    raise invalid("Unsupported segment.")


def _drive(drive_id: str) -> dict[str, Any]:
    name = DRIVES[drive_id][0]
    web = f"{SITE_URL}/{'Shared Documents' if drive_id == DRIVE_ID else name}".replace(" ", "%20")
    return {"id": drive_id, "name": name, "driveType": "documentLibrary", "webUrl": web}


def _located(library: Library, drive: str, address: str) -> tuple[Item, str | None, str]:
    """(item, name under it or None, what is asked of that) of ``root:/name:/content``,
    ``items/<id>:/name:``, ``items/<id>/children``."""
    start, *by_path = address.split(":/", 1)
    where, _, action = start.removeprefix("items/").partition("/")
    item = library.item(DRIVES[drive][1] if where == "root" else where)
    if item.drive != drive:
        raise not_found()
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


def _put(library: Library, parent: Item, name: str | None) -> Answer:
    if name is None:
        raise invalid("A name is needed.")
    content = request.get_data()
    if len(content) > MAX_BYTES:
        raise invalid("Too large.")
    made = library.add(parent, name, content, request.args.get(CONFLICT, "replace"))
    return library.described(made), 201 if made.version == 1 else 200


def _act(library: Library, item: Item, action: str, url: str) -> Answer:
    match request.method, action:
        case "GET", "":
            return library.described(item), 200
        case "GET", "children":
            return {"value": [library.described(child) for child in library.children(item)]}, 200
        case "GET", "content":
            return _content(library, item, url)
        case "POST", "children":
            return _new_folder(library, item)
        case "POST", "permanentDelete":
            library.erase(item)
            return Response(status=204)
        case "DELETE", "":
            library.bin(item, request.headers.get("If-Match"))
            return Response(status=204)
    raise invalid("Unsupported segment.")


def _new_folder(library: Library, parent: Item) -> Answer:
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or "folder" not in body:
        raise invalid("Only folders are made here.")
    return library.described(library.add(parent, body["name"], None, body.get(CONFLICT, "fail"))), 201


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
