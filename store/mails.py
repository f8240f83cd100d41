"""Mails on their way: written with what caused them, sent by a worker, then forgotten, their step too."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.identifiers import new_id
from domain.steps import StepKind
from store import steps
from store.models import Mail, Step


def write(tx: Session, now: datetime, recipient: str, subject: str, text: str, expires_at: datetime) -> str:
    """``subject`` is a constant: it holds nothing of a person or of a matter."""
    mail_id = new_id("ml", now, secrets.token_bytes(10))
    tx.add(
        Mail(
            id=mail_id,
            recipient=recipient,
            subject=subject,
            text=text,
            created_at=now,
            expires_at=expires_at,
        )
    )
    steps.add(tx, now, StepKind.MAIL, None, key=_key(mail_id), argument=mail_id)
    return mail_id


def find(session: Session, now: datetime, mail_id: str) -> Mail | None:
    """None when it has left, or nobody wants it any more."""
    return session.scalars(select(Mail).where(Mail.id == mail_id, Mail.expires_at > now)).first()


def forget(tx: Session, *mail_ids: str) -> None:
    tx.execute(delete(Step).where(Step.key.in_([_key(one) for one in mail_ids])))
    tx.execute(delete(Mail).where(Mail.id.in_(mail_ids)))


def forget_expired(tx: Session, now: datetime) -> int:
    """How many never left."""
    expired = list(tx.scalars(select(Mail.id).where(Mail.expires_at <= now)))
    if expired:
        forget(tx, *expired)
    return len(expired)


def _key(mail_id: str) -> str:
    return f"mail:{mail_id}"
