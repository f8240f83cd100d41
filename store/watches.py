"""Watches: the places looked at for records that ask for their convention, and what was begun for them."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.errors import NotFound
from domain.identifiers import new_id
from domain.steps import StepKind, StepState
from store import steps
from store.models import Convention, Started, Step, Watch


def add(tx: Session, now: datetime, **told: Any) -> Watch:
    """``told``: source_kind, place, column, value, template, until, pushed."""
    row = Watch(id=new_id("wt", now, secrets.token_bytes(10)), created_at=now, cursor=1, **told)
    tx.add(row)
    tx.flush()
    return row


def get(tx: Session, watch_id: str, *, to_write: bool = False) -> Watch | None:
    """One that has not ended; held until the transaction ends when it is to be written."""
    query = select(Watch).where(Watch.id == watch_id, Watch.ended_at.is_(None))
    if to_write:
        query = query.with_for_update().execution_options(populate_existing=True)
    return tx.scalars(query).first()


def find(tx: Session, watch_id: str, *, to_write: bool = False) -> Watch:
    """As ``get``. Raises NotFound."""
    row = get(tx, watch_id, to_write=to_write)
    if row is None:
        raise NotFound(
            "watch_not_found", "Aucun déclencheur actif de cet identifiant ; voyez « triggers list »."
        )
    return row


def live(tx: Session) -> list[Watch]:
    return list(tx.scalars(select(Watch).where(Watch.ended_at.is_(None)).order_by(Watch.id)))


def end(now: datetime, row: Watch) -> None:
    """The caller holds the row. What it started stays known: the same records must not leave again through
    another watch."""
    row.ended_at, row.secret, row.confirmation = now, None, None


def confirm(tx: Session, watch_id: str, confirmation: str) -> None:
    """Keep what the tool will sign with; the first that was told stays."""
    row = get(tx, watch_id, to_write=True)
    if row is not None:
        row.confirmation = row.confirmation or confirmation


def due(
    tx: Session, now: datetime, apart: timedelta, apart_when_told: timedelta, limit: int = 200
) -> list[str]:
    """Those whose look is due: ``apart_when_told`` for those whose tool calls by itself."""
    last = func.coalesce(Watch.asked_at, Watch.created_at)
    return list(
        tx.scalars(
            select(Watch.id)
            .where(
                Watch.ended_at.is_(None),
                or_(
                    last <= now - apart_when_told,
                    and_(Watch.outside_id.is_(None), last <= now - apart),
                ),
            )
            .order_by(last)
            .limit(limit)
        )
    )


def ask(tx: Session, now: datetime, watch_id: str, event_key: str | None = None) -> Step:
    """A look, unless one waits that has not begun: it will see what this one would; one that had given up is
    taken up again, one that was told to wait goes on waiting. The same ``event_key`` again asks for nothing
    more. Without one it is the clock's, whose step serves again. The step is held, so that it cannot begin
    before the caller's own news is committed."""
    unbegun = _looks(watch_id, StepState.WAITING, StepState.DEAD)
    standing = tx.scalars(unbegun.limit(1).with_for_update()).first()
    if standing:
        if standing.state == StepState.DEAD.value or not standing.error:
            steps.renew(tx, now, standing)
        return standing
    key = f"trigger:{watch_id}:{event_key or 'clock'}"
    step = steps.add(tx, now, StepKind.TRIGGER, None, key=key, argument=watch_id)
    if event_key is None and step.state == StepState.DONE.value:
        steps.renew(tx, now, step)
    return step


def problem(tx: Session, row: Watch) -> dict[str, Any] | None:
    """What is wrong: a look that failed and has not succeeded since; or else the subscription."""
    looks = tx.scalars(_looks(row.id, StepState.WAITING, StepState.RUNNING, StepState.DEAD))
    return next((look.error for look in looks if look.error), row.problem)


def _looks(watch_id: str, *states: StepState) -> Select[Step]:
    """In one of these states; those that wait first."""
    among = [state.value for state in states]
    query = select(Step).where(Step.kind == StepKind.TRIGGER.value, Step.argument == watch_id)
    return query.where(Step.state.in_(among)).order_by(Step.state.desc())


def known(tx: Session, record_key: str, *wishes: str) -> bool:
    """Whether this version of a record has been dealt with, by what was listed or by what it holds."""
    found = select(Started.version).where(
        Started.record_key == record_key,
        or_(Started.version.in_(wishes), Started.content.in_(wishes)),
    )
    return tx.scalars(found.limit(1)).first() is not None


def start(tx: Session, now: datetime, row: Watch, record_key: str, version: str, content: str | None) -> bool:
    """Take this version of a record on, for good; False when somebody has. Of two at once, the second waits
    for the first to be committed."""
    insert = postgresql.insert if tx.get_bind().dialect.name == "postgresql" else sqlite.insert
    taken = tx.execute(
        insert(Started)
        .values(record_key=record_key, version=version, content=content, watch_id=row.id, at=now)
        .on_conflict_do_nothing()
        .returning(Started.version)
    ).scalar()
    return taken is not None


def is_agreed(tx: Session, record_key: str) -> bool:
    """Whether a convention of this record was signed: what follows is for a person to decide."""
    signed = select(Convention.id).where(
        Convention.record_key == record_key, Convention.signed_at.is_not(None)
    )
    return tx.scalars(signed.limit(1)).first() is not None


def started(tx: Session, record_key: str, version: str, convention_id: str) -> None:
    tx.get_one(Started, (record_key, version)).convention_id = convention_id
