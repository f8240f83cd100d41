"""The hash-chained journal. The caller holds the convention's row (``conventions.lock``): that is
what keeps the chain free of forks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.journal import GENESIS, Entry, entry_hash
from store.models import JournalRow


def append(tx: Session, convention_id: str, now: datetime, actor: str, action: str, **details: Any) -> None:
    """``details`` hold codes, ids and hashes, never personal data."""
    last = tx.scalars(
        select(JournalRow)
        .where(JournalRow.convention_id == convention_id)
        .order_by(JournalRow.sequence.desc())
        .limit(1)
    ).first()
    sequence, previous = (last.sequence + 1, last.hash) if last else (1, GENESIS)
    details = {name: value for name, value in details.items() if value is not None}
    tx.add(
        JournalRow(
            convention_id=convention_id,
            sequence=sequence,
            at=now,
            actor=actor,
            action=action,
            details=details,
            previous=previous,
            hash=entry_hash(sequence, now, actor, action, details, previous),
        )
    )
    tx.flush()


def entries(tx: Session, convention_id: str) -> list[Entry]:
    rows = tx.scalars(
        select(JournalRow).where(JournalRow.convention_id == convention_id).order_by(JournalRow.sequence)
    )
    return [Entry(r.sequence, r.at, r.actor, r.action, r.details, r.previous, r.hash) for r in rows]


def last(session: Session, convention_id: str, action: str) -> datetime | None:
    """When it was last done to this convention."""
    done = select(JournalRow.at).where(JournalRow.convention_id == convention_id, JournalRow.action == action)
    return session.scalars(done.order_by(JournalRow.sequence.desc()).limit(1)).first()
