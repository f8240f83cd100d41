"""The door of the API under ``/restapi/v2.1/accounts/<account>``: token, lock, limits told in headers,
bodies, refusals."""

from __future__ import annotations

import time
from collections import deque
from http import HTTPStatus
from typing import TypeVar

from flask import Blueprint, Response, g, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, HTTPException

from sandbox.docusign.desk import Desk
from sandbox.docusign.refusals import (
    Refusal,
    answer_http,
    answer_invalid,
    answer_refusal,
    wrong_body,
)
from sandbox.docusign.state import ACCOUNT_ID

#: the provider's limits, told and not enforced: a fault plays them
PER_HOUR, BURST, BURST_SECONDS = 3000, 500, 30

Body = TypeVar("Body", bound=BaseModel)


def blueprint(name: str, desk: Desk) -> Blueprint:
    """A blueprint whose routes all ask for the token, hold the state's lock and refuse as DocuSign does."""
    api = Blueprint(name, __name__, url_prefix=f"/restapi/v2.1/accounts/{ACCOUNT_ID}")
    calls: deque[float] = deque(maxlen=PER_HOUR)

    @api.before_request
    def enter() -> None:
        desk.state.lock.acquire()
        g.holds_lock = True
        if not desk.accepts(request.headers.get("Authorization", "")):
            raise Refusal(
                "AUTHORIZATION_INVALID_TOKEN",
                "The access token provided is expired, revoked or malformed.",
                HTTPStatus.UNAUTHORIZED,
            )

    @api.teardown_request
    def leave(_: BaseException | None) -> None:
        if g.pop("holds_lock", False):
            desk.state.lock.release()

    @api.after_request
    def tell_limits(answer: Response) -> Response:
        at = time.monotonic()
        calls.append(at)
        recent = sum(1 for one in calls if one > at - BURST_SECONDS)
        answer.headers["X-RateLimit-Limit"] = str(PER_HOUR)
        answer.headers["X-RateLimit-Remaining"] = str(PER_HOUR - len(calls))
        answer.headers["X-RateLimit-Reset"] = str(int(time.time()) // 3600 * 3600 + 3600)
        answer.headers["X-BurstLimit-Limit"] = str(BURST)
        answer.headers["X-BurstLimit-Remaining"] = str(max(0, BURST - recent))
        return answer

    api.register_error_handler(Refusal, answer_refusal)
    api.register_error_handler(ValidationError, answer_invalid)
    api.register_error_handler(HTTPException, answer_http)
    return api


def json_body(kind: type[Body]) -> Body:
    """The request's JSON body, checked; raises the refusal of a body that is wrong."""
    if not request.is_json:
        raise Refusal("INVALID_CONTENT_TYPE", "Content-Type must be application/json.")
    try:
        content = request.get_json()
    except (BadRequest, RecursionError):
        raise wrong_body("The body is not valid JSON.") from None
    return kind.model_validate(content)
