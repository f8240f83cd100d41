"""Conventions: reading, locking, moving. Every move is journalled and published in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.errors import NotFound
from domain.identifiers import actor, new_id
from domain.lifecycle import ABANDONED, AT_PROVIDER, Move, State, next_state, resumed
from domain.signature import INVITED
from domain.steps import StepKind
from store import journal, outbox, resumes, steps
from store.models import Convention, EventRow, Replay, SignerRow
from store.views import convention_data


@dataclass(frozen=True)
class Request:
    """What a caller asked for, already validated."""

    source_kind: str
    source: dict[str, Any]
    pending_key: str | None
    content_key: str | None
    template: str
    provider: str
    level: str | None
    signing_order: str | None
    archives: tuple[str, ...]
    until: str
    external_id: str | None
    caller_data: dict[str, Any] | None
    resume_url: str | None
    resume_at: str
    made_by: str
    level_reason: str | None = None
    record_key: str | None = None
    amend: bool = False
    seen_version: str | None = None


def create(tx: Session, now: datetime, request: Request) -> tuple[Convention, bool]:
    """A new convention, or the one that already stands for this record: ``(row, is_new)``, held."""
    insert = postgresql.insert if tx.get_bind().dialect.name == "postgresql" else sqlite.insert
    asked = columns(request)
    standing = select(Convention).where(
        or_(
            Convention.pending_key == (request.pending_key or ""),
            Convention.content_key == (request.content_key or ""),
        )
    )
    while True:
        new = {"id": new_id("cv", now, secrets.token_bytes(10)), "created_at": now, "updated_at": now}
        first = {"state": State.RECEIVED.value, "version": 1}
        written = tx.execute(
            insert(Convention)
            .values({**asked, **new, **first})
            .on_conflict_do_nothing()
            .returning(Convention.id)
        ).scalar()
        row = tx.get_one(Convention, written) if written else _held(tx, standing)
        if row:
            wait_for(tx, now, row, request)
            return row, bool(written)
        # it ended between the two statements: the record is free again


def take(tx: Session, now: datetime, request: Request) -> tuple[Convention, bool]:
    """A new convention, begun; or the one that stands for this record, taken further if that is wanted: what
    failed there is run again, its cause may be mended. ``(row, is_new)``, held."""
    row, is_new = create(tx, now, request)
    if is_new:
        journal.append(tx, row.id, now, actor(request.made_by), "received", source=row.source_kind)
        steps.add(tx, now, StepKind.FETCH, row.id, key=f"fetch:{row.id}")
    else:
        wish_again(row, request)
        if row.state == State.RECEIVED.value:
            row.updated_at = now  # who is reading it will read it again
        ask_again(tx, now, row, request.until, actor(request.made_by))
    return row, is_new


def columns(request: Request) -> dict[str, Any]:
    """What of a request is kept in the convention's own row."""
    asked = asdict(request) | {"archives": list(request.archives), "resumes": []}
    return {name: value for name, value in asked.items() if name not in ("resume_url", "resume_at")}


def wait_for(tx: Session, now: datetime, row: Convention, request: Request) -> None:
    if request.resume_url:
        resumes.add(tx, now, row, request.resume_url, request.until, request.resume_at)


def find(tx: Session, convention_id: str) -> Convention:
    """Raises NotFound; a duplicate leads to the convention that it repeats."""
    row = tx.get(Convention, convention_id)
    if row and row.duplicate_of:
        row = tx.get(Convention, row.duplicate_of)
    if row is None:
        raise NotFound("convention_not_found", "Aucune convention ne porte cet identifiant ; vérifiez-le.")
    return row


def lock(tx: Session, convention_id: str) -> Convention:
    """The row, held until the transaction ends. Raises NotFound."""
    row = _held(tx, select(Convention).where(Convention.id == convention_id))
    if row is None:
        raise NotFound("convention_not_found", "Aucune convention ne porte cet identifiant ; vérifiez-le.")
    return row


def move(
    tx: Session, now: datetime, row: Convention, what: Move, actor: str, **details: Any
) -> EventRow | None:
    """Apply ``what`` if the lifecycle allows it from here: state, journal, event. The caller holds the
    row. None, and nothing written, when the move is not for this state (late, repeated)."""
    state = next_state(State(row.state), what)
    if state is None:
        return None
    row.failed_from = row.state if state is State.FAILED else None
    row.state, row.updated_at = state.value, now
    column = "ended_at" if state in ABANDONED else f"{state.value}_at"
    if state is not State.SIGNED and hasattr(row, column):  # signed_at is the provider's own time
        setattr(row, column, now)
    if state in ABANDONED:
        row.pending_key = row.content_key = None
    journal.append(tx, row.id, now, actor, what.value, **details)
    event = outbox.publish(tx, now, row, f"convention.{what.value}", convention_data(row))
    resumes.call(tx, now, row, event)
    return event


def extend(tx: Session, now: datetime, row: Convention, until: str) -> None:
    """Asked again, and further than the first time: a rendered convention goes on to its signers."""
    if until == "sent" and row.until == "rendered":
        row.until = "sent"
        if row.state == State.RENDERED.value:
            steps.add(tx, now, StepKind.SEND, row.id, key=f"send:{row.id}")


