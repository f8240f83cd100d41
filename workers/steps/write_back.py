"""Tell the source's record where its convention stands, or the version that has replaced it. What is written
is the state of this moment, and is written again if it changed meanwhile: late, twice, at once or out of
order ends in the same cells."""

from __future__ import annotations

from connectors.sources import Outcome
from domain.copies import CopyState
from domain.lifecycle import LABELS, State
from domain.naming import PARIS
from domain.signature import SignerStatus
from domain.steps import StepKind
from store import conventions, steps, versions
from store.models import Convention
from store.steps import Claimed
from workers.runtime import Runtime

_BEFORE_SIGNERS = (State.SENT, State.OPENED)
_SIGNED = (State.SIGNED, State.ARCHIVED)


def run(runtime: Runtime, claimed: Claimed) -> None:
    with runtime.database.reading() as session:
        row = versions.newest(session, conventions.find(session, claimed.convention_id))
    source, written = runtime.source(row.source_kind), _outcome(row)
    source.write_back(source.Ref.model_validate(row.source), written)
    with runtime.finishing(claimed) as tx:
        row = conventions.lock(tx, claimed.convention_id)
        conventions.healed(row, StepKind.WRITE_BACK)
        if (
            _outcome(versions.newest(tx, row)) != written
        ):  # another may have written the newer state before us
            steps.add(tx, runtime.now(), StepKind.WRITE_BACK, row.id, key=f"write_back:{claimed.token}")


def _outcome(row: Convention) -> Outcome:
    state = State(row.state)
    signed = state in _SIGNED and row.signed_at is not None
    pending = [s.link for s in row.signers if s.link and s.status != SignerStatus.SIGNED.value]
    link = pending[0] if pending and state in _BEFORE_SIGNERS else ""  # one that leads nowhere is taken away
    copies = sorted(row.copies, key=lambda copy: copy.state != CopyState.KEPT.value)  # what is there first
    filed = [copy.link or copy.path for copy in copies if copy.kind == "signed"]
    return Outcome(
        state=LABELS[state],
        link=link,
        signed_on=row.signed_at.astimezone(PARIS).date().isoformat() if signed and row.signed_at else None,
        archive=filed[0] if filed else None,
        error=str(row.problem["detail"]) if state is State.FAILED and row.problem else "",
    )
