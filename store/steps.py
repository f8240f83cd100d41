"""The ledger of steps: written with their cause, leased while they run, fenced when they end.

``claim`` gives the right to run a step; ``finish`` and ``give_back`` work only while that lease is
still ours (``LeaseLost`` otherwise, and the transaction is undone).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from domain.identifiers import new_id
from domain.steps import StepKind, StepState
from store.models import Step


class LeaseLost(Exception):
    """Another worker took the step over: whatever this one did must not be recorded."""


@dataclass(frozen=True)
class Claimed:
    """A step that is ours to run. ``attempt`` counts from 1; above 1 an earlier try may have acted;
    ``interrupted``: the try before this one ended without a word (its worker was killed)."""

    id: str
    kind: StepKind
    convention_id: str
    argument: str | None
    attempt: int
    interrupted: bool
    token: str


def add(
    tx: Session,
    now: datetime,
    kind: StepKind,
    convention_id: str | None,
    key: str,
    argument: str | None = None,
    after_seconds: float = 0,
) -> Step:
    """Write a step once: the same ``key`` again gives the step that stands."""
    standing = tx.scalars(select(Step).where(Step.key == key)).first()
    if standing:
        return standing
    step = Step(
        id=new_id("st", now, secrets.token_bytes(10)),
        convention_id=convention_id,
        kind=kind.value,
        key=key,
        argument=argument,
        state=StepState.WAITING.value,
        run_after=now + timedelta(seconds=after_seconds),
        created_at=now,
    )
    tx.add(step)
    tx.flush()
    if not after_seconds:
        tx.info.setdefault("new_steps", []).append(step.id)
    return step


def claim(tx: Session, now: datetime, step_id: str, lease_seconds: float) -> Claimed | None:
    """Take the step if it is due and nobody runs it."""
    row = tx.scalars(select(Step).where(Step.id == step_id, _free(now)).with_for_update()).first()
    if row is None:
        return None
    interrupted = row.state == StepState.RUNNING.value
    row.state, row.attempts = StepState.RUNNING.value, row.attempts + 1
    row.lease_token, row.lease_until = secrets.token_hex(16), now + timedelta(seconds=lease_seconds)
    return Claimed(
        id=row.id,
        kind=StepKind(row.kind),
        convention_id=row.convention_id or "",
        argument=row.argument,
        attempt=row.attempts,
        interrupted=interrupted,
        token=row.lease_token,
    )


def keep_lease(tx: Session, now: datetime, claimed: Claimed, lease_seconds: float) -> bool:
    """Hold the lease for longer; False when it is no longer ours."""
    renewed = tx.execute(
        update(Step)
        .where(Step.id == claimed.id, Step.lease_token == claimed.token)
        .values(lease_until=now + timedelta(seconds=lease_seconds))
    )
    return _one(renewed)


def finish(tx: Session, now: datetime, claimed: Claimed) -> None:
    _end(tx, claimed, state=StepState.DONE.value, done_at=now, error=None)


def give_back(
    tx: Session, claimed: Claimed, run_after: datetime, error: dict[str, Any], *, counts: bool = True
) -> None:
    """Not done: to be tried again at ``run_after``. A try that does not count leaves one behind it, so that
    the next one looks whether an earlier one has acted."""
    attempts = claimed.attempt if counts else max(1, claimed.attempt - 1)
    waiting = StepState.WAITING.value
    _end(tx, claimed, state=waiting, run_after=run_after, handed_at=None, error=error, attempts=attempts)


def bury(tx: Session, now: datetime, claimed: Claimed, error: dict[str, Any]) -> None:
    """Given up: only a person (``revive``) runs it again."""
    _end(tx, claimed, state=StepState.DEAD.value, done_at=now, error=error)


def revive(tx: Session, now: datetime, convention_id: str) -> list[Step]:
    """Make every dead step of a convention due again, with fresh attempts behind a spent first one:
    an earlier try may have acted, so the step must look before it acts."""
    dead = list(
        tx.scalars(
            select(Step).where(Step.convention_id == convention_id, Step.state == StepState.DEAD.value)
        )
    )
    for step in dead:
        renew(tx, now, step)
    return dead


def renew(tx: Session, now: datetime, step: Step) -> None:
    step.state = StepState.WAITING.value
    step.attempts = 1
    step.run_after = now
    step.done_at = None
    tx.info.setdefault("new_steps", []).append(step.id)


def due(tx: Session, now: datetime, handed_before: datetime, limit: int = 200) -> list[str]:
    """Steps that should be running and are not: due and not handed over lately, or lease run out."""
    return list(
        tx.scalars(
            select(Step.id)
            .where(_free(now), or_(Step.handed_at.is_(None), Step.handed_at < handed_before))
            .order_by(Step.run_after)
            .limit(limit)
        )
    )


def mark_handed(tx: Session, now: datetime | None, ids: list[str]) -> None:
    """None: they did not reach the queue after all."""
    tx.execute(update(Step).where(Step.id.in_(ids)).values(handed_at=now))


def ask_provider(tx: Session, now: datetime, convention_id: str) -> Step:
    """A ``follow`` step, unless one waits that has not begun: it will see what this one would. One that
    had given up is taken up again: while a provider stays away they would only pile up. It is held (FOR
    UPDATE), so that it cannot begin before the caller's own news is committed."""
    standing = tx.scalars(
        select(Step)
        .where(
            Step.convention_id == convention_id,
            Step.kind == StepKind.FOLLOW.value,
            Step.state.in_([StepState.WAITING.value, StepState.DEAD.value]),
        )
        .order_by(Step.state.desc())
        .limit(1)
        .with_for_update()
    ).first()
    if standing:
        renew(tx, now, standing)
        return standing
    return add(tx, now, StepKind.FOLLOW, convention_id, key=f"follow:{secrets.token_hex(16)}")