def ask_again(tx: Session, now: datetime, row: Convention, until: str, actor: str) -> None:
    """Somebody asks for what already stands: further if wanted, and what failed runs again."""
    extend(tx, now, row, until)
    if row.state == State.FAILED.value:
        retry(tx, now, row, actor)


def wish_again(row: Convention, request: Request) -> None:
    """Asked again after it gave up before anything left: the level, or its reason, may be what was mended.
    The caller holds the row."""
    refused = bool(row.problem and row.problem["code"] == "level_reason_missing")
    if row.state == State.FAILED.value and (refused or row.failed_from == State.RECEIVED.value):
        row.level, row.level_reason = request.level, request.level_reason
    if row.state in (State.RECEIVED.value, State.FAILED.value):
        row.seen_version = request.seen_version
    row.amend = row.amend or request.amend


def retry(tx: Session, now: datetime, row: Convention, actor: str) -> bool:
    """Run again what gave up; False when nothing had. The caller holds the row."""
    revived = steps.revive(tx, now, row.id)
    if not revived:
        return False
    row.state = resumed(State(row.state), row.failed_from).value
    row.failed_from = row.problem = None
    row.updated_at = now
    journal.append(tx, row.id, now, actor, "retried", steps=[step.kind for step in revived])
    return True


def healed(row: Convention, *kinds: StepKind) -> None:
    """What went wrong with such a step has been made good since."""
    if row.problem and row.problem["step"] in kinds:
        row.problem = None


def note(tx: Session, now: datetime, row: Convention, event_type: str, actor: str, **details: Any) -> None:
    """Something happened that is not a change of state (a signer signed, a reminder left)."""
    row.updated_at = now
    journal.append(tx, row.id, now, actor, event_type, **details)
    outbox.publish(tx, now, row, f"convention.{event_type}", convention_data(row) | details)


def silent(tx: Session, asked_before: datetime, limit: int = 100) -> list[str]:
    """Conventions that wait for signatures and whose provider was not asked since."""
    return list(
        tx.scalars(
            select(Convention.id)
            .where(
                Convention.state.in_([state.value for state in AT_PROVIDER]),
                func.coalesce(Convention.asked_at, Convention.sent_at) < asked_before,
            )
            .order_by(Convention.asked_at)
            .limit(limit)
        )
    )


def to_remind(tx: Session, now: datetime, days: Sequence[int], limit: int = 200) -> list[SignerRow]:
    """Signers whose turn it is and for whom a day of the plan has come since their last reminder."""
    due = [
        and_(SignerRow.reminded_day < day, SignerRow.invited_at <= now - timedelta(days=day)) for day in days
    ]
    return list(
        tx.scalars(
            select(SignerRow)
            .join(Convention, Convention.id == SignerRow.convention_id)
            .where(
                Convention.state.in_([state.value for state in AT_PROVIDER]),
                SignerRow.status.in_([status.value for status in INVITED]),
                or_(*due),
            )
            .order_by(SignerRow.invited_at)
            .limit(limit)
        )
    )


def page(
    tx: Session,
    state: str | None,
    dossier: str | None,
    since: datetime | None,
    before: str | None,
    limit: int,
) -> list[Convention]:
    """Newest first; ``before`` is the id of the last convention already seen."""
    query = (
        select(Convention)
        .where(Convention.duplicate_of.is_(None))
        .order_by(Convention.id.desc())
        .limit(limit)
    )
    if state:
        query = query.where(Convention.state == state)
    if dossier:
        query = query.where(Convention.dossier == dossier)
    if since:
        query = query.where(Convention.updated_at >= since)
    if before:
        query = query.where(Convention.id < before)
    return list(tx.scalars(query))


def same_content(tx: Session, row: Convention, content_key: str) -> Convention | None:
    """Another convention that already stands for this very content, held."""
    return _held(tx, select(Convention).where(Convention.content_key == content_key, Convention.id != row.id))


def hold_key(tx: Session, key_id: str, idempotency_key: str) -> None:
    """One call at a time with one Idempotency-Key, until the transaction ends."""
    if tx.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        name = f"{key_id}:{idempotency_key}"
        tx.execute(text("SELECT pg_advisory_xact_lock(7273, hashtext(:name))"), {"name": name})


def replay(tx: Session, key_id: str, idempotency_key: str) -> Replay | None:
    return tx.get(Replay, (key_id, idempotency_key))


def remember(
    tx: Session, now: datetime, key_id: str, idempotency_key: str, request_hash: str, convention_id: str
) -> None:
    """Tie an Idempotency-Key, held and not tied yet, to a convention."""
    tx.add(
        Replay(
            key_id=key_id,
            idempotency_key=idempotency_key,
            request_hash=request_hash,
            convention_id=convention_id,
            created_at=now,
        )
    )


def count_by_state(tx: Session) -> dict[str, int]:
    rows = tx.execute(select(Convention.state, func.count().label("number")).group_by(Convention.state))
    return {row.state: row.number for row in rows}


def _held(tx: Session, which: Select[Convention]) -> Convention | None:
    """The row as it is once nobody else holds it, or None when it is no longer one of ``which``."""
    return tx.scalars(which.with_for_update().execution_options(populate_existing=True)).first()
