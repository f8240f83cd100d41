"""Many conventions at once, by many workers: one folder a month and one file each, in every archive."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from domain.lifecycle import State
from store.models import ArchiveCopy, Convention
from tests.fixtures.databases import on_postgresql
from tests.fixtures.hub import Hub
from tests.fixtures.waiting import wait_for
from tests.workers import shelf
from workers.runtime import Runtime

#: half past midnight on 1 January in Paris
SIGNED_AT = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
CONVENTIONS, WORKERS, NAMESAKES = 200, 8, 20


@on_postgresql
def test_two_hundred_signed_in_one_second_make_one_folder_and_one_file_each_in_each_archive(hub: Hub) -> None:
    """Distinct file numbers, some under one client's name, and some that share name and number: those differ
    by their bytes alone. The clock and the queue both hand every step over."""
    hub.environ |= shelf.environ(hub.sandbox)
    hub.start("clock")
    with hub.runtime() as runtime:
        contents = dict(_signed(runtime, number) for number in range(CONVENTIONS))
        hub.start(*(f"worker {number}" for number in range(WORKERS)))
        wait_for(lambda: _archived(runtime) == CONVENTIONS, 240, "every convention is archived")
        with runtime.database.reading() as session:
            copies = list(session.scalars(select(ArchiveCopy)))
    month = "Conventions/2027/01/"
    names = {f"Client {n % 40}_2027-01-01_D{n}.pdf" for n in range(NAMESAKES, CONVENTIONS)}
    names |= {f"Durand_2027-01-01_D2026-0417{f'_{n}' if n > 1 else ''}.pdf" for n in range(1, NAMESAKES + 1)}
    tree = sorted(["Conventions/", "Conventions/2027/", month, *(month + name for name in names)])
    for name in shelf.ARCHIVES:
        assert shelf.kit(name, hub.folder, hub.sandbox).tree() == tree, name
    assert Counter(copy.archive for copy in copies) == dict.fromkeys(shelf.ARCHIVES, CONVENTIONS)
    assert len({(copy.archive, copy.ref) for copy in copies}) == len(copies), (
        "a file is one convention's alone"
    )
    assert all(contents[copy.convention_id] == copy.sha256 for copy in copies)


def _signed(runtime: Runtime, number: int) -> tuple[str, str]:
    """A convention and the SHA-256 of its signed file."""
    own, content = number >= NAMESAKES, f"%PDF-1.7 signed {number}".encode()
    convention_id = shelf.signed(
        runtime,
        *shelf.ARCHIVES,
        at=SIGNED_AT + timedelta(milliseconds=number),
        dossier=f"D{number}" if own else "D2026-0417",
        client=f"Client {number % 40}" if own else "Durand",
        files={"signed": content},
    )
    return convention_id, hashlib.sha256(content).hexdigest()


def _archived(runtime: Runtime) -> int:
    with runtime.database.reading() as session:
        return len(
            session.scalars(select(Convention.id).where(Convention.state == State.ARCHIVED.value)).all()
        )
