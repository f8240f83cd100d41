"""The custom steps on a convention that stands: send, remind, cancel, archive, retry.

Each writes what is to be done and answers 202; asked twice, it does nothing more.
"""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, jsonify

from domain.errors import Invalid, Refused
from domain.lifecycle import ABANDONED, AT_PROVIDER, LABELS, Move, State
from domain.signature import INVITED, SignerStatus
from domain.steps import StepKind
from handlers.auth import caller, needs
from handlers.bodies import Nothing, RemindSigners, read
from handlers.hub import hub
from handlers.views import convention_view
from store import conventions, journal, steps, versions
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
        _unless(row, State(row.state) not in ABANDONED | {State.FAILED}, "envoyée")
        conventions.extend(tx, now, row, "sent")
    return _accepted(convention_id)


@blueprint.post("/remind")
@needs("conventions:write")
def remind(convention_id: str) -> Response:
    """Invite again one signer, or every one who has not signed; at most once a minute each."""
    body = read(RemindSigners)
    with hub().database.transaction() as tx:
        row, now = _held(tx, convention_id), hub().now()
        _unless(row, State(row.state) in AT_PROVIDER, "relancée")
        wanted = [s for s in row.signers if body.signer in (None, s.key)]
        if not wanted:
            raise Invalid(
                "signer_unknown", "Cette convention n'a pas ce signataire ; voyez sa liste « signers »."
            )
        for signer in wanted:
            if SignerStatus(signer.status) in INVITED:
                minute = now.strftime("%Y%m%d%H%M")
                key = f"remind:{row.id}:{signer.key}:{minute}"
                steps.add(tx, now, StepKind.REMIND, row.id, key=key, argument=signer.key)
    return _accepted(convention_id)


@blueprint.post("/cancel")
@needs("conventions:write")
def cancel(convention_id: str) -> Response:
    """End it before it is signed."""
    read(Nothing)
    with hub().database.transaction() as tx:
        row, now = _held(tx, convention_id), hub().now()
        stands = State(row.failed_from or row.state)
        if stands is not State.CANCELLED:
            _unless(row, stands in AT_PROVIDER | {State.RECEIVED, State.RENDERED}, "annulée")
            _cancel(tx, now, row)
    return _accepted(convention_id)


@blueprint.post("/archive")
@needs("conventions:write")
def archive(convention_id: str) -> Response:
    """File a signed convention, if that has not been done or has given up."""
    read(Nothing)
    with hub().database.transaction() as tx:
        row, now = _held(tx, convention_id), hub().now()
        stands = State(row.failed_from or row.state)
        _unless(row, stands in (State.SIGNED, State.ARCHIVED), "archivée")
        if row.state == State.FAILED.value:
            conventions.retry(tx, now, row, f"key:{caller().id}")
    return _accepted(convention_id)


@blueprint.post("/retry")
@needs("conventions:write")
def retry(convention_id: str) -> Response:
    """Run again every step that gave up."""
    read(Nothing)
    with hub().database.transaction() as tx:
        row = _held(tx, convention_id)
        if not conventions.retry(tx, hub().now(), row, f"key:{caller().id}"):
            raise Refused(
                "nothing_to_retry", "Aucune étape de cette convention n'a échoué : il n'y a rien à relancer."
            )
    return _accepted(convention_id)


def _held(tx: Session, convention_id: str) -> Convention:
    return conventions.lock(tx, conventions.find(tx, convention_id).id)


def _unless(row: Convention, allowed: bool, action: str) -> None:
    if not allowed:
        label = LABELS[State(row.state)].lower()
        raise Refused(
            "state_forbids",
            f"Cette convention est {label} : elle ne peut pas être {action} ; voyez son état.",
        )


def _cancel(tx: Session, now: datetime, row: Convention) -> None:
    """At once when no sending has begun; otherwise the provider is told first. What waits is dropped
    before that is looked at: a worker may be taking it at this very moment."""
    if versions.next_of(tx, row):
        raise Refused(
            "being_replaced",
            "Une nouvelle version remplace cette convention, qui prend fin d'elle-même ; annulez la "
            "nouvelle.",
        )
    steps.drop_waiting(tx, now, row.id, StepKind.FETCH, StepKind.RENDER, StepKind.SEND)
    if row.provider_ref or any(step.attempts for step in steps.of_convention(tx, row.id, StepKind.SEND)):
        journal.append(tx, row.id, now, f"key:{caller().id}", "cancel_asked")
        versions.ask_end(tx, now, row)
        return
    versions.end(tx, now, row, Move.CANCELLED, f"key:{caller().id}")


def _accepted(convention_id: str) -> Response:
    with hub().database.reading() as session:
        response = jsonify(convention_view(session, conventions.find(session, convention_id)))
    response.status_code = 202
    return response
