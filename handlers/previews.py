"""The agreement as it would be: the report, the warnings and the PDF, of which nothing is kept.

A handler never converts, and web and worker may be on separate hosts: the worker's answer comes back sealed
through the database. It is deleted as soon as the call that asked for it has it, or after ten minutes.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from flask import Blueprint, Response, jsonify, request

from domain import mentions
from domain.errors import FieldError, NotFound
from handlers.auth import caller, needs
from handlers.bodies import CreateConvention, read
from handlers.conventions import requested
from handlers.hub import hub
from handlers.problems import problem
from handlers.views import report_view
from handlers.waiting import LONGEST_SECONDS, wait_until
from store import previews
from store.previews import Standing

blueprint = Blueprint("previews", __name__, url_prefix="/v1/previews")
#: what the worker needs of the request
WANTED = ("source_kind", "source", "template", "provider", "level", "level_reason", "signing_order")
_PDF, _JSON = "application/pdf", "application/json"


@blueprint.post("")
@needs("conventions:write")
def create() -> Response:
    asked = requested(read(CreateConvention), preview=True)
    wanted = {name: getattr(asked, name) for name in WANTED}
    with hub().database.transaction() as tx:
        preview_id = previews.ask(tx, hub().now(), caller().id, wanted)
    wait_until(lambda: _is_over(_look(preview_id)), unless_asked=LONGEST_SECONDS)
    standing = _look(preview_id)
    if _is_over(standing):
        with hub().database.transaction() as tx:
            previews.forget(tx, preview_id)
    return _answer(standing)


@blueprint.get("/<preview_id>")
@needs("conventions:read")
def one(preview_id: str) -> Response:
    wait_until(lambda: _is_over(_look(preview_id)))
    return _answer(_look(preview_id))


def _look(preview_id: str) -> Standing:
    with hub().database.reading() as session:
        standing = previews.look(session, hub().now(), preview_id, caller().id)
    if standing is None:
        raise NotFound(
            "preview_not_found", "Cet aperçu n'existe pas ou plus (dix minutes au plus) ; redemandez-le."
        )
    return standing


def _is_over(standing: Standing) -> bool:
    return standing.answer is not None or standing.given_up


def _answer(standing: Standing) -> Response:
    """200 with the preview, 202 when it is not made yet, or the problem that prevents it."""
    told = standing.problem or {}
    if standing.given_up:
        errors = tuple(FieldError(**fault) for fault in told.get("errors", []))
        return problem(422, told["code"], told["detail"], errors, step=told["step"])
    if standing.answer is None or standing.content is None:
        return _not_yet(standing)
    accepted = request.accept_mimetypes.best_match([_JSON, _PDF], _JSON)
    if accepted == _PDF:
        response = Response(standing.content, content_type=_PDF)
        response.headers["Content-Disposition"] = 'inline; filename="apercu.pdf"'
    else:
        response = jsonify(_view(standing.answer, standing.content))
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Vary"] = "Accept"
    return response


def _not_yet(standing: Standing) -> Response:
    pending: dict[str, Any] = {"id": standing.id, "expires_at": standing.expires_at.isoformat()}
    if standing.problem:
        pending["retrying"] = standing.problem
    response = jsonify(pending)
    response.status_code = 202
    response.headers["Location"] = f"/v1/previews/{standing.id}"
    response.headers["Retry-After"] = "2"
    return response


def _view(answer: dict[str, Any], content: bytes) -> dict[str, Any]:
    report = mentions.read(answer["mentions"])
    found = {
        "blocking": [line.id for line in report.blocking],
        "warnings": [line.id for line in report.warnings],
        "checked": report.checked,
        **report_view(answer["mentions"]),
    }
    document = {
        "media_type": _PDF,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "content": base64.b64encode(content).decode(),
    }
    return {**answer, "mentions": found, "document": document}
