"""The clock process: ``python -m workers.clock``. Every few seconds it hands over what nobody is
running, asks the providers about what has been waiting too long and has copies read back. Two clocks do
no harm."""

from __future__ import annotations

import signal
import sys
import threading
from datetime import datetime, timedelta

import logs
from domain.reminders import due as due_day
from domain.steps import StepKind
from settings import SettingsError
from store import conventions, mails, people, previews, steps, watches
from store.models import SignerRow
from workers import copies
from workers.runtime import Runtime
from workers.start import load_runtime
from workers.subscriptions import SAFETY_NET, polling

_log = logs.get("clock")
#: a step handed to the queue and not begun after this long is handed over again
_HANDED_SECONDS = 60.0


def tick(runtime: Runtime) -> int:
    """One round; returns how many steps were handed over."""
    now = runtime.now()
    patience = min(_HANDED_SECONDS, runtime.settings.core.lease_seconds)
    with runtime.database.transaction() as tx:
        previews.forget_expired(tx, now)
        people.forget_expired(tx, now)
        never_left = mails.forget_expired(tx, now)
        ids = steps.due(tx, now, handed_before=now - timedelta(seconds=patience))
        steps.mark_handed(tx, now, ids)
    if never_left:
        _log.error("mails_never_left", extra={"count": never_left})
    if ids and not runtime.queue.hand_over(ids):
        with runtime.database.transaction() as tx:
            steps.mark_handed(tx, None, ids)
        ids = []
    if ids:
        _log.info("steps_handed_over", extra={"count": len(ids)})
    _ask_about_silent(runtime, now)
    _remind(runtime, now)
    _look(runtime, now)
    copies.plan(runtime, now)
    return len(ids)


def _ask_about_silent(runtime: Runtime, now: datetime) -> None:
    """A missed callback is not a lost convention."""
    asked_before = now - timedelta(seconds=runtime.settings.core.ask_after_seconds)
    with runtime.database.reading() as session:
        silent = conventions.silent(session, asked_before)
    for convention_id in silent:  # each on its own: one that cannot be read must not silence the others
        try:
            with runtime.database.transaction() as tx:
                conventions.lock(tx, convention_id).asked_at = now
                steps.ask_provider(tx, now, convention_id)
        except Exception:  # noqa: BLE001 - told, and asked again at the next round
            _log.exception("clock_cannot_ask", extra={"convention": convention_id})


def _remind(runtime: Runtime, now: datetime) -> None:
    """The step looks once more whether the signer is still waited for: what is written here may be old."""
    days = runtime.settings.reminder_days
    if not days:
        return
    with runtime.database.reading() as session:
        waiting = conventions.to_remind(session, now, days)
    for signer in waiting:
        day = due_day(signer.invited_at or now, signer.reminded_day, now, days)
        if day:
            _plan(runtime, now, signer, day)


def _look(runtime: Runtime, now: datetime) -> None:
    """At what no tool tells of, and every hour at the rest: its notification may be lost, and its
    subscription is to be kept alive."""
    with runtime.database.reading() as session:
        due = watches.due(session, now, polling(runtime.settings), SAFETY_NET)
    for watch_id in due:
        try:
            with runtime.database.transaction() as tx:
                row = watches.get(tx, watch_id, to_write=True)
                if row is not None:
                    row.asked_at = now
                    watches.ask(tx, now, watch_id)
        except Exception:  # noqa: BLE001 - told, and asked again at the next round
            _log.exception("clock_cannot_look")


def _plan(runtime: Runtime, now: datetime, signer: SignerRow, day: int) -> None:
    try:
        with runtime.database.transaction() as tx:
            key = f"remind:{signer.convention_id}:{signer.key}:day{day}"
            steps.add(tx, now, StepKind.REMIND, signer.convention_id, key=key, argument=signer.key)
            tx.get_one(SignerRow, signer.id).reminded_day = day
    except Exception:  # noqa: BLE001 - told, and planned again at the next round
        _log.exception("clock_cannot_remind", extra={"convention": signer.convention_id})


def main() -> int:
    try:
        runtime = load_runtime()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    _log.info("clock_started")
    while not stop.wait(runtime.settings.core.clock_seconds):
        try:
            tick(runtime)
        except Exception:  # noqa: BLE001 - the top of a round: the clock outlives whatever goes wrong
            _log.exception("clock_round_failed")
    runtime.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
