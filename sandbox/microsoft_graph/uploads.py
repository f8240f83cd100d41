"""Upload sessions (learn.microsoft.com/graph/api ``driveitem-createuploadsession``): ranges in order, at an
address that needs no token and refuses one."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, request

from sandbox.microsoft_graph.library import Item, Library
from sandbox.microsoft_graph.names import check_name
from sandbox.microsoft_graph.refusals import (
    Refusal,
    invalid,
    locked,
    name_taken,
    range_refused,
    session_unknown,
    unauthorised,
)

UNIT = 320 * 1024
LONGEST_RANGE = 60 * 2**20
LIFETIME = timedelta(minutes=15)
CONFLICT = "@microsoft.graph.conflictBehavior"
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")

Answer = tuple[dict[str, Any], int]


@dataclass
class Session:
    parent: Item
    name: str
    conflict: str
    expires: datetime = field(default_factory=lambda: datetime.now(UTC) + LIFETIME)
    total: int | None = None
    kept: bytearray = field(default_factory=bytearray)

    def status(self) -> dict[str, Any]:
        ended = self.expires.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"expirationDateTime": ended, "nextExpectedRanges": [f"{len(self.kept)}-"]}


class Uploads:
    def __init__(self, library: Library, url: str) -> None:
        self._library, self._url = library, url
        self._sessions: dict[str, Session] = {}

    def reset(self) -> None:
        """All of them end, as they do by themselves in time."""
        self._sessions.clear()

    def count(self) -> int:
        return len(self._sessions)

    def begin(self, parent: Item, name: str, body: Any) -> Answer:
        item = body.get("item", {}) if isinstance(body, dict) else {}
        if item.get("name", name) != name:
            raise invalid("The name is not that of the address.")
        session = Session(parent, name, item.get(CONFLICT, "fail"))
        with self._library.lock:
            check_name(name, above=self._library.path(parent), folder=False)
            taken = self._library.child(parent, name) is not None
            if taken and session.conflict == "fail" and not self._library.settings.late_conflict:
                raise name_taken()
            token = secrets.token_urlsafe(24)
            self._sessions[token] = session
        return {"uploadUrl": f"{self._url}/upload/{token}", **session.status()}, 200

    def session(self, token: str) -> Session:
        found = self._sessions.get(token)
        if found is None or found.expires < datetime.now(UTC):
            raise session_unknown()
        return found

    def receive(self, token: str, content_range: str, chunk: bytes) -> Answer:
        with self._library.lock:
            session = self.session(token)
            start, end, total = _place(content_range, chunk)
            if session.total not in (None, total):
                raise invalid("Another total size than before.")
            if start != len(session.kept):
                raise range_refused()
            if end + 1 < total and len(chunk) % UNIT:
                raise invalid("Ranges are multiples of 320 KiB.")
            if self._library.settings.locked:
                raise locked()
            session.total = total
            session.kept += chunk
            if len(session.kept) < total:
                return session.status(), 202
            try:
                made = self._library.add(session.parent, session.name, bytes(session.kept), session.conflict)
            except Refusal:
                del session.kept[start:]  # kept until it expires, for whoever mends what was wrong
                raise
            del self._sessions[token]
            return self._library.described(made), 201

    def cancel(self, token: str) -> None:
        self.session(token)
        del self._sessions[token]


def _place(content_range: str, chunk: bytes) -> tuple[int, int, int]:
    match = _RANGE.fullmatch(content_range)
    if match is None:
        raise invalid("Content-Range is needed.")
    start, end, total = (int(part) for part in match.groups())
    if end - start + 1 != len(chunk) or end >= total or len(chunk) >= LONGEST_RANGE:
        raise invalid("Content-Range and content do not match.")
    return start, end, total


def upload_routes(uploads: Uploads) -> Blueprint:
    routes = Blueprint("uploads", __name__)

    @routes.errorhandler(Refusal)
    def refuse(refusal: Refusal) -> tuple[dict[str, Any], int, dict[str, str]]:
        return refusal.body, refusal.status, refusal.headers

    @routes.before_request
    def without_a_token() -> None:
        if "Authorization" in request.headers:
            raise unauthorised()

    @routes.put("/upload/<token>")
    def receive(token: str) -> Answer:
        return uploads.receive(token, request.headers.get("Content-Range", ""), request.get_data())

    @routes.get("/upload/<token>")
    def status(token: str) -> Answer:
        return uploads.session(token).status(), 200

    @routes.delete("/upload/<token>")
    def cancel(token: str) -> Response:
        uploads.cancel(token)
        return Response(status=204)

    return routes
