"""A step's lease is short and renewed while its worker lives: a killed worker's step is taken over within
seconds, a long conversion is not. A step that hangs where the job's time limit cannot reach it (inside a
library's own code) is not kept for ever: past that limit its lease runs out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import logs
from store import steps
from store.database import DatabaseError
from store.steps import Claimed
from workers.runtime import Runtime

_log = logs.get("worker")
#: what a step may take beyond its time limit to record how it ended
_PATIENCE = 1.25


@contextmanager
def beating(runtime: Runtime, claimed: Claimed) -> Iterator[None]:
    """Renew the lease three times in its length, until the block ends or the lease is another's."""
    ended = Event()
    thread = Thread(target=_beat, args=(runtime, claimed, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _beat(runtime: Runtime, claimed: Claimed, ended: Event) -> None:
    core = runtime.settings.core
    last = runtime.now() + timedelta(seconds=core.step_seconds * _PATIENCE)
    while not ended.wait(core.lease_seconds / 3):
        now = runtime.now()
        if now > last:
            _log.error("step_hangs", extra={"step": claimed.id, "kind": claimed.kind.value})
            return
        try:
            with runtime.database.transaction() as tx:
                if not steps.keep_lease(tx, now, claimed, core.lease_seconds):
                    return
        except DatabaseError:  # the next beat may reach it; if none does, the step is taken over
            _log.warning("lease_not_renewed", extra={"step": claimed.id})
