"""A step's lease is short and renewed while its worker lives: a killed worker's step is taken over within
seconds, a long conversion is not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import logs
from store import steps
from store.database import DatabaseError
from store.steps import Claimed
from workers.runtime import Runtime

_log = logs.get("worker")


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
    lease = runtime.settings.core.lease_seconds
    while not ended.wait(lease / 3):
        try:
            with runtime.database.transaction() as tx:
                if not steps.keep_lease(tx, runtime.now(), claimed, lease):
                    return
        except DatabaseError:  # the next beat may reach it; if none does, the step is taken over
            _log.warning("lease_not_renewed", extra={"step": claimed.id})
