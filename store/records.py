"""Which outside record a convention is about."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.models import Convention


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
