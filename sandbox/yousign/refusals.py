"""How Yousign says no: ``{"type", "detail"}``, and ``{"message"}`` for 405 and 429."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response, jsonify
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from sandbox.signing.forms import faults

#: kinds of ``type`` by status
TYPES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    413: "payload_too_large",
    415: "unsupported_media_type",
}


class Refusal(Exception):
    """An answer other than 2xx, decided in the midst of the work."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def bad_request(detail: str) -> Refusal:
    return Refusal(HTTPStatus.BAD_REQUEST, detail)


def not_found(what: str) -> Refusal:
    return Refusal(HTTPStatus.NOT_FOUND, f"{what} not found.")


def answer_refusal(refusal: Refusal) -> Response:
    return _answer(refusal.status, {"type": TYPES[refusal.status], "detail": refusal.detail})


def answer_invalid(error: ValidationError) -> Response:
    return answer_refusal(bad_request(faults(error)))


def answer_http(error: HTTPException) -> Response:
    """What Flask itself refuses: unknown route, wrong method, body too large."""
    status = HTTPStatus(error.code or 500)
    if status in (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.TOO_MANY_REQUESTS):
        answer = _answer(status, {"message": status.phrase})
    else:
        answer = _answer(status, {"type": TYPES.get(status, "error"), "detail": status.phrase})
    for name, value in error.get_headers():
        if name == "Allow":
            answer.headers[name] = value
    return answer


def _answer(status: HTTPStatus, content: dict[str, Any]) -> Response:
    answer = jsonify(content)
    answer.status_code = status
    return answer
