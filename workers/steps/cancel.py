"""End the request at the provider; the convention is cancelled once the provider says so.

While a sending is under way it waits for its outcome: a request must not outlive its convention. One that
has not begun, or failed meanwhile, sees this step and ends without acting.
"""

from __future__ import annotations

from domain.errors import Retryable
from domain.lifecycle import BEFORE_SIGNATURE, Move, State
from domain.steps import StepKind, StepState
from store import conventions, steps
from store.models import Convention, Step
from store.steps import Claimed
from workers.runtime import Runtime


def run(runtime: Runtime, claimed: Claimed) -> None:
    with runtime.database.reading() as session:
        row = conventions.find(session, claimed.convention_id)
        sending = steps.of_convention(session, row.id, StepKind.SEND)
    if State(row.failed_from or row.state) not in BEFORE_SIGNATURE:  # signed or over meanwhile
        with runtime.finishing(claimed):
            return
    if any(step.state == StepState.RUNNING.value for step in sending):
        raise Retryable("sending_under_way", "L'envoi est en cours ; l'annulation suivra.", after=2)
    provider_ref = row.provider_ref or _lost_ref(runtime, row, sending)
    if provider_ref:
        runtime.provider(row.provider).cancel(provider_ref, "Annulée par le cabinet")
    with runtime.finishing(claimed) as tx:
        row = conventions.lock(tx, claimed.convention_id)
        now = runtime.now()
        if conventions.move(tx, now, row, Move.CANCELLED, "hub"):
            row.problem = None
            steps.drop_waiting(tx, now, row.id, StepKind.RENDER, StepKind.SEND, StepKind.COLLECT)
            steps.add(tx, now, StepKind.WRITE_BACK, row.id, key=f"write_back:{row.id}:cancelled")


def _lost_ref(runtime: Runtime, row: Convention, sending: list[Step]) -> str | None:
    """A sending that gave up may have reached the provider all the same: ask by our own reference."""
    if not any(step.attempts for step in sending):
        return None
    found = runtime.provider(row.provider).find(row.id)
    return found.provider_ref if found else None
