"""The custom steps on a convention that stands: send, remind, cancel, archive, retry.

Each writes what is to be done and answers 202; asked twice, it does nothing more.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from domain.lifecycle import ABANDONED, State
from handlers import acts
from handlers.auth import asker, needs
from handlers.bodies import Nothing, RemindSigners, read
from handlers.hub import hub
from handlers.views import convention_view
from store import conventions
from store.database import Session
from store.models import Convention

blueprint = Blueprint("actions", __name__, url_prefix="/v1/conventions/<convention_id>")


@blueprint.post("/send")
@needs("conventions:write")
def send(convention_id: str) -> Response:
    """Take a rendered convention to its signers."""
    read(Nothing)
    with hub().database.transaction() as tx:
        row, now = _held(tx, convention_id), hub().now()
        acts.require(row, State(row.state) not in ABANDONED | {State.FAILED}, "envoyée")
        conventions.extend(tx, now, row, "sent")
    return _accepted(convention_id)


@blueprint.post("/remind")
@needs("conventions:write")
def remind(convention_id: str) -> Response:
    """Invite again one signer, or every one who has not signed; at most once a minute each."""
    body = read(RemindSigners)
    with hub().database.transaction() as tx:
        acts.remind(tx, hub().now(), _held(tx, convention_id), asker(), body.signer)
    return _accepted(convention_id)


@blueprint.post("/cancel")
@needs("conventions:write")
def cancel(convention_id: str) -> Response:
    """End it before it is signed."""
    read(Nothing)
    with hub().database.transaction() as tx:
        acts.cancel(tx, hub().now(), _held(tx, convention_id), asker())
    return _accepted(convention_id)


@blueprint.post("/archive")
@needs("conventions:write")
def archive(convention_id: str) -> Response:
    """File a signed convention, if that has not been done or has given up."""
    read(Nothing)
    with hub().database.transaction() as tx:
        row, now = _held(tx, convention_id), hub().now()
        stands = State(row.failed_from or row.state)
        acts.require(row, stands in (State.SIGNED, State.ARCHIVED), "archivée")
        if row.state == State.FAILED.value:
            conventions.retry(tx, now, row, asker())
    return _accepted(convention_id)


@blueprint.post("/retry")
@needs("conventions:write")
def retry(convention_id: str) -> Response:
    """Run again every step that gave up."""
    read(Nothing)
    with hub().database.transaction() as tx:
        acts.retry(tx, hub().now(), _held(tx, convention_id), asker())
    return _accepted(convention_id)


def _held(tx: Session, convention_id: str) -> Convention:
    return conventions.lock(tx, conventions.find(tx, convention_id).id)


def _accepted(convention_id: str) -> Response:
    with hub().database.reading() as session:
        response = jsonify(convention_view(session, conventions.find(session, convention_id)))
    response.status_code = 202
    return response
