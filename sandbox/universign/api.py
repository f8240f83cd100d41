"""The door of the API under ``/v1``: key, lock, forms, refusals."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Blueprint, g, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import HTTPException

from sandbox.universign.desk import Desk
from sandbox.universign.refusals import Refusal, answer_http, answer_invalid, answer_refusal, bad_request

FORM = "application/x-www-form-urlencoded"

Content = TypeVar("Content", bound=BaseModel)


def blueprint(name: str, desk: Desk) -> Blueprint:
    """A blueprint whose routes all ask for the key, hold the state's lock and refuse as Universign does."""
    api = Blueprint(name, __name__, url_prefix="/v1")

    @api.before_request
    def enter() -> None:
        _require_key(desk)
        desk.state.lock.acquire()
        g.holds_lock = True

    @api.teardown_request
    def leave(_: BaseException | None) -> None:
        if g.pop("holds_lock", False):
            desk.state.lock.release()

    api.register_error_handler(Refusal, answer_refusal)
    api.register_error_handler(ValidationError, answer_invalid)
    api.register_error_handler(HTTPException, answer_http)
    return api


def form(kind: type[Content], *, lists: Iterable[str] = ()) -> Content:
    """The request's form, checked; a field that may be repeated is in ``lists``. JSON is refused, as any
    body that is not a form."""
    if request.content_length and request.mimetype != FORM:
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Content-Type must be {FORM}.")
    given: dict[str, Any] = {}
    for name, values in request.form.lists():
        if name not in lists and len(values) > 1:
            raise bad_request(f"{name}: given more than once")
        given[name] = values if name in lists else values[0]
    return kind.model_validate(given)


def _require_key(desk: Desk) -> None:
    """As the user of Basic with an empty password, or as Bearer."""
    given = request.authorization
    key = given.token if given and given.type == "bearer" else given.username if given else None
    if not desk.state.switchboard.accepts(key or ""):
        raise Refusal(HTTPStatus.UNAUTHORIZED, "The API key is missing or invalid.")
