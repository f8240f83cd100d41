"""The inbox: callbacks as they came, kept before they are acknowledged. A repeat is a no-op."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.identifiers import new_id
from domain.signature import Callback, CallbackKind
from store.models import CallbackRow, Convention

STORED, MATCHED, APPLIED, IRRELEVANT = "stored", "matched", "applied", "irrelevant"


def keep(
    tx: Session,
    now: datetime,
    provider: str,
    event_key: str,
    callback: Callback | None,
    headers: Mapping[str, str],
    body: bytes,
) -> str | None:
    """Write the callback unless it is known. Returns the id of the convention that must now follow
    its provider, or None (a repeat, an irrelevant or an unmatched callback)."""
    if callback:
        _hold(tx, provider, callback.provider_ref)
    convention_id = _convention_of(tx, provider, callback) if callback else None
    if callback is None or callback.kind is CallbackKind.IRRELEVANT:
        state = IRRELEVANT
    else:
        state = MATCHED if convention_id else STORED
    insert = postgresql.insert if tx.get_bind().dialect.name == "postgresql" else sqlite.insert
    written = tx.execute(
        insert(CallbackRow)
        .values(
            id=new_id("cb", now, secrets.token_bytes(10)),
            provider=provider,
            event_key=event_key if len(event_key) <= 160 else hashlib.sha256(event_key.encode()).hexdigest(),
            convention_id=convention_id,
            provider_ref=callback.provider_ref[:255] if callback else None,
            signer_ref=callback.signer_ref[:255] if callback and callback.signer_ref else None,
            kind=callback.kind.value if callback else CallbackKind.IRRELEVANT.value,
            state=state,
            occurred_at=callback.occurred_at if callback else None,
            received_at=now,
            headers=dict(headers),
            body=body,
        )
        .on_conflict_do_nothing()
        .returning(CallbackRow.id)
    ).first()
    return convention_id if written and state == MATCHED else None


def adopt(tx: Session, convention: Convention) -> bool:
    """Callbacks that came before our own call had returned find their convention now."""
    _hold(tx, convention.provider, convention.provider_ref or "")
    adopted = tx.scalars(
        select(CallbackRow).where(
            CallbackRow.state == STORED,
            CallbackRow.provider == convention.provider,
            CallbackRow.provider_ref == convention.provider_ref,
        )
    ).all()
    for row in adopted:
        row.convention_id, row.state = convention.id, MATCHED
    return bool(adopted)


def matched(tx: Session, convention_id: str) -> list[CallbackRow]:
    """What waits to be applied, oldest event first."""
    return list(
        tx.scalars(
            select(CallbackRow)
            .where(CallbackRow.convention_id == convention_id, CallbackRow.state == MATCHED)
            .order_by(CallbackRow.occurred_at, CallbackRow.received_at)
        )
    )


def applied(tx: Session, ids: list[str]) -> None:
    tx.execute(update(CallbackRow).where(CallbackRow.id.in_(ids)).values(state=APPLIED))


def orphans(tx: Session, now: datetime) -> int:
    """Callbacks that nothing here has claimed for a day: for a person to look at."""
    old = (CallbackRow.state == STORED, CallbackRow.received_at < now - timedelta(days=1))
    return tx.scalar(select(func.count()).select_from(CallbackRow).where(*old)) or 0


def _hold(tx: Session, provider: str, provider_ref: str) -> None:
    """A callback that is being written and the convention that is learning its reference wait for each
    other: otherwise neither sees the other's row, and the callback stays unmatched."""
    if tx.get_bind().dialect.name == "postgresql":
        name = f"{provider}:{provider_ref}"
        tx.execute(text("SELECT pg_advisory_xact_lock(7274, hashtext(:name))"), {"name": name})


def _convention_of(tx: Session, provider: str, callback: Callback) -> str | None:
    """By the provider's own reference alone: while a sending is under way ours may also stand on a draft
    that is being thrown away. What comes before we know the reference waits for ``adopt``."""
    return tx.scalars(
        select(Convention.id).where(
            Convention.provider == provider, Convention.provider_ref == callback.provider_ref
        )
    ).first()
