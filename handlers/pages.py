"""For people: what this is, the reference of the calls, and the page on which one convention is followed.

Server-rendered, no script, no third party. A follow link is a capability: whoever has it may look, so
its page says nothing of a person beyond role and initials, and is neither kept nor indexed.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, render_template, request

from handlers.auth import public
from handlers.following import followed
from handlers.hub import hub
from handlers.layout import WITHOUT_FORMS, dress
from handlers.openapi import document
from handlers.reference import reference
from store import conventions, journal, steps

blueprint = Blueprint("pages", __name__)
_TEMPLATES = Path(__file__).parents[1] / "templates" / "pages"
_REFRESH_SECONDS = 5


@blueprint.get("/")
@public
def home() -> str:
    return render_template("pages/home.html")


@blueprint.get("/docs")
@public
def docs() -> str:
    """The reference, from the very document that ``/openapi.json`` serves."""
    return render_template("pages/reference.html", **reference(document()))


@blueprint.get("/suivi/<token>")
@public  # the token is the capability
def follow(token: str) -> str:
    convention_id = hub().followed(token)
    with hub().database.reading() as session:
        row = conventions.find(session, convention_id)
        reminded_at = journal.last(session, row.id, "reminded")
        shown = followed(row, steps.of_convention(session, row.id), reminded_at)
    still = request.args.get("fixe") == "1"
    refresh = _REFRESH_SECONDS if shown.refreshes and not still else None
    following = hub().follow_url(shown.replaced_by) if shown.replaced_by else None
    return render_template(
        "pages/follow.html", convention=shown, refresh=refresh, token=token, following=following
    )


@blueprint.get("/style.css")
@public
def style() -> Response:
    content, digest = _style()
    response = Response(content, content_type="text/css; charset=utf-8")
    response.set_etag(digest)
    response.headers["Cache-Control"] = "public, max-age=300"
    response.make_conditional(request)
    return response


@cache
def _style() -> tuple[bytes, str]:
    content = (_TEMPLATES / "style.css").read_bytes()
    return content, hashlib.sha256(content).hexdigest()


dress(blueprint, WITHOUT_FORMS)
