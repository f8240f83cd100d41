"""The states of a convention and the only moves between them.

A late, repeated or unknown event is not an error: ``next_state`` answers None and nothing moves.
Signed agreements never go back; a convention that ``failed`` resumes where it stood (``retried``).
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    RECEIVED = "received"
    RENDERED = "rendered"
    SENT = "sent"
    OPENED = "opened"
    SIGNED = "signed"
    ARCHIVED = "archived"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    FAILED = "failed"


class Move(StrEnum):
    """What happened to a convention; also the suffix of the event that goes out."""

    RENDERED = "rendered"
    SENT = "sent"
    OPENED = "opened"
    SIGNED = "signed"
    ARCHIVED = "archived"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    FAILED = "failed"


AT_PROVIDER = frozenset({State.SENT, State.OPENED})
BEFORE_SIGNATURE = frozenset({State.RECEIVED, State.RENDERED, State.SENT, State.OPENED})
#: over without a signed agreement: the same record may start afresh
ABANDONED = frozenset({State.DECLINED, State.EXPIRED, State.CANCELLED, State.SUPERSEDED})
ENDED = ABANDONED | {State.ARCHIVED}

_FROM: dict[Move, frozenset[State]] = {
    Move.RENDERED: frozenset({State.RECEIVED}),
    Move.SENT: frozenset({State.RENDERED}),
    Move.OPENED: frozenset({State.SENT}),
    Move.SIGNED: AT_PROVIDER,
    Move.ARCHIVED: frozenset({State.SIGNED}),
    Move.DECLINED: AT_PROVIDER,
    Move.EXPIRED: AT_PROVIDER,
    Move.CANCELLED: BEFORE_SIGNATURE | {State.FAILED},
    Move.SUPERSEDED: BEFORE_SIGNATURE | {State.FAILED},
    Move.FAILED: BEFORE_SIGNATURE | {State.SIGNED},
}

#: how the firm reads a state, in pages and in the record written back
LABELS: dict[State, str] = {
    State.RECEIVED: "Reçue",
    State.RENDERED: "Rédigée",
    State.SENT: "Envoyée",
    State.OPENED: "Ouverte",
    State.SIGNED: "Signée",
    State.ARCHIVED: "Archivée",
    State.DECLINED: "Refusée",
    State.EXPIRED: "Expirée",
    State.CANCELLED: "Annulée",
    State.SUPERSEDED: "Remplacée",
    State.FAILED: "En erreur",
}


def next_state(state: State, move: Move) -> State | None:
    """The state after ``move``, or None when that move is not for a convention in ``state``."""
    return State(move.value) if state in _FROM[move] else None


def resumed(state: State, failed_from: str | None) -> State:
    """Where a convention goes on when what stopped it is run again."""
    return State(failed_from) if state is State.FAILED and failed_from else state
