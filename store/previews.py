"""Previews: asked by a caller, made by a worker, forgotten within minutes. They leave nothing behind, not
even their step."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, undefer

from domain.identifiers import new_id
from domain.steps import StepKind, StepState
from store import steps
from store.models import Preview, Step

LIFE = timedelta(minutes=10)


@dataclass(frozen=True)
class Standing:
    """``answer`` and ``content`` once it is made; ``problem`` is what stopped the last try, ``given_up``
    when there will be no other."""

    id: str
    expires_at: datetime
    answer: dict[str, Any] | None
    content: bytes | None
    problem: dict[str, Any] | None
    given_up: bool


def ask(tx: Session, now: datetime, made_by: str, request: dict[str, Any]) -> str:
    """The id of a new preview, whose step is handed to the workers."""
    preview_id = new_id("pv", now, secrets.token_bytes(10))
    tx.add(Preview(id=preview_id, made_by=made_by, expires_at=now + LIFE, request=request))
    steps.add(tx, now, StepKind.PREVIEW, None, key=_key(preview_id), argument=preview_id)
    return preview_id


def ask_alone(
    tx: Session, now: datetime, made_by: str, request: dict[str, Any], alone: str, since: datetime
) -> str:
    """The id of the one preview of ``alone`` (a hash): a new one, unless one is being made, or was asked for
    since ``since``."""
    standing = tx.scalars(select(Preview).where(Preview.alone == alone).with_for_update()).first()
    if standing:
        over = standing.answer is not None or _is_dead(tx, standing.id)
        if standing.expires_at > now and (not over or standing.expires_at - LIFE >= since):
            return standing.id
        forget(tx, standing.id)
    insert = postgresql.insert if tx.get_bind().dialect.name == "postgresql" else sqlite.insert
    preview_id = new_id("pv", now, secrets.token_bytes(10))
    values = {"id": preview_id, "made_by": made_by, "expires_at": now + LIFE, "request": request}
    written = tx.execute(
        insert(Preview).values({**values, "alone": alone}).on_conflict_do_nothing().returning(Preview.id)
    ).scalar()
    if not written:  # another request of the same browser was faster
        return tx.scalars(select(Preview.id).where(Preview.alone == alone)).one()
    steps.add(tx, now, StepKind.PREVIEW, None, key=_key(preview_id), argument=preview_id)
    return preview_id


def standing_alone(session: Session, now: datetime, made_by: str, alone: str) -> Standing | None:
    """The one preview of ``alone``, for who asked for it."""
    query = select(Preview.id).where(Preview.alone == alone, Preview.made_by == made_by)
    preview_id = session.scalars(query).first()
    return look(session, now, preview_id, made_by) if preview_id else None


def request(session: Session, now: datetime, preview_id: str) -> dict[str, Any] | None:
    """What was asked; None when nobody waits for it any more."""
    query = select(Preview.request).where(Preview.id == preview_id, Preview.expires_at > now)
    return session.scalars(query).first()


def fill(tx: Session, preview_id: str, answer: dict[str, Any], content: bytes) -> None:
    row = tx.get(Preview, preview_id)
    if row is not None:
        row.answer, row.content = answer, content


def look(session: Session, now: datetime, preview_id: str, made_by: str) -> Standing | None:
    """Where it stands, for the key that asked for it; None when it is unknown or over."""
    row = session.scalars(
        select(Preview)
        .where(Preview.id == preview_id, Preview.made_by == made_by, Preview.expires_at > now)
        .options(undefer(Preview.content))
    ).first()
    if row is None:
        return None
    step = session.scalars(select(Step).where(Step.key == _key(preview_id))).first()
    dead = step is not None and step.state == StepState.DEAD.value
    return Standing(row.id, row.expires_at, row.answer, row.content, step.error if step else None, dead)


def _is_dead(session: Session, preview_id: str) -> bool:
    query = select(Step.id).where(Step.key == _key(preview_id), Step.state == StepState.DEAD.value)
    return session.scalars(query).first() is not None


def forget(tx: Session, *preview_ids: str) -> None:
    """With their steps."""
    tx.execute(delete(Step).where(Step.key.in_([_key(one) for one in preview_ids])))
    tx.execute(delete(Preview).where(Preview.id.in_(preview_ids)))


def forget_expired(tx: Session, now: datetime) -> int:
    expired = list(tx.scalars(select(Preview.id).where(Preview.expires_at <= now)))
    if expired:
        forget(tx, *expired)
    return len(expired)


def _key(preview_id: str) -> str:
    return f"preview:{preview_id}"
