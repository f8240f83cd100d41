"""For people: what this is, the reference of the calls, and the page on which one convention is followed.

Server-rendered, no script, no third party. A follow link is a capability: whoever has it may look, so
its page says nothing of a person beyond role and initials, and is neither kept nor indexed.
"""

from __future__ import annotations

import hashlib
from functools import cache, partial
from pathlib import Path

from flask import Blueprint, Response, g, render_template, request

from domain.errors import ParapheError
from handlers import problems
from handlers.auth import public
from handlers.following import followed
from handlers.hub import hub
from handlers.openapi import document
from handlers.reference import reference
from store import conventions, steps

blueprint = Blueprint("pages", __name__)
_TEMPLATES = Path(__file__).parents[1] / "templates" / "pages"
_HTML = "text/html"
_REFRESH_SECONDS = 5
_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action {forms}; frame-ancestors 'none'"
_WITHOUT_FORMS = _POLICY.format(forms="'none'")
#: for pages that act: their forms, and pictures of ours
WITH_FORMS = _POLICY.format(forms="'self'") + "; img-src 'self'"

_TYPESETTING = {
    "'": "’", "&#39;": "’", "« ": "«\u00a0", " »": "\u00a0»",
    " ;": "\u202f;", " :": "\u00a0:", " ?": "\u202f?",
}  # fmt: skip


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
        shown = followed(row, steps.of_convention(session, row.id))
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


def dress(blueprint: Blueprint, policy: str) -> None:
    """What every page of a blueprint has: what the base template needs, headers, errors for people."""
    blueprint.context_processor(_everywhere)
    blueprint.after_request(partial(_protect, policy))
    blueprint.register_error_handler(ParapheError, _told)


def _everywhere() -> dict[str, object]:
    core = hub().settings.core
    return {"sandbox": bool(core.sandbox_url), "public_url": core.public_url}


@blueprint.app_template_filter("fr")
def _typeset(text: str) -> str:
    """French typography: curly apostrophes, and no line that begins with a punctuation mark."""
    for written, printed in _TYPESETTING.items():
        text = text.replace(written, printed)
    return text


def _protect(policy: str, response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _told(error: ParapheError) -> Response:
    """A person reads a page; a program, the same problem document as everywhere."""
    status = problems.status_of(error)
    offered = request.accept_mimetypes.best_match(["application/problem+json", "application/json", _HTML])
    if offered != _HTML:
        return problems.problem(status, error.code, error.detail)
    return Response(
        render_template("pages/error.html", error=error, status=status, back=g.get("back")), status=status
    )


@cache
def _style() -> tuple[bytes, str]:
    content = (_TEMPLATES / "style.css").read_bytes()
    return content, hashlib.sha256(content).hexdigest()


dress(blueprint, _WITHOUT_FORMS)
