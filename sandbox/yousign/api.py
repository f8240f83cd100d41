"""The door of the API under ``/v3``: key, lock, limits told in headers, bodies, refusals."""

from __future__ import annotations

import time
from collections import deque
from http import HTTPStatus
from typing import TypeVar

from flask import Blueprint, Response, g, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, HTTPException

from sandbox.yousign.desk import Desk
from sandbox.yousign.refusals import (
    Refusal,
    answer_http,
    answer_invalid,
    answer_refusal,
    bad_request,
)

#: the provider's production limits, told and not enforced: a fault plays the 429
PER_MINUTE, PER_HOUR = 60, 1200

Body = TypeVar("Body", bound=BaseModel)


def blueprint(name: str, desk: Desk) -> Blueprint:
    """A blueprint whose routes all ask for the key, hold the state's lock and refuse as Yousign does."""
    api = Blueprint(name, __name__, url_prefix="/v3")
    calls: deque[float] = deque(maxlen=PER_HOUR)

    @api.before_request
    def enter() -> None:
        _require_key(desk)
        desk.state.lock.acquire()
        g.holds_lock = True

    @api.teardown_request
    def leave(_: BaseException | None) -> None:
        if g.pop("holds_lock", False):
            desk.state.lock.release()

    @api.after_request
    def tell_limits(answer: Response) -> Response:
        calls.append(time.monotonic())
        answer.headers.update(_limits(calls))
        return answer

    api.register_error_handler(Refusal, answer_refusal)
    api.register_error_handler(ValidationError, answer_invalid)
    api.register_error_handler(HTTPException, answer_http)
    return api


def json_body(kind: type[Body], *, may_be_empty: bool = False) -> Body:
    """The request's JSON body, checked; raises the refusal of a body that is wrong."""
    if not request.get_data() and may_be_empty:
        return kind()
    if not request.is_json:
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json.")
    try:
        content = request.get_json()
    except (BadRequest, RecursionError):
        raise bad_request("The body is not valid JSON.") from None
    return kind.model_validate(content)


def flag(name: str, *, default: bool = False) -> bool:
    """A boolean query parameter."""
    value = request.args.get(name)
    if value is None:
        return default
    if value not in ("true", "false", "1", "0"):
        raise bad_request(f"{name}: must be a boolean")
    return value in ("true", "1")


def _require_key(desk: Desk) -> None:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not desk.state.switchboard.accepts(key.strip()):
        raise Refusal(HTTPStatus.UNAUTHORIZED, "Access token is missing or invalid.")


def _limits(calls: deque[float]) -> dict[str, str]:
    last_minute = sum(1 for at in calls if at > time.monotonic() - 60)
    return {
        "X-RateLimit-Limit-Minute": str(PER_MINUTE),
        "X-RateLimit-Remaining-Minute": str(max(0, PER_MINUTE - last_minute)),
        "X-RateLimit-Limit-Hour": str(PER_HOUR),
        "X-RateLimit-Remaining-Hour": str(max(0, PER_HOUR - len(calls))),
        "RateLimit-Limit": str(PER_MINUTE),
        "RateLimit-Remaining": str(max(0, PER_MINUTE - last_minute)),
        "RateLimit-Reset": str(60 - int(time.time()) % 60),
    }
