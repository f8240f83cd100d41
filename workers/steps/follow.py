"""Ask the provider where the request stands, and move the convention accordingly.

A callback is a signal, the provider's own answer to a GET is the truth. Only an opening is taken from
the callback itself: no GET tells of it.
"""

from __future__ import annotations

from domain.lifecycle import AT_PROVIDER, Move, State
from domain.signature import INVITED, CallbackKind, Progress, RequestStatus, SignerStatus
from domain.steps import StepKind
from store import conventions, inbox, steps, versions
from store.database import Session
from store.models import CallbackRow, Convention
from store.steps import Claimed
from workers.runtime import Runtime

_ENDINGS = {
    RequestStatus.DECLINED: Move.DECLINED,
    RequestStatus.EXPIRED: Move.EXPIRED,
    RequestStatus.CANCELLED: Move.CANCELLED,
}


def run(runtime: Runtime, claimed: Claimed) -> None:
    with runtime.database.reading() as session:
        row = conventions.find(session, claimed.convention_id)
        signals = inbox.matched(session, row.id)
    progress = None
    if State(row.state) in AT_PROVIDER and row.provider_ref:
        progress = runtime.provider(row.provider).progress(row.provider_ref)
    with runtime.finishing(claimed) as tx:
        row = conventions.lock(tx, claimed.convention_id)
        row.asked_at = runtime.now()
        inbox.applied(tx, [signal.id for signal in signals])
        conventions.healed(row, StepKind.FOLLOW)
        if progress and State(row.state) in AT_PROVIDER:
            _open(tx, runtime, row, signals, progress)
            _apply(tx, runtime, row, progress)


def _open(
    tx: Session, runtime: Runtime, row: Convention, signals: list[CallbackRow], progress: Progress
) -> None:
    opened = {s.signer_ref: s for s in signals if s.kind == CallbackKind.OPENED.value and s.signer_ref}
    states = {s.provider_ref: s.status for s in progress.signers}
    first = False
    for signer in row.signers:
        signal = opened.get(signer.provider_ref or "")
        if signal or states.get(signer.provider_ref or "") is SignerStatus.OPENED:
            signer.opened_at = signer.opened_at or (signal.occurred_at if signal else None) or runtime.now()
            first = True
    if first and conventions.move(tx, runtime.now(), row, Move.OPENED, f"provider:{row.provider}"):
        steps.tell_record(tx, runtime.now(), row.id, "opened")


def _apply(tx: Session, runtime: Runtime, row: Convention, progress: Progress) -> None:
    now, actor = runtime.now(), f"provider:{row.provider}"
    by_ref = {signer.provider_ref: signer for signer in progress.signers}
    for signer in row.signers:
        found = by_ref.get(signer.provider_ref or "")
        if found is None or signer.signed_at:  # an answer that was long on its way takes no signature back
            continue
        if found.status is SignerStatus.NOTIFIED and signer.opened_at:
            signer.status = SignerStatus.OPENED.value
        else:
            signer.status = found.status.value
        if found.status in INVITED:
            signer.invited_at = signer.invited_at or now
        if found.status is SignerStatus.SIGNED:
            signer.signed_at = found.signed_at or now
            conventions.note(tx, now, row, "signer_signed", actor, signer=signer.key)
            steps.tell_record(tx, now, row.id, signer.key)  # the link of who signs next
    if progress.status is RequestStatus.COMPLETED:
        row.signed_at = progress.completed_at or now
        steps.add(tx, now, StepKind.COLLECT, row.id, key=f"collect:{row.id}")
    elif ending := _ENDINGS.get(progress.status):
        row.decline_reason = progress.reason
        versions.end(tx, now, row, ending, actor)
