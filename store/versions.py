"""Versions of one agreement: a corrected one takes the place of the one before its signers, never beside it.

The new version is written at once and linked (``previous_id``); it begins, with a reading of its record, only
when the request of the former one is known to be ended without having been signed. A signed agreement wins.
The callers of these functions hold the old convention's row.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.errors import Refused
from domain.identifiers import new_id
from domain.lifecycle import ABANDONED, AT_PROVIDER, BEFORE_SIGNATURE, Move, State, next_state
from domain.steps import StepKind, StepState
from store import conventions, journal, steps
from store.models import Convention

#: why a request is ended, as the provider shows it and the journal keeps it
REPLACED = "Annulée et remplacée"
SIGNED_FIRST = Refused(
    "already_signed",
    "Tout le monde a signé la version précédente avant qu'elle ne soit annulée : c'est elle qui vaut, et "
    "cette nouvelle version n'a pas été envoyée ; pour changer une convention signée, établissez un avenant.",
)


def next_of(tx: Session, old: Convention) -> Convention | None:
    """The version that is to replace ``old``, or has, held."""
    query = select(Convention).where(Convention.previous_id == old.id).order_by(Convention.id.desc()).limit(1)
    return tx.scalars(query.with_for_update().execution_options(populate_existing=True)).first()


def newest(tx: Session, row: Convention) -> Convention:
    """The version that now speaks for the record of ``row``."""
    while row.superseded_by and row.record_key:
        following = conventions.find(tx, row.superseded_by)
        if following.record_key != row.record_key:
            break
        row = following
    return row


def latest(session: Session, row: Convention) -> Convention:
    """The last convention that was asked for on the same record."""
    query = select(Convention).where(
        Convention.record_key == row.record_key, Convention.duplicate_of.is_(None)
    )
    found = session.scalars(query.order_by(Convention.id.desc()).limit(1)).first() if row.record_key else None
    return found or row


def with_signers(session: Session, row: Convention) -> Convention | None:
    """The convention of the same record that is with its signers, if one is."""
    states = [state.value for state in AT_PROVIDER]
    query = select(Convention).where(Convention.record_key == row.record_key, Convention.state.in_(states))
    return session.scalars(query.limit(1)).first() if row.record_key else None


def under_way(tx: Session, row: Convention) -> Convention | None:
    """Another convention of the same record, begun and not signed yet, held."""
    if row.record_key is None:
        return None
    states = [state.value for state in BEFORE_SIGNATURE]
    query = select(Convention).where(
        Convention.record_key == row.record_key,
        Convention.id != row.id,
        Convention.duplicate_of.is_(None),
        or_(Convention.content_key.is_not(None), Convention.previous_id.is_not(None)),
        or_(Convention.state.in_(states), Convention.failed_from.in_(states)),
    )
    query = query.order_by(Convention.id.desc()).limit(1).with_for_update()
    return tx.scalars(query.execution_options(populate_existing=True)).first()


def signed_since(tx: Session, row: Convention) -> bool:
    """Whether an agreement on the same record became a signed one after ``row`` was asked for: the provider's
    own time of it may be earlier."""
    query = select(Convention.id).where(
        Convention.record_key == row.record_key,
        Convention.id != row.id,
        Convention.state.in_([State.SIGNED.value, State.ARCHIVED.value]),
        Convention.updated_at >= row.created_at,
    )
    return row.record_key is not None and tx.scalar(query.limit(1)) is not None


def is_out(row: Convention) -> bool:
    """Whether its signers have it, or are about to: only who says so may take it back."""
    on_its_way = row.state != State.FAILED.value and row.until == "sent"
    return on_its_way or row.provider_ref is not None


def begin(
    tx: Session, now: datetime, old: Convention, request: conventions.Request, actor: str
) -> Convention:
    """Write the version that replaces ``old``, and ask for the end of that one."""
    columns = conventions.columns(request) | {"content_key": None}
    taken = select(Convention.id).where(Convention.pending_key == (request.pending_key or ""))
    if tx.scalar(taken):
        columns["pending_key"] = None
    new = Convention(
        **columns,
        id=new_id("cv", now, secrets.token_bytes(10)),
        created_at=now,
        updated_at=now,
        state=State.RECEIVED.value,
    )
    tx.add(new)
    tx.flush()
    journal.append(tx, new.id, now, actor, "received", source=new.source_kind)
    conventions.wait_for(tx, now, new, request)
    replace(tx, now, old, new, actor)
    return new


def replace(tx: Session, now: datetime, old: Convention, new: Convention, actor: str) -> None:
    """``new``, held, takes the place of ``old``: at once when nothing of that one has left, otherwise after
    the provider has ended its request."""
    new.previous_id, new.version = old.id, old.version + 1
    tx.flush()
    journal.append(tx, new.id, now, actor, "replaces", previous=old.id, version=new.version)
    journal.append(tx, old.id, now, actor, "amend_asked", next=new.id, reason=REPLACED)
    steps.drop_waiting(tx, now, old.id, StepKind.FETCH, StepKind.RENDER, StepKind.SEND)
    if old.provider_ref or any(step.attempts for step in steps.of_convention(tx, old.id, StepKind.SEND)):
        ask_end(tx, now, old)
    else:
        end(tx, now, old, Move.CANCELLED, actor)


def ask_end(tx: Session, now: datetime, row: Convention) -> None:
    """The step that ends the request at the provider; one that had given up is taken up again. Asked once
    more after the same refusal, the convention must not look as it did before."""
    row.updated_at = now
    step = steps.add(tx, now, StepKind.CANCEL, row.id, key=f"cancel:{row.id}")
    if step.state == StepState.DEAD.value:
        steps.renew(tx, now, step)


def end(tx: Session, now: datetime, row: Convention, what: Move, actor: str, **trace: str) -> None:
    """``row`` has ended unsigned; what was cancelled to make room for another version is superseded by it.
    Nothing happens when that is no end for its state."""
    new = next_of(tx, row)
    if new and what is Move.CANCELLED:
        what, trace = Move.SUPERSEDED, {"next": new.id, "reason": REPLACED, **trace}
    if next_state(State(row.state), what):
        row.superseded_by = new.id if new and what is Move.SUPERSEDED else None
        row.problem = None
        conventions.move(tx, now, row, what, actor, **trace)
        steps.drop_waiting(tx, now, row.id, StepKind.RENDER, StepKind.SEND, StepKind.COLLECT)
        steps.tell_record(tx, now, row.id, what.value)
    settle(tx, now, row)


def settle(tx: Session, now: datetime, old: Convention) -> None:
    """Once ``old`` has ended, or is signed: what becomes of the version that waits for that, if one does."""
    new, state = next_of(tx, old), State(old.failed_from or old.state)
    if new is None or new.state != State.RECEIVED.value:
        return
    if state in ABANDONED:
        steps.add(tx, now, StepKind.FETCH, new.id, key=f"fetch:{new.id}:{old.id}")
    elif state not in BEFORE_SIGNATURE:
        give_up(tx, now, old, new)


def give_up(tx: Session, now: datetime, old: Convention, new: Convention) -> None:
    """``old`` is signed: the new version ends before anything of it has left."""
    if new.state != State.RECEIVED.value:
        return
    new.problem = {"step": StepKind.CANCEL.value, "code": SIGNED_FIRST.code, "detail": SIGNED_FIRST.detail}
    journal.append(tx, old.id, now, "hub", "amend_refused", next=new.id, code=SIGNED_FIRST.code)
    conventions.move(tx, now, new, Move.CANCELLED, "hub", code=SIGNED_FIRST.code)
