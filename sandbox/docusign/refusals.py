"""How DocuSign says no: ``{"errorCode", "message"}``."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, jsonify
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from sandbox.signing.forms import faults


class Refusal(Exception):
    """An answer other than 2xx, decided in the midst of the work."""

    def __init__(self, code: str, message: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(code)
        self.code, self.message, self.status = code, message, status


def no_envelope() -> Refusal:
    return Refusal("ENVELOPE_DOES_NOT_EXIST", "The envelope you specified either does not exist.")


def wrong_body(message: str) -> Refusal:
    return Refusal("INVALID_REQUEST_BODY", message)


def wrong_parameter(message: str) -> Refusal:
    return Refusal("INVALID_REQUEST_PARAMETER", message)


def answer_refusal(refusal: Refusal) -> Response:
    answer = jsonify(errorCode=refusal.code, message=refusal.message)
    answer.status_code = refusal.status
    return answer


def answer_invalid(error: ValidationError) -> Response:
    return answer_refusal(wrong_body(faults(error)))


def answer_http(error: HTTPException) -> Response:
    """What Flask itself refuses: unknown route, wrong method, body too large."""
    status = HTTPStatus(error.code or 500)
    return answer_refusal(Refusal("RESOURCE_NOT_FOUND", status.phrase, status))
