"""What is kept of each signed convention in its archives, and whose turn it is to be read back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select, text
from sqlalchemy.orm import Session

from domain.copies import CopyState, FileCopy, Filing
from domain.lifecycle import State
from domain.steps import StepKind, StepState
from store import steps
from store.models import ArchiveCopy, Convention, Document, Step

_SIGNED = or_(
    Convention.state.in_([State.SIGNED.value, State.ARCHIVED.value]),
    and_(Convention.state == State.FAILED.value, Convention.failed_from == State.SIGNED.value),
)


def filings(session: Session) -> list[Filing]:
    """Every signed convention, oldest first. Reads nothing that is sealed."""
    stuck: dict[str | None, set[str]] = defaultdict(set)
    kinds: dict[str, set[str]] = defaultdict(set)
    for convention, archive in session.execute(
        select(Step.convention_id, Step.argument).where(
            Step.kind == StepKind.ARCHIVE.value, Step.state == StepState.DEAD.value
        )
    ):
        stuck[convention].add(archive or "")
    for convention, kind in session.execute(
        select(Document.convention_id, Document.kind).where(Document.kind != "rendered")
    ):
        kinds[convention].add(kind)
    kept = _copies(session)
    rows = session.execute(
        select(Convention.id, Convention.dossier, Convention.archives).where(_SIGNED).order_by(Convention.id)
    )
    return [
        Filing(
            id=row.id,
            dossier=row.dossier or row.id,
            asked=tuple(row.archives),
            stuck=frozenset(stuck[row.id]),
            kinds=frozenset(kinds[row.id]),
            copies=tuple(kept[row.id]),
        )
        for row in rows
    ]


def due(
    session: Session, archives: Sequence[str], verified_before: datetime, asked_before: datetime, limit: int
) -> list[str]:
    """Conventions with a copy, in one of ``archives``, that was not read for long or is known to be gone, and
    that were not asked for since; those asked for longest ago first, so that one that cannot be read never
    stands in the way of the others."""
    gone = func.max(case((ArchiveCopy.state != CopyState.KEPT.value, 1), else_=0))
    oldest = func.min(ArchiveCopy.verified_at)
    under_way = select(Step.id).where(
        Step.convention_id == Convention.id,
        Step.kind == StepKind.VERIFY.value,
        Step.state.in_([StepState.WAITING.value, StepState.RUNNING.value]),
    )
    query = (
        select(Convention.id)
        .join(ArchiveCopy, ArchiveCopy.convention_id == Convention.id)
        .where(
            _SIGNED,
            ArchiveCopy.archive.in_(archives),
            or_(Convention.copies_asked_at.is_(None), Convention.copies_asked_at < asked_before),
            ~under_way.exists(),
        )
        .group_by(Convention.id, Convention.copies_asked_at)
        .having(or_(oldest <= verified_before, gone == 1))
        .order_by(func.coalesce(Convention.copies_asked_at, oldest), oldest, Convention.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def asked_since(session: Session, moment: datetime) -> int:
    return session.scalars(
        select(func.count()).select_from(Convention).where(Convention.copies_asked_at >= moment)
    ).one()


def plan(tx: Session, now: datetime, day: datetime, sample: int, convention_id: str) -> bool:
    """Write the step that reads this convention's copies back, unless this day's sample (since ``day``) is
    complete or it is in it; one clock at a time."""
    if tx.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        tx.execute(text("SELECT pg_advisory_xact_lock(7290)"))
    row = tx.get_one(Convention, convention_id, with_for_update=True, populate_existing=True)
    asked = row.copies_asked_at is not None and row.copies_asked_at >= day
    if asked or asked_since(tx, day) >= sample:
        return False
    row.copies_asked_at = now
    ask(tx, now, convention_id, f"{day:%Y-%m-%d}")
    return True


def ask(tx: Session, now: datetime, convention_id: str, name: str) -> Step:
    """A step that verifies this convention's copies. One that had given up is taken up again: while an
    archive stays away they would only pile up. ``name`` tells it from the others of the same convention."""
    standing = tx.scalars(
        select(Step)
        .where(
            Step.convention_id == convention_id,
            Step.kind == StepKind.VERIFY.value,
            Step.state.in_([StepState.WAITING.value, StepState.DEAD.value]),
        )
        .limit(1)
        .with_for_update()
    ).first()
    if standing:
        steps.renew(tx, now, standing)
        standing.attempts = 0  # what was read before it was asked for is read again
        return standing
    return steps.add(tx, now, StepKind.VERIFY, convention_id, key=f"verify:{convention_id}:{name}")


def in_archive(session: Session, archive: str) -> list[str]:
    """The signed conventions that have a copy there."""
    return list(
        session.scalars(
            select(Convention.id)
            .join(ArchiveCopy, ArchiveCopy.convention_id == Convention.id)
            .where(_SIGNED, ArchiveCopy.archive == archive)
            .distinct()
            .order_by(Convention.id)
        )
    )


def archives_in_use(session: Session) -> list[str]:
    return list(session.scalars(select(ArchiveCopy.archive).distinct().order_by(ArchiveCopy.archive)))


def count(session: Session, verified_before: datetime) -> dict[str, int]:
    """Files in archives: ``verified`` lately, ``due``, ``missing``, ``lost``."""
    what: Any = case(
        (ArchiveCopy.state != CopyState.KEPT.value, ArchiveCopy.state),
        (ArchiveCopy.verified_at <= verified_before, "due"),
        else_="verified",
    )
    named = what.label("what")
    found = dict.fromkeys(("verified", "due", "missing", "lost"), 0)
    for state, number in session.execute(select(named, func.count()).group_by(named)):
        found[state] = number
    return found


def _copies(session: Session) -> dict[str, list[FileCopy]]:
    found: dict[str, list[FileCopy]] = defaultdict(list)
    for row in session.execute(
        select(
            ArchiveCopy.convention_id,
            ArchiveCopy.archive,
            ArchiveCopy.kind,
            ArchiveCopy.state,
            ArchiveCopy.verified_at,
        ).order_by(ArchiveCopy.archive, ArchiveCopy.kind)
    ):
        found[row.convention_id].append(
            FileCopy(row.archive, row.kind, CopyState(row.state), row.verified_at)
        )
    return found
