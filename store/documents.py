"""The working documents of a convention, sealed in the database."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from store.models import Document


def put(
    tx: Session, convention_id: str, now: datetime, kind: str, media_type: str, content: bytes
) -> Document:
    """Keep ``content`` as the convention's ``kind``; what stood there before is replaced."""
    row = get(tx, convention_id, kind)
    if row is None:
        row = Document(convention_id=convention_id, kind=kind)
        tx.add(row)
    row.media_type = media_type
    row.sha256 = hashlib.sha256(content).hexdigest()
    row.size = len(content)
    row.created_at = now
    row.content = content
    return row


def get(tx: Session, convention_id: str, kind: str) -> Document | None:
    """With its content."""
    return tx.scalars(
        select(Document)
        .where(Document.convention_id == convention_id, Document.kind == kind)
        .options(undefer(Document.content))
    ).first()


def listing(tx: Session, convention_id: str) -> list[Document]:
    """Without their contents."""
    return list(
        tx.scalars(select(Document).where(Document.convention_id == convention_id).order_by(Document.kind))
    )
