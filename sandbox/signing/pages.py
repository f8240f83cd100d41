"""The signing pages under ``/s/<token>``: read, accept, confirm; or decline. No script, no asset of
anybody else's; the token in the address is the only key, as in the links that providers send.

A stand-in lends its ``Counter``; what the pages show is a ``View``.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.signing import french, pdf_reading
from sandbox.signing.counter import Counter, NoSuchLink, Paper, TooLate, View

HERE = Path(__file__).parent
MAX_REASON = 500
POLICY = "; ".join(
    (
        *("default-src 'none'", "img-src 'self'", "style-src 'self'", "form-action 'self'"),
        *("base-uri 'none'", "frame-ancestors 'none'"),
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}

page_image = lru_cache(maxsize=128)(pdf_reading.page_image)
page_views = lru_cache(maxsize=32)(pdf_reading.page_views)


def routes(counter: Counter[Any, Any]) -> Blueprint:
    pages = Blueprint("pages", __name__, url_prefix="/s", template_folder="templates")

    @pages.after_request
    def protect(answer: Response) -> Response:
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer

    @pages.errorhandler(NoSuchLink)
    def unknown(_: NoSuchLink) -> tuple[str, int]:
        return render_template("unknown.html"), HTTPStatus.NOT_FOUND

    @pages.get("/style.css")
    def style() -> Response:
        answer = Response((HERE / "templates" / "style.css").read_bytes(), mimetype="text/css")
        answer.headers["Cache-Control"] = "max-age=300"
        return answer

    _reading(pages, counter)
    _signing(pages, counter)
    return pages


def _reading(pages: Blueprint, counter: Counter[Any, Any]) -> None:
    @pages.get("/<token>")
    def read(token: str) -> str:
        with counter.lock:
            view = _view(counter, token)
            if view.situation not in ("reading", "confirming"):
                return _render("state.html", token, view)
            counter.open(token, request.remote_addr or "")
            papers = [(one, page_views(one.content)) for one in view.papers]
            return _render("read.html", token, view, views=papers)

    @pages.get("/<token>/pages/<document_id>/<int:number>.png")
    def picture(token: str, document_id: str, number: int) -> Response:
        image = page_image(_paper(counter, token, document_id).current, number)
        if image is None:
            raise NoSuchLink
        return Response(image, mimetype="image/png", headers={"Cache-Control": "private, max-age=600"})

    @pages.get("/<token>/document/<document_id>.pdf")
    def download(token: str, document_id: str) -> Response:
        paper = _paper(counter, token, document_id)
        name = "document-signe.pdf" if paper.sealed else "document.pdf"
        disposition = f'attachment; filename="{name}"'
        return Response(
            paper.current, mimetype="application/pdf", headers={"Content-Disposition": disposition}
        )


def _signing(pages: Blueprint, counter: Counter[Any, Any]) -> None:
    @pages.post("/<token>/consent")
    def consent(token: str) -> AnyResponse:
        return _after(counter, token, lambda: counter.consent(token), f"{token}/confirm")

    @pages.get("/<token>/confirm")
    def confirm(token: str) -> str | AnyResponse:
        with counter.lock:
            view = _view(counter, token)
            return _confirmation(token, view) if view.situation == "confirming" else _go(token)

    @pages.post("/<token>/code")
    def another_code(token: str) -> AnyResponse:
        return _after(counter, token, lambda: counter.send_code(token), f"{token}/confirm")

    @pages.post("/<token>/sign")
    def sign(token: str) -> AnyResponse | tuple[str, int]:
        code = "".join(request.form.get("code", "").split())
        with counter.lock:
            if _view(counter, token).situation != "confirming":
                return _go(token)
            if counter.sign(token, code if code.isascii() else None):
                return _go(token)
            again = _confirmation(token, _view(counter, token), is_wrong=True)
            return again, HTTPStatus.UNPROCESSABLE_ENTITY

    @pages.post("/<token>/decline")
    def decline(token: str) -> AnyResponse:
        reason = request.form.get("reason", "").strip()[:MAX_REASON] or "Sans motif."
        return _after(counter, token, lambda: counter.decline(token, reason), token)


def _view(counter: Counter[Any, Any], token: str) -> View:
    if not token.isascii():
        raise NoSuchLink
    return counter.view(token)


def _paper(counter: Counter[Any, Any], token: str, document_id: str) -> Paper:
    with counter.lock:
        view = _view(counter, token)
    for paper in view.papers:
        if secrets.compare_digest(paper.id.encode(), document_id.encode()):
            return paper
    raise NoSuchLink


def _after(counter: Counter[Any, Any], token: str, move: Callable[[], None], target: str) -> AnyResponse:
    """Make the move and show where it leads; a move that came too late shows how things stand."""
    with counter.lock:
        _view(counter, token)
        try:
            move()
        except TooLate:
            return _go(token)
    return _go(target)


def _go(target: str) -> AnyResponse:
    return redirect(f"{request.script_root}/s/{target}", HTTPStatus.SEE_OTHER)


def _confirmation(token: str, view: View, *, is_wrong: bool = False) -> str:
    channel = "SMS" if view.code and view.code.is_sms else "e-mail"
    return _render("confirm.html", token, view, channel=channel, is_wrong=is_wrong)


def _render(template: str, token: str, view: View, **more: object) -> str:
    return render_template(
        template,
        view=view,
        base=f"{request.script_root}/s/{token}",
        expires=french.day(view.expires_at - timedelta(seconds=1), view.timezone),
        signed=french.moment(view.signed_at, view.timezone) if view.signed_at else None,
        max_reason=MAX_REASON,
        **more,
    )
