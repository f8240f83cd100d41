"""File the signed agreement, with its proof beside it, into one archive. The others go their own way;
the convention is archived when every one of them has confirmed."""

from __future__ import annotations

from connectors.archives import Deposit, Filed
from domain.errors import Permanent
from domain.lifecycle import Move
from domain.naming import archive_path
from domain.record import Record
from domain.steps import StepKind, StepState
from store import conventions, documents, steps
from store.database import Session
from store.models import ArchiveCopy, Convention, Document
from store.steps import Claimed
from workers.runtime import Runtime

#: document kind -> how its name ends; the signed file first: its proof stands beside it
_NAMES = {"signed": "", "proof_pdf": "_preuve.pdf", "proof_json": "_preuve.json"}


def run(runtime: Runtime, claimed: Claimed) -> None:
    name = claimed.argument or ""
    with runtime.database.reading() as session:
        row = conventions.find(session, claimed.convention_id)
        held = [d for kind in _NAMES if (d := documents.get(session, row.id, kind))]
    if not any(document.kind == "signed" for document in held) or row.signed_at is None:
        raise Permanent("document_missing", "Le document signé est introuvable ; relancez la collecte.")
    archive = runtime.archive(name)
    filed = [(document, archive.file(_deposit(runtime, row, document))) for document in held]
    with runtime.finishing(claimed) as tx:
        row = conventions.lock(tx, claimed.convention_id)
        for document, where in filed:
            _record_copy(row, name, document, where, runtime)
        tx.flush()
        if _all_filed(tx, row, claimed.id):
            now = runtime.now()
            conventions.move(tx, now, row, Move.ARCHIVED, "hub", archives=list(row.archives))
            steps.add(tx, now, StepKind.WRITE_BACK, row.id, key=f"write_back:{row.id}:archived")


def _deposit(runtime: Runtime, row: Convention, document: Document) -> Deposit:
    assert row.signed_at is not None
    folders, name = archive_path(
        runtime.settings.core.archive_pattern,
        client_name=Record.model_validate(row.record).filing_name(),
        signed_at=row.signed_at,
        dossier=row.dossier or row.id,
        suffix=_NAMES[document.kind],
    )
    return Deposit(
        key=f"{row.id}:{document.kind}",
        folders=folders,
        name=name,
        media_type=document.media_type,
        content=document.content,
        sha256=document.sha256,
    )


def _record_copy(row: Convention, archive: str, document: Document, where: Filed, runtime: Runtime) -> None:
    standing = {(copy.archive, copy.kind): copy for copy in row.copies}
    copy = standing.get((archive, document.kind))
    if copy is None:
        copy = ArchiveCopy(archive=archive, kind=document.kind)
        row.copies.append(copy)
    copy.ref, copy.path, copy.link = where.ref, where.path, where.link
    copy.sha256, copy.verified_at = document.sha256, runtime.now()


def _all_filed(tx: Session, row: Convention, this_step: str) -> bool:
    others = steps.of_convention(tx, row.id, StepKind.ARCHIVE)
    return all(step.id == this_step or step.state == StepState.DONE.value for step in others)
