"""Calls to a system that counts them, kept under its limit by all workers together."""

from __future__ import annotations

import time

from connectors import Services
from domain.errors import OutOfTurn, Retryable

#: longer than this, the step is queued again instead: its worker has other work
LONGEST_WAIT_SECONDS = 5.0


def wait_for_turn(
    services: Services, scope: str, per_second: float, busy: Retryable, ahead_seconds: float = 0.0
) -> None:
    """Wait until the next call may leave. ``scope`` names what the limit is counted for (a base, a token).
    ``ahead_seconds``: how far calls may run ahead of their pace, where the limit counts over longer. Raises
    OutOfTurn, in the words of ``busy``, at once when the wait would be long, with the wait in ``after``."""
    wait = services.turn(scope, 1 / per_second, ahead_seconds + LONGEST_WAIT_SECONDS) - ahead_seconds
    if wait > LONGEST_WAIT_SECONDS:  # no turn was booked
        raise OutOfTurn(busy.code, busy.detail, wait)
    if wait > 0:
        time.sleep(wait)
