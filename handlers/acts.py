"""What may be done to a convention that stands, whoever asks: a program with its key, or a person on a page.

The callers hold the convention's row. ``who`` is how the journal names who asks.
"""

from __future__ import annotations

from datetime import datetime

from domain.errors import Invalid, Refused
from domain.lifecycle import AT_PROVIDER, BEFORE_SIGNATURE, LABELS, Move, State
from domain.signature import INVITED, SignerStatus
from domain.steps import StepKind
from store import conventions, journal, steps, versions
from store.database import Session
from store.models import Convention


def remind(tx: Session, now: datetime, row: Convention, who: str, signer: str | None = None) -> None:
    """Invite again one signer, or every one whose turn it is; at most once a minute each."""
    require(row, State(row.state) in AT_PROVIDER, "relancée")
    wanted = [s for s in row.signers if signer in (None, s.key)]
    if not wanted:
        raise Invalid(
            "signer_unknown", "Cette convention n'a pas ce signataire ; voyez sa liste « signers »."
        )
    invited = [one.key for one in wanted if SignerStatus(one.status) in INVITED]
    minute = now.strftime("%Y%m%d%H%M")
    for key in invited:
        steps.add(tx, now, StepKind.REMIND, row.id, key=f"remind:{row.id}:{key}:{minute}", argument=key)
    if invited:
        row.updated_at = now  # a form shown from now on asks for another one
        journal.append(tx, row.id, now, who, "reminder_asked", signers=invited)


def cancel(tx: Session, now: datetime, row: Convention, who: str) -> None:
    """End it before it is signed: at once when no sending has begun; otherwise the provider is told first.
    Asked again, nothing more happens."""
    stands = State(row.failed_from or row.state)
    if stands is State.CANCELLED:
        return
    require(row, stands in BEFORE_SIGNATURE, "annulée")
    if versions.next_of(tx, row):
        raise Refused(
            "being_replaced",
            "Une nouvelle version remplace cette convention, qui prend fin d'elle-même ; annulez la "
            "nouvelle.",
        )
    # what waits is dropped before that is looked at: a worker may be taking it at this very moment
    steps.drop_waiting(tx, now, row.id, StepKind.FETCH, StepKind.RENDER, StepKind.SEND)
    if row.provider_ref or any(step.attempts for step in steps.of_convention(tx, row.id, StepKind.SEND)):
        journal.append(tx, row.id, now, who, "cancel_asked")
        versions.ask_end(tx, now, row)
        return
    versions.end(tx, now, row, Move.CANCELLED, who)


def retry(tx: Session, now: datetime, row: Convention, who: str) -> None:
    """Run again every step that gave up."""
    if not conventions.retry(tx, now, row, who):
        raise Refused(
            "nothing_to_retry", "Aucune étape de cette convention n'a échoué : il n'y a rien à relancer."
        )


def require(row: Convention, allowed: bool, action: str) -> None:
    if not allowed:
        label = LABELS[State(row.state)].lower()
        raise Refused(
            "state_forbids",
            f"Cette convention est {label} : elle ne peut pas être {action} ; voyez son état.",
        )
