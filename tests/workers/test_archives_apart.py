"""Archives go their own ways: one that is away holds nobody back and is caught up with by itself. Many
workers at once make one folder and one file each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest

from domain.lifecycle import State
from domain.steps import StepKind
from store import conventions, documents, journal, steps
from store.models import Step
from tests.fixtures.databases import on_postgresql, one_database
from tests.fixtures.sandbox import Sandbox
from tests.workers import shelf
from tests.workers.desk import Desk
from workers.clock import tick
from workers.engine import run_step
from workers.runtime import Runtime

#: half past midnight on 1 January in Paris
SIGNED_AT = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
CONVENTIONS, WORKERS, NAMESAKES = 200, 8, 20


@pytest.fixture
def desk(tmp_path: Path, database_url: str, sandbox: Sandbox) -> Iterator[Desk]:
    """With every archive set up."""
    made = Desk(
        tmp_path, DATABASE_URL=database_url, PARAPHE_SANDBOX_URL=sandbox.url, **shelf.environ(sandbox)
    )
    yield made
    made.close()


@one_database
def test_one_archive_down_for_an_hour_holds_nobody_back_and_is_caught_up_with(
    desk: Desk, sandbox: Sandbox
) -> None:
    convention_id = desk.ask(archive=list(shelf.ARCHIVES))
    desk.work()
    provider, away = sandbox.control("yousign"), sandbox.control("google")
    (request,) = provider.get("signature_requests")
    provider.post("sign", {"signature_request": request["id"], "signer": "all"})
    away.fault("error", status=503, times=None)
    desk.later(desk.runtime.settings.core.ask_after_seconds + 1)
    signed_at = desk.now
    _clock_and_workers(desk)
    assert _complete(desk, convention_id) == set(shelf.ARCHIVES) - {"google_drive"}
    assert {copy.verified_at for copy in desk.row(convention_id).copies} == {signed_at}, "at once"
    assert desk.row(convention_id).state == "signed"

    for _ in range(6):
        desk.later(600)
        _clock_and_workers(desk)
    assert _complete(desk, convention_id) == set(shelf.ARCHIVES) - {"google_drive"}
    shown = desk.shown(convention_id)
    assert (shown["state"], shown["retrying"][0]["step"]) == ("signed", "archive")

    away.clear()
    desk.later(3600)  # the longest wait between two tries
    _clock_and_workers(desk)
    assert _complete(desk, convention_id) == set(shelf.ARCHIVES)
    told = desk.shown(convention_id)
    assert (told["state"], told.get("retrying"), told.get("problem")) == ("archived", None, None)
    events = desk.events(convention_id)
    assert events[-1] == "convention.archived"
    assert "convention.failed" not in events
    with desk.runtime.database.reading() as session:
        entries = journal.entries(session, convention_id)
    assert {entry.actor for entry in entries[1:]} <= {"hub", "provider:yousign"}, "nobody had to do a thing"


def _clock_and_workers(desk: Desk) -> None:
    tick(desk.runtime)
    desk.work()


def _complete(desk: Desk, convention_id: str) -> set[str]:
    kinds: dict[str, set[str]] = {}
    for archive, kind in shelf.copies(desk, convention_id):
        kinds.setdefault(archive, set()).add(kind)
    with desk.runtime.database.reading() as session:
        held = {one.kind for one in documents.listing(session, convention_id)} - {"rendered"}
    return {archive for archive, found in kinds.items() if found == held}


@on_postgresql
def test_two_hundred_signed_in_one_second_make_one_folder_and_one_file_each_in_each_archive(
    desk: Desk, sandbox: Sandbox
) -> None:
    """Distinct file numbers, some under one client's name, and some that share name and number: those differ
    by their bytes alone. Every third step is handed over twice, as by an impatient clock."""
    contents, made = {}, []
    for number in range(CONVENTIONS):
        own, content = number >= NAMESAKES, f"%PDF-1.7 signed {number}".encode()
        convention_id = shelf.signed(
            desk.runtime,
            *shelf.ARCHIVES,
            at=SIGNED_AT + timedelta(milliseconds=number),
            dossier=f"D{number}" if own else "D2026-0417",
            client=f"Client {number % 40}" if own else "Durand",
            files={"signed": content},
        )
        made.append(convention_id)
        contents[hashlib.sha256(content).hexdigest()] = content
    _work_at_once(desk)
    with desk.runtime.database.reading() as session:
        assert {conventions.find(session, one).state for one in made} == {State.ARCHIVED.value}
    names = {f"Client {n % 40}_2027-01-01_D{n}.pdf" for n in range(NAMESAKES, CONVENTIONS)}
    names |= {f"Durand_2027-01-01_D2026-0417{f'_{n}' if n > 1 else ''}.pdf" for n in range(1, NAMESAKES + 1)}
    month = "Conventions/2027/01/"
    tree = sorted(["Conventions/", "Conventions/2027/", month, *(month + name for name in names)])
    for name in shelf.ARCHIVES:
        assert shelf.kit(name, desk, sandbox).tree() == tree, name
    refs = {(archive, copy.ref) for one in made for (archive, _), copy in shelf.copies(desk, one).items()}
    assert len(refs) == CONVENTIONS * len(shelf.ARCHIVES), "a file is one convention's alone"
    assert {copy.sha256 for one in made for copy in shelf.copies(desk, one).values()} == set(contents)


def _work_at_once(desk: Desk) -> None:
    """Every step that is due, by workers that share nothing but the database; what had to come back (a worker
    was faster) does so at the clock's hand."""
    workers = [Runtime(desk.runtime.settings, now=lambda: desk.now) for _ in range(WORKERS)]
    try:
        for _ in range(10):
            with desk.runtime.database.reading() as session:
                ready = steps.due(session, desk.now, desk.now + timedelta(days=1), limit=10_000)
                ready = [one for one in ready if session.get_one(Step, one).kind == StepKind.ARCHIVE.value]
            if not ready:
                return
            handed: SimpleQueue[str] = SimpleQueue()
            for step_id in (*ready, *ready[::3]):
                handed.put(step_id)
            with ThreadPoolExecutor(WORKERS) as pool:
                list(pool.map(_drain, workers, [handed] * WORKERS))
            desk.later(3600)
        raise AssertionError("filings that never end")
    finally:
        for runtime in workers:
            runtime.close()


def _drain(runtime: Runtime, handed: SimpleQueue[str]) -> None:
    while True:
        try:
            step_id = handed.get_nowait()
        except Empty:
            return
        run_step(runtime, step_id)
