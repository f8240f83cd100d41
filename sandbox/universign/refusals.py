"""How the stand-in says no: the status of the published table, and a body of our own making, since none is
published."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, jsonify
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from sandbox.signing.forms import faults


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
    return _answer(refusal.status, refusal.detail)


def answer_invalid(error: ValidationError) -> Response:
    return _answer(HTTPStatus.BAD_REQUEST, faults(error))


def answer_http(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or 500)
    return _answer(status, status.phrase)


def _answer(status: HTTPStatus, detail: str) -> Response:
    answer = jsonify({"object": "error", "message": detail})
    answer.status_code = status
    return answer
