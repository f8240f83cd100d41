"""The templates that the firm keeps in the database: web and worker share no disk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, undefer

from store.models import TemplateRow


def put(tx: Session, now: datetime, name: str, docx: bytes, manifest: bytes) -> None:
    """Keep it under ``name``; what stood there is replaced."""
    tx.merge(TemplateRow(name=name, added_at=now, docx=docx, manifest=manifest))


def get(session: Session, name: str) -> TemplateRow | None:
    """With its Word file."""
    query = select(TemplateRow).where(TemplateRow.name == name).options(undefer(TemplateRow.docx))
    return session.scalars(query).first()


def everything(session: Session) -> list[TemplateRow]:
    """Without their Word files, by name."""
    return list(session.scalars(select(TemplateRow).order_by(TemplateRow.name)))


def names(session: Session) -> list[str]:
    return list(session.scalars(select(TemplateRow.name).order_by(TemplateRow.name)))


def remove(tx: Session, name: str) -> bool:
    """False when there was none."""
    done = tx.execute(delete(TemplateRow).where(TemplateRow.name == name))
    assert isinstance(done, CursorResult)
    return done.rowcount == 1
