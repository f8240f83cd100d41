"""Tell the source's record where its convention stands, or the version that has replaced it. What is written
is the state of this moment, and is written again if it changed meanwhile: late, twice, at once or out of
order ends in the same cells."""

from __future__ import annotations

from connectors.sources import Outcome
from domain.copies import CopyState
from domain.lifecycle import AT_PROVIDER, LABELS, State
from domain.naming import PARIS
from domain.signature import SignerStatus
from domain.steps import StepKind
from store import conventions, steps, versions
from store.database import Session
from store.models import Convention
from store.steps import Claimed
from workers.runtime import Runtime

_SIGNED = (State.SIGNED, State.ARCHIVED)


def run(runtime: Runtime, claimed: Claimed) -> None:
    with runtime.database.reading() as session:
        row = conventions.find(session, claimed.convention_id)
        written = _outcome(session, row)
    source = runtime.source(row.source_kind)
    source.write_back(source.Ref.model_validate(row.source), written)
    with runtime.finishing(claimed) as tx:
        row = conventions.lock(tx, claimed.convention_id)
        conventions.healed(row, StepKind.WRITE_BACK)
        if _outcome(tx, row) != written:  # another may have written the newer state before us
            steps.tell_record(tx, runtime.now(), row.id, claimed.token)


def _outcome(session: Session, row: Convention) -> Outcome:
    """What the record's last convention says; while another is with its signers, that one's state."""
    row = versions.newest(session, row)
    last = versions.latest(session, row)
    row = versions.with_signers(session, row) or row
    state = State(row.state)
    signed = state in _SIGNED and row.signed_at is not None
    pending = [s.link for s in row.signers if s.link and s.status != SignerStatus.SIGNED.value]
    link = pending[0] if pending and state in AT_PROVIDER else ""  # one that leads nowhere is taken away
    copies = sorted(row.copies, key=lambda copy: copy.state != CopyState.KEPT.value)  # what is there first
    filed = [copy.link or copy.path for copy in copies if copy.kind == "signed"]
    troubled = last.state == State.FAILED.value and not signed
    return Outcome(
        state=LABELS[state],
        link=link,
        signed_on=row.signed_at.astimezone(PARIS).date().isoformat() if signed and row.signed_at else None,
        archive=filed[0] if filed else None,
        error=str(last.problem["detail"]) if troubled and last.problem else "",
    )
