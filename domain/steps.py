"""The steps of the pipeline: their kinds, and when a failed one is tried again."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class StepKind(StrEnum):
    FETCH = "fetch"  # read the record, normalise it
    RENDER = "render"  # merge and convert, check the output
    SEND = "send"  # put it before the signers
    FOLLOW = "follow"  # ask the provider where it stands
    COLLECT = "collect"  # bring the signed file and the proof home, verify them
    ARCHIVE = "archive"  # file into one archive
    VERIFY = "verify"  # read its copies back from every archive, make again what is gone
    WRITE_BACK = "write_back"  # tell the source's record
    REMIND = "remind"
    CANCEL = "cancel"
    DELIVER = "deliver"  # one event to one listener
    PREVIEW = "preview"  # an agreement to look at, of which nothing is kept
    MAIL = "mail"  # one mail to somebody of the firm
    TRIGGER = "trigger"  # see which records ask to be begun


class StepState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


#: a dead step of these kinds stops the convention itself; the others are shown beside its state
STOPPING = frozenset({StepKind.FETCH, StepKind.RENDER, StepKind.SEND, StepKind.COLLECT, StepKind.ARCHIVE})

_CAP = timedelta(hours=1)
_LONGEST_ASKED_SECONDS = 86_400.0
#: with the default base of 2 s: 2 s, 8 s, 32 s, 2 min, 9 min, 34 min, then hourly: about 25 hours
MAX_ATTEMPTS = 30


def wait_for_turn(asked: float | None, jitter: float) -> timedelta:
    """How long a step that found no turn waits: those that found none together come back one by one, and
    soon, or the turns of their absence would be lost."""
    return timedelta(seconds=(asked or 0) * (1 + 0.4 * jitter))


def wait_before(attempts: int, base_seconds: float, jitter: float, asked: float | None) -> timedelta:
    """How long to wait after the ``attempts``-th failure (1 = first).

    ``jitter`` is drawn by the caller in [0, 1) and spreads the wait by ±20 %, so that what failed
    together does not come back together; ``asked`` is the other side's own Retry-After, in seconds:
    never undercut, and never believed beyond a day.
    """
    exponent = min(attempts - 1, 12)
    wait = min(timedelta(seconds=base_seconds * 4**exponent), _CAP) * (0.8 + 0.4 * jitter)
    return max(wait, timedelta(seconds=min(asked or 0, _LONGEST_ASKED_SECONDS)))
