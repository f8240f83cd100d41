"""How Adobe says no: ``{"code", "message"}``."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, jsonify
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from sandbox.signing.forms import faults


class Refusal(Exception):
    """An answer other than 2xx, decided in the midst of the work."""

    def __init__(self, status: HTTPStatus, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def bad_request(code: str, message: str) -> Refusal:
    return Refusal(HTTPStatus.BAD_REQUEST, code, message)


def unauthorized(code: str, message: str) -> Refusal:
    return Refusal(HTTPStatus.UNAUTHORIZED, code, message)


def forbidden(code: str, message: str) -> Refusal:
    return Refusal(HTTPStatus.FORBIDDEN, code, message)


def not_found(code: str, message: str) -> Refusal:
    return Refusal(HTTPStatus.NOT_FOUND, code, message)


def answer_refusal(refusal: Refusal) -> Response:
    answer = jsonify({"code": refusal.code, "message": refusal.message})
    answer.status_code = refusal.status
    return answer


def answer_invalid(error: ValidationError) -> Response:
    return answer_refusal(bad_request("INVALID_ARGUMENTS", faults(error)))


def answer_http(error: HTTPException) -> Response:
    """What Flask itself refuses: unknown route, wrong method, body too large."""
    status = HTTPStatus(error.code or 500)
    return answer_refusal(Refusal(status, status.name, status.phrase))
