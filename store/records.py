"""Which outside record a convention is about."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from store.models import Convention


def hold(tx: Session, convention_id: str) -> None:
    """One convention of a record at a time sees whether another stands, until the transaction ends. Taken
    before any row is held."""
    if tx.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        name = tx.scalar(select(Convention.record_key).where(Convention.id == convention_id))
        if name:
            tx.execute(text("SELECT pg_advisory_xact_lock(7275, hashtext(:name))"), {"name": name})


def rename(
    tx: Session, row: Convention, source: dict[str, Any], pending_key: str | None, record_key: str | None
) -> None:
    """The record is known from now on by what leads to it for good. The caller holds the row. It waits for
    that record alone, unless another is being read already: they then meet by content."""
    taken = select(Convention.id).where(
        Convention.pending_key == (pending_key or ""), Convention.id != row.id
    )
    row.source, row.record_key = source, record_key
    row.pending_key = None if tx.scalar(taken) else pending_key
