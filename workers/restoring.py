"""The restore test: a sample of what each archive holds is read back into an empty place, compared, and its
signatures verified. What is restored there is readable by this account alone.

Paths come from the database and are treated as hostile: nothing is written outside the folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from connectors.archives.last_door import require_plain
from documents.signatures import verify_signed
from domain.errors import ParapheError, Refused, Retryable
from store import conventions, copies, documents, restore_tests
from store.models import ArchiveCopy, Convention
from workers.filing import NAMES
from workers.runtime import Runtime

REPORT = "essai-de-restauration.json"


@dataclass(frozen=True)
class Fault:
    """Nothing personal beyond the file number. ``code``: an error's, or content_changed,
    signature_unsound, not_restored."""

    archive: str
    convention: str
    dossier: str
    file: str
    code: str


@dataclass(frozen=True)
class Report:
    """``sample``: conventions drawn, over all archives; ``not_set_up``: archives that hold copies and cannot
    be asked any more."""

    at: str
    seconds: float
    sample: int
    files: int
    good: int
    archives: tuple[str, ...]
    not_set_up: tuple[str, ...]
    faults: tuple[Fault, ...]

    @property
    def passed(self) -> bool:
        """Not while copies stand where nobody can look."""
        return self.files > 0 and self.good == self.files and not self.not_set_up

    @property
    def nothing(self) -> bool:
        return not self.files and not self.not_set_up


def restore_test(runtime: Runtime, sample: int, into: Path, *, keep_report: bool) -> Report:
    """Restore ``sample`` conventions of each archive under ``into``/<archive>/, and keep the record of it.
    Raises Refused when ``into`` is not an empty folder."""
    _require_empty(into)
    began, at = time.monotonic(), runtime.now()
    with runtime.database.reading() as session:
        used = copies.archives_in_use(session)
        drawn = {name: _draw(runtime, copies.in_archive(session, name), sample) for name in used}
    able = [name for name in used if name in runtime.archive_names()]
    checked = [one for name in able for one in _restored(runtime, name, drawn[name], into)]
    faults = tuple(fault for fault in checked if fault)
    report = Report(
        at=at.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - began, 1),
        sample=sum(len(drawn[name]) for name in able),
        files=len(checked),
        good=len(checked) - len(faults),
        archives=tuple(able),
        not_set_up=tuple(name for name in used if name not in able and drawn[name]),
        faults=faults,
    )
    if report.nothing:
        return report
    with runtime.database.transaction() as tx:
        restore_tests.keep(
            tx,
            at=at,
            seconds=report.seconds,
            sample=report.sample,
            files=report.files,
            good=report.good,
            passed=report.passed,
            archives=list(able),
            findings=[asdict(fault) for fault in faults],
        )
    if keep_report:
        told = json.dumps(asdict(report) | {"passed": report.passed}, ensure_ascii=False, indent=1)
        _write(into / REPORT, told.encode())
    return report


def _require_empty(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        empty = not any(folder.iterdir())
    except OSError:
        raise Refused(
            "restore_folder_unusable",
            "Ce dossier de restauration n'est pas utilisable : donnez-en un que ce compte peut créer.",
        ) from None
    if not empty:
        raise Refused(
            "restore_folder_not_empty",
            "Le dossier de restauration n'est pas vide : donnez-en un vide, rien ne doit s'y mêler.",
        )


def _draw(runtime: Runtime, ids: list[str], sample: int) -> list[str]:
    left = list(ids)
    return [left.pop(int(runtime.draw() * len(left))) for _ in range(min(sample, len(ids)))]


def _restored(runtime: Runtime, archive: str, ids: list[str], into: Path) -> Iterator[Fault | None]:
    """One for each file drawn; None: it is as it was filed. An archive that is away is not asked again for
    each of the others."""
    away = ""
    for convention_id in ids:
        with runtime.database.reading() as session:
            row = conventions.find(session, convention_id)
        for copy in (one for one in row.copies if one.archive == archive):
            code = away
            if not away:
                try:
                    code = _restore(runtime, row, copy, into / archive)
                except ParapheError as error:
                    code = error.code
                    away = code if isinstance(error, Retryable) else ""
            yield Fault(archive, row.id, row.dossier or row.id, copy.kind, code) if code else None


def _restore(runtime: Runtime, row: Convention, copy: ArchiveCopy, into: Path) -> str:
    """What is wrong, or "". Raises what the archive answers."""
    content = runtime.archive(copy.archive).read(copy.ref)
    if hashlib.sha256(content).hexdigest() != copy.sha256:
        return "content_changed"
    parts = [part for part in copy.path.split("/") if part]
    for part in parts or [""]:
        require_plain(part)
    try:
        _write(into.joinpath(*parts[:-1], _plain(parts[-1], copy.kind)), content, under=into)
    except (OSError, ValueError):  # too long, taken, no room...; the text of it holds the path
        return "not_restored"
    if copy.kind == "signed" and not _soundly_signed(runtime, row, content):
        return "signature_unsound"
    return ""


def _plain(name: str, kind: str) -> str:
    """Without what an archive that keeps files sealed adds to the name: here they are opened."""
    ending = "." + (NAMES[kind] or ".pdf").rpartition(".")[2]
    found = name.rfind(ending)
    return name[: found + len(ending)] if found > 0 else name


def _soundly_signed(runtime: Runtime, row: Convention, content: bytes) -> bool:
    """Also that it is the document that was sent, while the hub has that."""
    with runtime.database.reading() as session:
        sent = documents.get(session, row.id, "rendered")
    found = verify_signed(content, sent.content if sent else b"")
    alone = found.signatures > 0 and found.intact and found.covers_whole_file
    return found.sound if sent else alone


def _write(path: Path, content: bytes, under: Path | None = None) -> None:
    """A new file; raises OSError where one stands, ValueError where a link leads out of ``under``."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if under and not path.parent.resolve().is_relative_to(under.resolve()):
        raise ValueError("outside")
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with open(descriptor, "wb") as file:  # noqa: PTH123 # a descriptor has no path
        file.write(content)
