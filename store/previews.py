"""Previews: asked by a caller, made by a worker, forgotten within minutes. They leave nothing behind, not
even their step."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
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