def tell_record(tx: Session, now: datetime, convention_id: str, what: str) -> None:
    """The source's record is to be told, once, of ``what`` has come about."""
    add(tx, now, StepKind.WRITE_BACK, convention_id, key=f"write_back:{convention_id}:{what}")


def of_convention(tx: Session, convention_id: str, *kinds: StepKind) -> list[Step]:
    query = select(Step).where(Step.convention_id == convention_id)
    if kinds:
        query = query.where(Step.kind.in_([kind.value for kind in kinds]))
    return list(tx.scalars(query.order_by(Step.created_at, Step.id)))


def drop_waiting(tx: Session, now: datetime, convention_id: str, *kinds: StepKind) -> None:
    """What is no longer wanted (the convention was cancelled) ends without running."""
    tx.execute(
        update(Step)
        .where(
            Step.convention_id == convention_id,
            Step.kind.in_([kind.value for kind in kinds]),
            Step.state.in_([StepState.WAITING.value, StepState.DEAD.value]),
        )
        .values(state=StepState.DONE.value, done_at=now)
    )


def count_by_state(tx: Session) -> dict[tuple[str, str], int]:
    rows = tx.execute(select(Step.kind, Step.state, func.count()).group_by(Step.kind, Step.state))
    return {(kind, state): number for kind, state, number in rows}


def oldest_due(tx: Session, now: datetime) -> datetime | None:
    return tx.scalars(select(func.min(Step.run_after)).where(_free(now))).first()


def _free(now: datetime) -> Any:
    return or_(
        and_(Step.state == StepState.WAITING.value, Step.run_after <= now),
        and_(Step.state == StepState.RUNNING.value, Step.lease_until < now),
    )


def _end(tx: Session, claimed: Claimed, **values: Any) -> None:
    ended = tx.execute(
        update(Step)
        .where(Step.id == claimed.id, Step.lease_token == claimed.token)
        .values(lease_token=None, lease_until=None, **values)
    )
    if not _one(ended):
        raise LeaseLost(claimed.id)


def _one(result: Any) -> bool:
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
