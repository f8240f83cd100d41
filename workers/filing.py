"""What a file is in an archive: the deposit made of it, and the row that remembers where it went. And into
which archives a convention is filed; the caller holds its row."""

from __future__ import annotations

from datetime import datetime

from connectors.archives import Deposit, Filed
from domain.copies import CopyState
from domain.naming import archive_path
from domain.record import Record
from domain.steps import StepKind, StepState
from store import journal, steps
from store.database import Session
from store.models import ArchiveCopy, Convention
from workers.runtime import Runtime

#: document kind -> how its name ends; the signed file first: its proof stands beside it
NAMES = {"signed": "", "proof_pdf": "_preuve.pdf", "proof_json": "_preuve.json"}
_MEDIA = {"signed": "application/pdf", "proof_pdf": "application/pdf", "proof_json": "application/json"}


def deposit(runtime: Runtime, row: Convention, kind: str, content: bytes, sha256: str) -> Deposit:
    """The same each time for one file of one convention: filed again, it makes no second one."""
    assert row.signed_at is not None
    folders, name = archive_path(
        runtime.settings.core.archive_pattern,
        client_name=Record.model_validate(row.record).filing_name(),
        signed_at=row.signed_at,
        dossier=row.dossier or row.id,
        suffix=NAMES[kind],
    )
    return Deposit(
        key=f"{row.id}:{kind}",
        folders=folders,
        name=name,
        media_type=_MEDIA[kind],
        content=content,
        sha256=sha256,
    )


def ask(tx: Session, now: datetime, row: Convention, archive: str) -> None:
    """Have it filed there. One that was left out is filed into once it is asked for again."""
    step = steps.add(tx, now, StepKind.ARCHIVE, row.id, key=f"archive:{row.id}:{archive}", argument=archive)
    if step.state == StepState.DONE.value and archive not in {copy.archive for copy in row.copies}:
        steps.renew(tx, now, step)


def leave_out(tx: Session, now: datetime, row: Convention, archive: str) -> None:
    """The firm has left it since: it would never confirm, and must hold back no other."""
    row.archives = [name for name in row.archives if name != archive]
    journal.append(tx, row.id, now, "hub", "archive_left_out", archive=archive)


def remember(row: Convention, archive: str, kind: str, where: Filed, sha256: str, now: datetime) -> None:
    standing = {(copy.archive, copy.kind): copy for copy in row.copies}
    copy = standing.get((archive, kind))
    if copy is None:
        copy = ArchiveCopy(archive=archive, kind=kind)
        row.copies.append(copy)
    copy.ref, copy.path, copy.link = where.ref, where.path, where.link
    copy.sha256, copy.verified_at, copy.state = sha256, now, CopyState.KEPT.value
