"""Read the record where the firm keeps it, normalise it, and see whether it is already under way.

A signature below the advice without a reason stops here, where the record is read again once mended. So does
a record that was changed while its first agreement is with the signers, unless the call says to replace it.
"""

from __future__ import annotations

from pydantic import BaseModel

from connectors.sources import Source
from domain.content import content_key, pending_key, record_key
from domain.errors import Invalid, NotFound, OutOfTurn, Permanent, Refused
from domain.identifiers import actor
from domain.lifecycle import Move, State
from domain.record import Record, fingerprint
from domain.steps import StepKind
from store import conventions, journal, records, resumes, steps, versions
from store.database import Session
from store.models import Convention, SignerRow
from store.steps import Claimed
from workers import choices
from workers.runtime import Runtime

_WITH_ITS_SIGNERS = Refused(
    "amend_needed",
    "La fiche a changé, mais la convention qui en a été tirée est déjà chez ses signataires (ou sur le point "
    "d'y être) : annulez-la et remplacez-la par le bouton « Annuler et remplacer » (« amend » à true par "
    "l'API), ou remettez la fiche comme elle était.",
)
_CHANGED = Refused(
    "record_changed_since",
    "La fiche a changé depuis que son aperçu a été montré ; rien n'est parti : rouvrez la page, relisez "
    "l'aperçu et confirmez de nouveau.",
)


_ASKED_AGAIN = OutOfTurn(
    "record_asked_again", "La fiche a été redemandée pendant qu'elle était lue : elle est relue.", 0
)


def run(runtime: Runtime, claimed: Claimed) -> None:
    """What was asked for while the record was being read may be about what has changed there: whatever came
    of this reading, it is read again."""
    begun = _found(runtime, claimed)
    try:
        _read(runtime, claimed, begun)
    except (Invalid, Refused, NotFound, Permanent):
        if _found(runtime, claimed).updated_at != begun.updated_at:
            raise _ASKED_AGAIN from None
        raise


def _found(runtime: Runtime, claimed: Claimed) -> Convention:
    with runtime.database.reading() as session:
        return conventions.find(session, claimed.convention_id)


def _read(runtime: Runtime, claimed: Claimed, row: Convention) -> None:
    begun, source = row.updated_at, runtime.source(row.source_kind)
    reference = _lasting(runtime, row, source)
    read = source.read(reference)
    if row.seen_version not in (None, read.version):
        raise _CHANGED
    record = runtime.normalise(read.fields)
    choices.level(row, record, runtime.settings).require()
    content = content_key(source.key(reference), record, row.template)
    with runtime.finishing(claimed) as tx:
        records.hold(tx, claimed.convention_id)
        row = conventions.lock(tx, claimed.convention_id)
        if row.state != State.RECEIVED.value:
            return
        if row.updated_at != begun:
            raise _ASKED_AGAIN
        if _makes_room(tx, runtime, row, content):
            row.pending_key, row.content_key = None, content
            _take(tx, runtime, row, record)


def _makes_room(tx: Session, runtime: Runtime, row: Convention, content: str) -> bool:
    """Whether nothing else of this record stands before its signers. What is to make room is asked to end:
    the record is then read again once that has ended."""
    standing = conventions.same_content(tx, row, content)
    confirmed = row.amend and row.seen_version is not None  # by a person, who has seen what stands
    if standing and not confirmed:
        _become_duplicate(tx, runtime, row, standing)
        return False
    other = versions.under_way(tx, row)
    if other is None:
        if row.amend and versions.signed_since(tx, row):
            raise versions.SIGNED_FIRST
        return True
    if versions.is_out(other) and not row.amend:
        raise _WITH_ITS_SIGNERS
    versions.replace(tx, runtime.now(), other, row, actor(row.made_by))
    return False


def _lasting(runtime: Runtime, row: Convention, source: Source) -> BaseModel:
    """What leads to the record for good. It is written before the record is read: where the record stood when
    it was asked for, another may stand at the next try."""
    given = source.Ref.model_validate(row.source)
    reference = source.lasting(given)
    if reference == given:
        return given
    key = source.key(reference)
    with runtime.database.transaction() as tx:
        standing = conventions.lock(tx, row.id)
        if source.Ref.model_validate(standing.source) == given:  # no other worker was first
            named = reference.model_dump(mode="json")
            records.rename(tx, standing, named, pending_key(key, row.template), record_key(key))
        return source.Ref.model_validate(standing.source)


def _take(tx: Session, runtime: Runtime, row: Convention, record: Record) -> None:
    now = runtime.now()
    row.record = record.model_dump(mode="json")
    row.dossier = record.dossier.numero
    signers = record.signers()
    row.signers = [
        SignerRow(
            key=s.key, position=number, role=s.role, name=f"{s.first_name} {s.last_name}", status="waiting"
        )
        for number, s in enumerate(signers)
    ]
    journal.append(
        tx, row.id, now, "hub", "record_read", fingerprint=fingerprint(record), signers=len(signers)
    )
    steps.add(tx, now, StepKind.RENDER, row.id, key=f"render:{row.id}")


def _become_duplicate(tx: Session, runtime: Runtime, row: Convention, standing: Convention) -> None:
    """This record was already taken in this version: whoever asks for this one is shown that one."""
    now = runtime.now()
    conventions.ask_again(tx, now, standing, row.until, "hub")
    resumes.hand_over(tx, now, row, standing)
    row.duplicate_of = standing.id
    conventions.move(tx, now, row, Move.SUPERSEDED, "hub", duplicate_of=standing.id)
