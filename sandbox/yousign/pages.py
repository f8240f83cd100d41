"""The signing pages under ``/s/<token>``: read, accept, confirm; or decline. No script, no asset of
anybody else's; the token in the address is the only key, as in the links that Yousign sends."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.yousign import french, pdf_reading
from sandbox.yousign.desk import Desk
from sandbox.yousign.refusals import Refusal
from sandbox.yousign.state import Document, SignatureRequest, Signer

HERE = Path(__file__).parent
MAX_REASON = 500
CODE_MODES = ("otp_email", "otp_sms")
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


class NoSuchLink(Exception):
    """The token is nobody's, or its request was deleted or is still a draft."""


def routes(desk: Desk) -> Blueprint:
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

    _reading(pages, desk)
    _signing(pages, desk)
    return pages


def _reading(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/<token>")
    def read(token: str) -> str:
        with desk.state.lock:
            within, signer = _found(desk, token)
            if within.status == "ongoing" and signer.status in ("notified", "consent_given"):
                desk.lifecycle.open(within, signer, request.remote_addr or "")
                return _render("read.html", within, signer, views=_views(within))
            return _render("state.html", within, signer, situation=_situation(within, signer))

    @pages.get("/<token>/pages/<document_id>/<int:number>.png")
    def picture(token: str, document_id: str, number: int) -> Response:
        with desk.state.lock:
            document = _document(_found(desk, token)[0], document_id)
            content = document.sealed or document.content
        image = page_image(content, number)
        if image is None:
            raise NoSuchLink
        return Response(image, mimetype="image/png", headers={"Cache-Control": "private, max-age=600"})

    @pages.get("/<token>/document/<document_id>.pdf")
    def download(token: str, document_id: str) -> Response:
        with desk.state.lock:
            document = _document(_found(desk, token)[0], document_id)
            content = document.sealed or document.content
        name = "document-signe.pdf" if document.sealed else "document.pdf"
        disposition = f'attachment; filename="{name}"'
        return Response(content, mimetype="application/pdf", headers={"Content-Disposition": disposition})


def _signing(pages: Blueprint, desk: Desk) -> None:
    @pages.post("/<token>/consent")
    def consent(token: str) -> AnyResponse:
        with desk.state.lock:
            within, signer = _found(desk, token)
            return _after(token, lambda: desk.lifecycle.consent(within, signer), f"{token}/confirm")

    @pages.get("/<token>/confirm")
    def confirm(token: str) -> str | AnyResponse:
        with desk.state.lock:
            within, signer = _found(desk, token)
            if within.status != "ongoing" or signer.status != "consent_given":
                return _go(token)
            return _confirmation(within, signer)

    @pages.post("/<token>/code")
    def another_code(token: str) -> AnyResponse:
        with desk.state.lock:
            within, signer = _found(desk, token)
            return _after(token, lambda: desk.lifecycle.send_code(within, signer), f"{token}/confirm")

    @pages.post("/<token>/sign")
    def sign(token: str) -> AnyResponse | tuple[str, int]:
        code = "".join(request.form.get("code", "").split())
        with desk.state.lock:
            within, signer = _found(desk, token)
            if within.status != "ongoing" or signer.status != "consent_given":
                return _go(token)
            if desk.lifecycle.sign(within, signer, code if code.isascii() else None):
                return _go(token)
            return _confirmation(within, signer, is_wrong=True), HTTPStatus.UNPROCESSABLE_ENTITY

    @pages.post("/<token>/decline")
    def decline(token: str) -> AnyResponse:
        reason = request.form.get("reason", "").strip()[:MAX_REASON] or "Sans motif."
        with desk.state.lock:
            within, signer = _found(desk, token)
            return _after(token, lambda: desk.lifecycle.decline(within, signer, reason), token)


def _found(desk: Desk, token: str) -> tuple[SignatureRequest, Signer]:
    pair = desk.state.by_token(token) if token.isascii() else None
    if pair is None or pair[0].status in ("draft", "deleted"):
        raise NoSuchLink
    desk.lifecycle.expire_overdue(pair[0])
    return pair


def _document(within: SignatureRequest, document_id: str) -> Document:
    for document in within.documents:
        if secrets.compare_digest(document.id.encode(), document_id.encode()):
            return document
    raise NoSuchLink


def _after(token: str, move: Callable[[], None], target: str) -> AnyResponse:
    """Make the move and show where it leads; a move that came too late shows how things stand."""
    try:
        move()
    except Refusal:
        return _go(token)
    return _go(target)


def _go(target: str) -> AnyResponse:
    return redirect(f"{request.script_root}/s/{target}", HTTPStatus.SEE_OTHER)


def _views(within: SignatureRequest) -> list[tuple[Document, list[pdf_reading.PageView]]]:
    return [(one, page_views(one.content)) for one in within.documents]


def _confirmation(within: SignatureRequest, signer: Signer, *, is_wrong: bool = False) -> str:
    is_sms = signer.authentication == "otp_sms"
    address = (
        french.hidden_phone(signer.info["phone_number"])
        if is_sms
        else french.hidden_email(signer.info["email"])
    )
    return _render(
        "confirm.html",
        within,
        signer,
        asks_code=signer.authentication in CODE_MODES,
        channel="SMS" if is_sms else "e-mail",
        address=address,
        is_wrong=is_wrong,
    )


def _situation(within: SignatureRequest, signer: Signer) -> str:
    """Which of the final or waiting pages this signer sees."""
    if signer.status == "signed":
        return "completed" if within.status == "done" else "signed"
    if within.status == "ongoing":
        return "waiting"
    return within.status


def _render(template: str, within: SignatureRequest, signer: Signer, **more: object) -> str:
    timezone = within.asked["timezone"]
    left = [one for one in within.signers if one.is_waiting]
    return render_template(
        template,
        request_name=within.asked["name"],
        documents=within.documents,
        signer=signer,
        base=f"{request.script_root}/s/{signer.token}",
        expires=french.day(within.expires_at - timedelta(seconds=1), timezone),
        signed=french.moment(signer.signed_at, timezone) if signer.signed_at else None,
        may_decline=within.asked["signers_allowed_to_decline"],
        left=len(left),
        return_url=(signer.asked.get("redirect_urls") or {}).get("success"),
        max_reason=MAX_REASON,
        **more,
    )
