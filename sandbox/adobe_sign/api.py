"""The door of the API under ``/api/rest/v6``: token, access point, lock, entity tags, bodies, refusals."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Blueprint, Response, g, jsonify, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, HTTPException

from sandbox.adobe_sign.desk import Desk
from sandbox.adobe_sign.refusals import (
    Refusal,
    answer_http,
    answer_invalid,
    answer_refusal,
    bad_request,
    forbidden,
    unauthorized,
)

#: the integration key that works
KEY = "cle-du-bac-a-sable"
PREFIX = "/api/rest/v6"

Body = TypeVar("Body", bound=BaseModel)


def blueprint(name: str, desk: Desk) -> Blueprint:
    """A blueprint whose routes all ask for a token, hold the state's lock and refuse as Adobe does."""
    api = Blueprint(name, __name__, url_prefix=PREFIX)

    @api.before_request
    def enter() -> None:
        desk.state.lock.acquire()
        g.holds_lock = True
        _require_token(desk)
        if desk.state.switchboard.moved and not request.path.endswith("/baseUris"):
            raise forbidden("INVALID_API_ACCESS_POINT", "Request must be made to correct API access point.")

    @api.teardown_request
    def leave(_: BaseException | None) -> None:
        if g.pop("holds_lock", False):
            desk.state.lock.release()

    api.register_error_handler(Refusal, answer_refusal)
    api.register_error_handler(ValidationError, answer_invalid)
    api.register_error_handler(HTTPException, answer_http)
    return api


def json_body(kind: type[Body]) -> Body:
    """The request's JSON body, checked; raises the refusal of a body that is wrong."""
    if not request.is_json:
        raise Refusal(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", "Content type is not supported."
        )
    try:
        content = request.get_json()
    except (BadRequest, RecursionError):
        raise bad_request("INVALID_JSON", "An invalid JSON was specified.") from None
    return kind.model_validate(content)


def known_arguments(*names: str) -> None:
    """Refuse a query parameter that the description does not name: a filter must not be ignored."""
    if strangers := request.args.keys() - set(names):
        raise bad_request("INVALID_ARGUMENTS", f"not known here: {', '.join(sorted(strangers))}")


def tagged(content: dict[str, Any]) -> Response:
    """The answer with its entity tag; 304 to whoever has it already."""
    answer = jsonify(content)
    answer.headers["ETag"] = tag_of(answer.get_data())
    if request.headers.get("If-None-Match") == answer.headers["ETag"]:
        return Response(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": answer.headers["ETag"]})
    return answer


def tag_of(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()}"'


def require_match(desk: Desk, content: dict[str, Any]) -> None:
    """Raise what a change answers that was not made from the latest reading (or when a test wants it)."""
    board = desk.state.switchboard
    given = request.headers.get("If-Match")
    if given is None:
        raise bad_request("MISSING_REQUIRED_PARAM", "If-Match is missing.")
    if board.refuses_changes or given != tag_of(jsonify(content).get_data()):
        board.refuses_changes = max(0, board.refuses_changes - 1)
        raise Refusal(HTTPStatus.PRECONDITION_FAILED, "RESOURCE_MODIFIED", "Resource is already modified.")


def _require_token(desk: Desk) -> None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if not token.strip():
        raise unauthorized("NO_AUTHORIZATION_HEADER", "Authorization header not provided.")
    if scheme.lower() != "bearer" or (token != KEY and token not in desk.state.tokens):
        raise unauthorized("INVALID_ACCESS_TOKEN", "Access token is invalid or has expired.")
