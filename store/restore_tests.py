"""The record of restore tests: that what is archived can be read back, as it was filed, somewhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.copies import restore_overdue
from store.models import ArchiveCopy, Convention, RestoreTest


@dataclass(frozen=True)
class RestoreState:
    """``last`` is None before the first test; ``overdue``: none has passed for six months;
    ``anything_archived``: copies exist, whether every archive has confirmed its own or not."""

    last: RestoreTest | None
    overdue: bool
    anything_archived: bool


def keep(tx: Session, **result: Any) -> RestoreTest:
    row = RestoreTest(**result)
    tx.add(row)
    tx.flush()
    return row


def state(session: Session, now: datetime) -> RestoreState:
    last = session.scalars(select(RestoreTest).order_by(RestoreTest.at.desc(), RestoreTest.id.desc())).first()
    passed_at = session.scalars(select(func.max(RestoreTest.at)).where(RestoreTest.passed)).first()
    first = _first_copy_at(session)
    return RestoreState(last, restore_overdue(now, passed_at, first), first is not None)


def _first_copy_at(session: Session) -> datetime | None:
    """When the first convention of which copies exist was filed; one that was not filed everywhere yet is
    counted from its signature."""
    moment = func.coalesce(Convention.archived_at, Convention.signed_at, Convention.created_at)
    holding = select(ArchiveCopy.id).where(ArchiveCopy.convention_id == Convention.id)
    return session.scalars(select(func.min(moment)).where(holding.exists())).first()
