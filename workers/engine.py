"""Runs one step: take the lease, act, record how it ended.

A step that fails for a while comes back later; one that cannot succeed, or has failed too often, is
buried: the convention then shows what is wrong and what to do, and an event goes out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import logs
from domain.errors import Invalid, NotFound, OutOfTurn, ParapheError, Permanent, Refused, Retryable
from domain.lifecycle import ENDED, Move, State
from domain.steps import MAX_ATTEMPTS, STOPPING, StepKind, wait_before, wait_for_turn
from store import conventions, steps
from store.database import Session
from store.steps import Claimed, LeaseLost
from workers.heartbeat import beating
from workers.runtime import Runtime
from workers.steps import STEPS

_log = logs.get("worker")
#: an error that we did not foresee is unlikely to heal by itself
_MAX_UNFORESEEN = 6

#: a step that takes its worker down with it must not be handed over for ever
_LOST = Permanent(
    "worker_lost",
    "Cette étape n'est jamais allée à son terme : elle arrête le programme qui l'exécute ; voyez la mémoire "
    "et le journal technique, puis relancez.",
)

Act = Callable[[Runtime, Claimed], None]


def run_step(runtime: Runtime, step_id: str, table: dict[StepKind, Act] | None = None) -> None:
    """Run the step if it is due and free; every failure is recorded, none escapes."""
    with runtime.database.transaction() as tx:
        claimed = steps.claim(tx, runtime.now(), step_id, runtime.settings.core.lease_seconds)
    if claimed:
        run_claimed(runtime, claimed, table)


def run_claimed(runtime: Runtime, claimed: Claimed, table: dict[StepKind, Act] | None = None) -> None:
    """Run a step of which the caller holds the lease."""
    if claimed.interrupted and claimed.attempt > MAX_ATTEMPTS:
        _bury(runtime, claimed, _LOST)
        return
    began = time.monotonic()
    told = _named(claimed)
    try:
        with beating(runtime, claimed):
            (table or STEPS)[claimed.kind](runtime, claimed)
    except LeaseLost:
        _log.warning("step_lease_lost", extra=told)
    except OutOfTurn as error:
        _postpone(runtime, claimed, error)
    except Retryable as error:
        _retry(runtime, claimed, error, MAX_ATTEMPTS)
    except (Invalid, Refused, NotFound, Permanent) as error:
        _bury(runtime, claimed, error)
    except Exception:  # noqa: BLE001 - also RQ's job timeout, which is an ordinary exception
        _log.exception("step_crashed", extra=told)
        unforeseen = Retryable(
            "internal_error",
            "Une erreur imprévue a interrompu cette étape ; le journal technique la décrit, "
            "relancez l'étape une fois la cause corrigée.",
        )
        _retry(runtime, claimed, unforeseen, _MAX_UNFORESEEN)
    else:
        elapsed = int((time.monotonic() - began) * 1000)
        _log.info("step_done", extra=told | {"attempt": claimed.attempt, "duration_ms": elapsed})


def _postpone(runtime: Runtime, claimed: Claimed, error: OutOfTurn) -> None:
    wait = wait_for_turn(error.after, runtime.draw())
    told = {"code": error.code, "wait_s": round(wait.total_seconds(), 1)}
    _log.info("step_postponed", extra=_named(claimed) | told)
    _give_back(runtime, claimed, error, wait, counts=False)


def _retry(runtime: Runtime, claimed: Claimed, error: Retryable, limit: int) -> None:
    if claimed.attempt >= limit:
        _bury(runtime, claimed, error)
        return
    base = runtime.settings.core.retry_base_seconds
    wait = wait_before(claimed.attempt, base, runtime.draw(), error.after)
    told = {"code": error.code, "attempt": claimed.attempt, "wait_s": round(wait.total_seconds(), 1)}
    _log.warning("step_failed", extra=_named(claimed) | told)
    _give_back(runtime, claimed, error, wait)


def _give_back(
    runtime: Runtime, claimed: Claimed, error: Retryable, wait: timedelta, *, counts: bool = True
) -> None:
    run_after, told = runtime.now() + wait, _error(claimed, error)
    try:
        with runtime.database.transaction() as tx:
            steps.give_back(tx, claimed, run_after, told, counts=counts)
    except LeaseLost:
        _log.warning("step_lease_lost", extra=_named(claimed))


def _bury(runtime: Runtime, claimed: Claimed, error: ParapheError) -> None:
    _log.error("step_dead", extra=_named(claimed) | {"code": error.code, "attempt": claimed.attempt})
    try:
        with runtime.database.transaction() as tx:
            told = _error(claimed, error)
            if claimed.kind is StepKind.PREVIEW:  # nobody can mend the record when it is not at fault
                told["technical"] = isinstance(error, Permanent | Retryable) and not error.errors
            steps.bury(tx, runtime.now(), claimed, told)
            if claimed.convention_id:
                _show(tx, runtime, claimed, error)
    except LeaseLost:
        _log.warning("step_lease_lost", extra=_named(claimed))


def _show(tx: Session, runtime: Runtime, claimed: Claimed, error: ParapheError) -> None:
    """The convention says what is wrong, what stops it before what does not. An event goes out once for
    the same trouble, and none for a listener that cannot be reached."""
    row = conventions.lock(tx, claimed.convention_id)
    now, told, before = runtime.now(), _error(claimed, error), row.problem
    facts = {"step": claimed.kind.value, "code": error.code}
    if claimed.kind in STOPPING and row.state != State.ARCHIVED.value:
        if State(row.state) in ENDED:  # it was cancelled meanwhile: nothing is stopped any more
            return
        row.problem = told
        conventions.move(tx, now, row, Move.FAILED, "hub", **facts)
        steps.tell_record(tx, now, row.id, claimed.token)
        return
    if not before or before["step"] == StepKind.DELIVER.value:
        row.problem = told
    if claimed.kind is not StepKind.DELIVER and before != told:
        conventions.note(tx, now, row, "failed", "hub", **facts)


def _named(claimed: Claimed) -> dict[str, str]:
    """A step in the log."""
    return {"step": claimed.id, "kind": claimed.kind.value, "convention": claimed.convention_id}


def _error(claimed: Claimed, error: ParapheError) -> dict[str, Any]:
    told: dict[str, Any] = {"step": claimed.kind.value, "code": error.code, "detail": error.detail}
    if error.errors:
        told["errors"] = [asdict(fault) for fault in error.errors]
    return told
