"""Read every copy of one convention back from its archive and compare it with what was filed. One that is
gone or has changed is made again from a good one: the hub's own document, else what another archive holds.

An archive that is away proves nothing: what the others said is recorded, and the step comes back. A copy is
lost only when everybody who may hold a good one has answered. An archive that is no longer set up is not
asked; ``flask --app app archives status`` says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import logs
from connectors.archives import Filed
from domain.copies import CopyState
from domain.errors import NotFound, ParapheError, Permanent, Retryable
from domain.steps import StepKind
from store import conventions, documents, steps
from store.database import Session
from store.models import ArchiveCopy, Convention
from store.steps import Claimed, LeaseLost
from workers.filing import deposit, remember
from workers.runtime import Runtime

_log = logs.get("worker")
#: what an earlier try of this step read lately is not read once more
_FRESH = timedelta(days=1)
#: what an archive says of a copy that it keeps sealed and that does not open: other bytes, or another key
_UNREADABLE = "archive_unreadable"
_LOST = Permanent(
    "copy_lost",
    "Un fichier classé de cette convention manque ou a changé, et il n'en reste aucune bonne copie : "
    "restaurez-le depuis une sauvegarde dans son archive, puis relancez.",
)


@dataclass(frozen=True)
class Seen:
    """One copy as it was found. ``fault``: why it was not as recorded; ``filed``: where it was made again;
    ``error``: what kept us from settling it."""

    copy: ArchiveCopy
    state: CopyState
    fault: str = ""
    filed: Filed | None = None
    error: ParapheError | None = None


def run(runtime: Runtime, claimed: Claimed) -> None:
    with runtime.database.reading() as session:
        row = conventions.find(session, claimed.convention_id)
    able, fresh = runtime.archive_names(), runtime.now() - _FRESH
    seen = [
        _look(runtime, row, copy)
        for copy in row.copies
        if copy.archive in able
        and not (claimed.attempt > 1 and copy.state == CopyState.KEPT.value and copy.verified_at > fresh)
    ]
    errors = [one.error for one in seen if one.error]
    lost = any(one.state is CopyState.LOST for one in seen)
    settled = not errors and not lost
    with runtime.finishing(claimed) if settled else _meanwhile(runtime, claimed) as tx:
        locked = conventions.lock(tx, row.id)
        if settled:
            conventions.healed(locked, StepKind.VERIFY)
        _record(tx, runtime, locked, claimed, seen)
    if errors:
        raise next((error for error in errors if isinstance(error, Retryable)), errors[0])
    if lost:
        raise _LOST


def _look(runtime: Runtime, row: Convention, copy: ArchiveCopy) -> Seen:
    """Never raises what an archive may answer: the others must be looked at all the same."""
    fault, state = "", CopyState(copy.state)
    try:
        archive = runtime.archive(copy.archive)
        fault = _fault(archive.read, copy)
        if not fault:
            return Seen(copy, CopyState.KEPT)
        state = CopyState.MISSING if state is CopyState.KEPT else state
        good = _good_bytes(runtime, row, copy)
        if good is None:
            return Seen(copy, CopyState.LOST, fault)
        filed = archive.file(deposit(runtime, row, copy.kind, good, copy.sha256))
    except ParapheError as error:
        return Seen(copy, state, fault, error=error)
    return Seen(copy, CopyState.KEPT, fault, filed)


def _fault(read: Callable[[str], bytes], copy: ArchiveCopy) -> str:
    """``missing``, ``changed``, or nothing. Raises Retryable and Permanent."""
    try:
        content = read(copy.ref)
    except NotFound:
        return "missing"
    except Permanent as refused:
        if refused.code != _UNREADABLE:
            raise
        return "changed"
    return "" if _digest(content) == copy.sha256 else "changed"


def _good_bytes(runtime: Runtime, row: Convention, wanted: ArchiveCopy) -> bytes | None:
    """None: nobody has them any more. Raises what an archive answers that may have them and cannot be asked
    now."""
    with runtime.database.reading() as session:
        held = documents.get(session, row.id, wanted.kind)
    if held and _digest(held.content) == wanted.sha256:
        return held.content
    unasked: ParapheError | None = None
    for other in row.copies:
        if other.kind != wanted.kind or other is wanted or other.archive not in runtime.archive_names():
            continue
        try:
            content = runtime.archive(other.archive).read(other.ref)
        except NotFound:
            continue
        except ParapheError as error:
            unasked = unasked if error.code == _UNREADABLE else error
            continue
        if _digest(content) == wanted.sha256:
            return content
    if unasked:
        raise unasked
    return None


@contextmanager
def _meanwhile(runtime: Runtime, claimed: Claimed) -> Iterator[Session]:
    """What is known is recorded though the step goes on, or, when the lease was lost, not at all."""
    with runtime.database.transaction() as tx:
        if not steps.keep_lease(tx, runtime.now(), claimed, runtime.settings.core.lease_seconds):
            raise LeaseLost(claimed.id)
        yield tx


def _record(tx: Session, runtime: Runtime, row: Convention, claimed: Claimed, seen: list[Seen]) -> None:
    now = runtime.now()
    standing = {(copy.archive, copy.kind): copy for copy in row.copies}
    repaired: dict[str, list[str]] = {}
    lost: dict[str, list[str]] = {}
    shown = _shown(row)
    for one in seen:
        archive, kind = one.copy.archive, one.copy.kind
        copy = standing.get((archive, kind))
        if copy is None or copy.ref != one.copy.ref:  # filed again meanwhile: what was seen is old
            continue
        if one.filed:
            remember(row, archive, kind, one.filed, one.copy.sha256, now)
            repaired.setdefault(archive, []).append(kind)
            continue
        if one.state is CopyState.LOST and copy.state != CopyState.LOST.value:
            lost.setdefault(archive, []).append(kind)
        copy.state = one.state.value
        if one.state is CopyState.KEPT and not one.error:
            copy.verified_at = now
    tx.flush()
    for event, found in (("copy_repaired", repaired), ("copy_lost", lost)):
        for archive, kinds in found.items():
            _log.warning("archive_copy", extra={"convention": row.id, "archive": archive, "code": event})
            conventions.note(tx, now, row, event, "hub", archive=archive, files=kinds)
    if _shown(row) != shown:  # the record's own cell leads to a file that is elsewhere now
        steps.tell_record(tx, now, row.id, claimed.token)


def _shown(row: Convention) -> list[tuple[str, str | None]]:
    return [(copy.path, copy.link) for copy in row.copies if copy.kind == "signed"]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
