"""Archives go their own ways: one that is away holds nobody back and is caught up with by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.steps import MAX_ATTEMPTS
from store import documents, journal
from tests.fixtures.databases import one_database
from tests.fixtures.sandbox import Sandbox
from tests.workers import shelf
from tests.workers.desk import LONGEST_WAIT, Desk
from workers.clock import tick

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
    desk.later(LONGEST_WAIT)
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


@one_database
def test_after_an_outage_of_days_one_command_takes_up_every_filing_that_gave_up(
    desk: Desk, sandbox: Sandbox
) -> None:
    names, at = ("folder", "google_drive"), desk.now
    made = [shelf.signed(desk.runtime, *names, at=at, dossier=f"D{number}") for number in range(2)]
    away = sandbox.control("google")
    away.fault("error", status=503, times=None)
    for _ in range(MAX_ATTEMPTS):
        desk.work()
        desk.later(LONGEST_WAIT)
    assert {desk.row(one).state for one in made} == {"failed"}
    away.clear()
    assert "Classements à faire : 2." in shelf.command(desk, "fill").output
    desk.work()
    assert {desk.row(one).state for one in made} == {"archived"}
    assert "Classements à faire : 2." not in shelf.command(desk, "fill").output


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
