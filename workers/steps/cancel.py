"""End the request at the provider; the convention has ended once the provider says so, and the version that
replaces it, if one waits, begins only then.

While a sending is under way it waits for its outcome: a request must not outlive its convention. One that
has not begun, or failed meanwhile, sees this step and ends without acting.
"""

from __future__ import annotations

from connectors.signature import SignatureProvider
from domain.errors import NotFound, Refused, Retryable
from domain.lifecycle import BEFORE_SIGNATURE, Move, State, next_state
from domain.signature import RequestStatus
from domain.steps import StepKind, StepState
from store import conventions, steps, versions
from store.models import Convention, Step
from store.steps import Claimed
from workers.runtime import Runtime

_ASKED_OFF = "Annulée par le cabinet"


def run(runtime: Runtime, claimed: Claimed) -> None:
    with runtime.database.reading() as session:
        row = conventions.find(session, claimed.convention_id)
        sending = steps.of_convention(session, row.id, StepKind.SEND)
        replaced = versions.next_of(session, row) is not None
    if State(row.failed_from or row.state) not in BEFORE_SIGNATURE:  # signed or over meanwhile
        with runtime.finishing(claimed) as tx:
            versions.settle(tx, runtime.now(), conventions.lock(tx, row.id))
        return
    if any(step.state == StepState.RUNNING.value for step in sending):
        raise Retryable("sending_under_way", "L'envoi est en cours ; l'annulation suivra.", after=2)
    provider_ref, status = row.provider_ref or _lost_ref(runtime, row, sending), None
    if provider_ref:
        provider = runtime.provider(row.provider)
        status = _replaced(provider, provider_ref) if replaced else _cancelled(provider, provider_ref)
    with runtime.finishing(claimed) as tx:
        row = conventions.lock(tx, claimed.convention_id)
        now, new = runtime.now(), versions.next_of(tx, row)
        if status is RequestStatus.COMPLETED and new:
            versions.give_up(tx, now, row, new)
            steps.ask_provider(tx, now, row.id)
            return
        trace = {"provider": row.provider, "provider_status": status.value} if status else {}
        what = Move(status.value) if status in (RequestStatus.DECLINED, RequestStatus.EXPIRED) else None
        what = what if what and next_state(State(row.state), what) else Move.CANCELLED
        versions.end(tx, now, row, what, "hub", **trace)


def _cancelled(provider: SignatureProvider, ref: str) -> RequestStatus:
    provider.cancel(ref, _ASKED_OFF)
    return RequestStatus.CANCELLED


def _replaced(provider: SignatureProvider, ref: str) -> RequestStatus:
    """How the request ended, by the provider's own answer: another version may leave only after that. Raises
    Retryable while it has not."""
    try:
        provider.cancel(ref, versions.REPLACED)
    except Refused:
        if provider.progress(ref).status is not RequestStatus.COMPLETED:
            raise
        return RequestStatus.COMPLETED
    try:
        status = provider.progress(ref).status
    except NotFound:  # a draft that nobody had seen: it was thrown away
        return RequestStatus.CANCELLED
    if status in (RequestStatus.ONGOING, RequestStatus.DRAFT):
        raise Retryable(
            "cancellation_not_seen", "Le prestataire n'a pas encore fini d'annuler ; nouvel essai.", after=5
        )
    return status


def _lost_ref(runtime: Runtime, row: Convention, sending: list[Step]) -> str | None:
    """A sending that gave up may have reached the provider all the same: ask by our own reference."""
    if not any(step.attempts for step in sending):
        return None
    found = runtime.provider(row.provider).find(row.id)
    return found.provider_ref if found else None
