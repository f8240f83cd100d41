"""Those who wait for a convention's outcome: the ``resume_url`` of each call, called once per call.

Several calls may wait for one convention (the same record asked for by two scenarios): each keeps its own
line in ``Convention.resumes``: ``{"id", "url", "until", "at", "event"}``; ``event`` is None until it is due.
The caller of these functions holds the convention's row.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.errors import Refused
from domain.lifecycle import ENDED, State
from domain.steps import StepKind
from store import outbox, steps
from store.models import Convention, EventRow

#: n8n registers its resume URL a moment after our answer: an earlier call would be lost (409)
_DELAY_SECONDS = 2
_MOST_WAITING, _CALLED_KEPT = 100, 20


def add(tx: Session, now: datetime, row: Convention, url: str, until: str, at: str) -> None:
    """One more waits; called at once when what it waits for is already there. The same call again, while
    it waits, adds nothing. Raises Refused when absurdly many wait."""
    asked = {"url": url, "until": until, "at": at}
    waiting = [one for one in row.resumes if one["event"] is None]
    if any(asked.items() <= one.items() for one in waiting):
        return
    if len(waiting) >= _MOST_WAITING:
        raise Refused(
            "too_many_waiting", "Trop d'appels attendent déjà cette convention ; suivez ses événements."
        )
    called = [one for one in row.resumes if one["event"]]
    row.resumes = [*called[-_CALLED_KEPT:], *waiting, {"id": secrets.token_hex(8), **asked, "event": None}]
    last = outbox.recent(tx, None, (), 1, row.id)
    if last:
        call(tx, now, row, last[0])


def call(tx: Session, now: datetime, row: Convention, event: EventRow) -> None:
    """Tell ``event`` to everyone whose wait is over."""
    told = []
    for one in row.resumes:
        due = one["event"] is None and _is_over(row, one["until"], one["at"])
        told.append({**one, "event": event.id} if due else one)
        if due:
            steps.add(
                tx,
                now,
                StepKind.DELIVER,
                row.id,
                key=f"resume:{one['id']}",
                argument=f"{event.id}:resume:{one['id']}",
                after_seconds=_DELAY_SECONDS,
            )
    row.resumes = told


def hand_over(tx: Session, now: datetime, row: Convention, standing: Convention) -> None:
    """Those who wait for ``row`` now wait for the convention that it repeats."""
    waiting: list[dict[str, Any]] = row.resumes
    row.resumes = []
    for one in waiting:
        add(tx, now, standing, one["url"], one["until"], one["at"])


def url(row: Convention, waiting_id: str) -> str | None:
    return next((str(one["url"]) for one in row.resumes if one["id"] == waiting_id), None)


def _is_over(row: Convention, until: str, at: str) -> bool:
    state = State(row.state)
    if state is State.FAILED or state in ENDED:
        return True
    if at == "end" or state is State.RECEIVED:
        return False
    return state is not State.RENDERED or until == State.RENDERED.value
