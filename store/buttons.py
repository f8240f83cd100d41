"""Buttons, and what was asked by them: each thing once, whoever clicks and however often."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.identifiers import new_id
from store.models import Button, ButtonUse, Convention

ACTIONS = ("preview", "send", "remind", "cancel", "amend", "retry")
_NEWEST = 50


def create(
    tx: Session, now: datetime, source_kind: str, place: dict[str, Any], action: str, template: str | None
) -> Button:
    row = Button(
        id=new_id("bt", now, secrets.token_bytes(10)),
        source_kind=source_kind,
        place=place,
        action=action,
        template=template,
        created_at=now,
    )
    tx.add(row)
    return row


def find(session: Session, button_id: str) -> Button | None:
    """The button, unless it was revoked."""
    row = session.get(Button, button_id)
    return row if row and row.revoked_at is None else None


def everything(session: Session) -> list[Button]:
    return list(session.scalars(select(Button).order_by(Button.created_at, Button.id)))


def revoke(tx: Session, now: datetime, button_id: str) -> bool:
    row = tx.get(Button, button_id)
    if row is None or row.revoked_at:
        return False
    row.revoked_at = now
    return True


def claim(
    tx: Session, now: datetime, button: Button, person_id: str, about: list[str | None]
) -> ButtonUse | None:
    """The right to do what ``about`` says, given once; None when it was given before. Who comes second waits
    for the first one's transaction. What is not done after all (its transaction is undone) may be asked
    again."""
    insert = postgresql.insert if tx.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"claim": _hash(about), "button_id": button.id, "person_id": person_id, "at": now}
    written = tx.execute(
        insert(ButtonUse).values(values).on_conflict_do_nothing().returning(ButtonUse.id)
    ).scalar()
    return tx.get_one(ButtonUse, written) if written else None


def done(session: Session, about: list[str | None]) -> str | None:
    """The convention that this led to, when it was asked before."""
    return session.scalars(select(ButtonUse.convention_id).where(ButtonUse.claim == _hash(about))).first()


def of_record(session: Session, record_key: str | None) -> list[Convention]:
    """The conventions of one outside record, newest first; repeats of another are left out."""
    if record_key is None:
        return []
    query = select(Convention).where(Convention.record_key == record_key, Convention.duplicate_of.is_(None))
    return list(session.scalars(query.order_by(Convention.id.desc()).limit(_NEWEST)))


def _hash(about: list[str | None]) -> str:
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()
