"""What every page for people has: headers, French typography, and errors that are pages too."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Flask, Response, g, redirect, render_template, request

from domain.errors import ParapheError
from handlers.hub import hub

_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action {forms}; frame-ancestors 'none'"
WITHOUT_FORMS = _POLICY.format(forms="'none'")
#: for pages that act: their forms, and pictures of ours
WITH_FORMS = _POLICY.format(forms="'self'") + "; img-src 'self'"
_HTML = "text/html"

_TYPESETTING = {
    "'": "’", "&#39;": "’", "« ": "«\u00a0", " »": "\u00a0»",
    " ;": "\u202f;", " :": "\u00a0:", " ?": "\u202f?",
}  # fmt: skip


def install(app: Flask) -> None:
    app.context_processor(_everywhere)
    app.add_template_filter(_typeset, "fr")


def dress(blueprint: Blueprint, policy: str) -> None:
    blueprint.after_request(partial(_protect, policy))


def read_by_a_person() -> bool:
    """A browser asks for a page; calls of the contract (``/v1``) are made by programs, whatever they say."""
    known = ["application/problem+json", "application/json", _HTML]
    return not request.path.startswith("/v1/") and request.accept_mimetypes.best_match(known) == _HTML


def error_page(error: ParapheError, status: int) -> Response:
    page = render_template("pages/error.html", error=error, status=status, back=g.get("back"))
    return _protect(WITHOUT_FORMS, Response(page, status=status))


def see_other(where: str) -> Response:
    """A page that is come to by GET: reloading it sends no form again."""
    response = redirect(where, 303)
    assert isinstance(response, Response)
    return response


def _everywhere() -> dict[str, object]:
    core = hub().settings.core
    return {"sandbox": bool(core.sandbox_url), "public_url": core.public_url}


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
