"""The outbox: events as they go out, and who listens. Writing an event writes its deliveries too."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from domain.identifiers import new_id
from domain.steps import StepKind
from store import steps
from store.models import Convention, EventRow, Hook


def publish(
    tx: Session, now: datetime, convention: Convention, event_type: str, data: dict[str, Any]
) -> EventRow:
    """Write the event and one ``deliver`` step per listener. The caller holds the convention's row."""
    if tx.get_bind().dialect.name == "postgresql":
        # numbers are then committed in their order, and ``since`` misses none
        tx.execute(text("SELECT pg_advisory_xact_lock(7272)"))
    last = tx.scalars(
        select(func.max(EventRow.sequence)).where(EventRow.convention_id == convention.id)
    ).first()
    event = EventRow(
        id=new_id("evt", now, secrets.token_bytes(10)),
        convention_id=convention.id,
        sequence=(last or 0) + 1,
        type=event_type,
        at=now,
        body={},
    )
    event.body = {
        "id": event.id,
        "type": event_type,
        "timestamp": now.isoformat(timespec="milliseconds"),
        "sequence": event.sequence,
        "data": data,
    }
    tx.add(event)
    tx.flush()
    for hook in tx.scalars(select(Hook).where(Hook.ended_at.is_(None))):
        if not hook.events or event_type in hook.events:
            _deliver(tx, now, event, hook.id)
    return event


def recent(
    tx: Session, since: str | None, types: tuple[str, ...], limit: int, convention_id: str | None = None
) -> list[EventRow]:
    """Newest first; ``since`` is an event id: only what came after it."""
    query = select(EventRow).order_by(EventRow.number.desc()).limit(limit)
    if since:
        seen = select(EventRow.number).where(EventRow.id == since).scalar_subquery()
        query = query.where(EventRow.number > func.coalesce(seen, 0))
    if types:
        query = query.where(EventRow.type.in_(types))
    if convention_id:
        query = query.where(EventRow.convention_id == convention_id)
    return list(tx.scalars(query))


def subscribe(
    tx: Session, now: datetime, key_id: str, url: str, events: tuple[str, ...], secret: str
) -> Hook:
    hook = Hook(
        id=new_id("hk", now, secrets.token_bytes(10)),
        key_id=key_id,
        url=url,
        events=list(events),
        secret=secret,
        created_at=now,
    )
    tx.add(hook)
    return hook


def event(tx: Session, event_id: str) -> EventRow:
    return tx.scalars(select(EventRow).where(EventRow.id == event_id)).one()


def hook(tx: Session, hook_id: str) -> Hook | None:
    return tx.get(Hook, hook_id)


def hooks_of(tx: Session, key_id: str) -> list[Hook]:
    return list(
        tx.scalars(
            select(Hook).where(Hook.key_id == key_id, Hook.ended_at.is_(None)).order_by(Hook.created_at)
        )
    )


def unsubscribe(now: datetime, hook: Hook) -> None:
    hook.ended_at = hook.ended_at or now


def _deliver(tx: Session, now: datetime, event: EventRow, hook_id: str) -> None:
    steps.add(
        tx,
        now,
        StepKind.DELIVER,
        event.convention_id,
        key=f"deliver:{event.id}:{hook_id}",
        argument=f"{event.id}:{hook_id}",
    )
