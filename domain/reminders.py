"""When a signer who has not signed is reminded. First form: whole days after the invitation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta


def due(invited_at: datetime, last_day: int, now: datetime, days: Sequence[int]) -> int | None:
    """The day of the plan whose reminder is due at ``now``, or None.

    ``days`` is the plan (``1, 3, 7``: that many times 24 hours after the invitation), ``last_day`` the day of
    the last reminder planned for this signer, 0 for none. What was missed is not caught up one by one: after
    a stop of a week, one reminder goes out, not three.
    """
    come = [day for day in days if now >= invited_at + timedelta(days=day)]
    latest = max(come, default=0)
    return latest if latest > last_day else None
