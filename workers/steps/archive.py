"""File the signed agreement, with its proof beside it, into one archive. The others go their own way;
the convention is archived when every one of them has confirmed."""

from __future__ import annotations

from datetime import datetime

from domain.errors import Permanent
from domain.lifecycle import Move
from domain.steps import StepKind, StepState
from store import conventions, documents, steps
from store.database import Session
from store.models import Convention
from store.steps import Claimed
from workers.filing import NAMES, deposit, leave_out, remember
from workers.runtime import Runtime


def run(runtime: Runtime, claimed: Claimed) -> None:
    name, able = claimed.argument or "", runtime.archive_names()
    with runtime.database.reading() as session:
        row = conventions.find(session, claimed.convention_id)
        held = [d for kind in NAMES if (d := documents.get(session, row.id, kind))]
    if not any(document.kind == "signed" for document in held) or row.signed_at is None:
        raise Permanent("document_missing", "Le document signé est introuvable ; relancez la collecte.")
    if name not in able and set(row.archives) & set(able):
        with runtime.finishing(claimed) as tx:
            row = conventions.lock(tx, claimed.convention_id)
            leave_out(tx, runtime.now(), row, name)
            _settle(tx, runtime.now(), row, claimed)
        return
    archive = runtime.archive(name)
    filed = [(one, archive.file(deposit(runtime, row, one.kind, one.content, one.sha256))) for one in held]
    with runtime.finishing(claimed) as tx:
        row = conventions.lock(tx, claimed.convention_id)
        now = runtime.now()
        for document, where in filed:
            remember(row, name, document.kind, where, document.sha256, now)
        tx.flush()
        _settle(tx, now, row, claimed)


def _settle(tx: Session, now: datetime, row: Convention, claimed: Claimed) -> None:
    if _all_filed(tx, row, claimed.id):
        conventions.healed(row, StepKind.ARCHIVE)
        # no move when it is archived already: an archive came later
        conventions.move(tx, now, row, Move.ARCHIVED, "hub", archives=list(row.archives))
        steps.tell_record(tx, now, row.id, "archived")


def _all_filed(tx: Session, row: Convention, this_step: str) -> bool:
    others = steps.of_convention(tx, row.id, StepKind.ARCHIVE)
    return all(step.id == this_step or step.state == StepState.DONE.value for step in others)
