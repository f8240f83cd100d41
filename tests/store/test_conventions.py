from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from domain.journal import broken_at
from domain.lifecycle import Move, State
from store import conventions, journal, outbox
from store.claims import Claims
from store.database import Database
from store.models import JournalRow
from tests.store.conftest import NOW, asked


def _create(database: Database, **changes: object) -> tuple[str, bool]:
    with database.transaction() as tx:
        row, is_new = conventions.create(tx, NOW, asked(**changes))
        return row.id, is_new


def test_ten_at_once_with_one_content_make_one_convention(database: Database) -> None:
    with ThreadPoolExecutor(10) as pool:
        made = list(pool.map(lambda _: _create(database), range(10)))
    assert len({convention_id for convention_id, _ in made}) == 1
    assert sum(is_new for _, is_new in made) == 1


def test_a_record_that_is_being_read_is_not_taken_twice(database: Database) -> None:
    first, _ = _create(database, content_key=None, pending_key="p" * 64)
    again, is_new = _create(database, content_key=None, pending_key="p" * 64)
    assert (again, is_new) == (first, False)


def test_a_cancelled_convention_frees_its_record(database: Database) -> None:
    first, _ = _create(database)
    with database.transaction() as tx:
        conventions.move(tx, NOW, conventions.lock(tx, first), Move.CANCELLED, "hub")
    again, is_new = _create(database)
    assert is_new
    assert again != first


def test_a_late_move_writes_nothing(database: Database, convention_id: str) -> None:
    with database.transaction() as tx:
        row = conventions.lock(tx, convention_id)
        assert conventions.move(tx, NOW, row, Move.SIGNED, "hub") is None
        assert row.state == State.RECEIVED
        assert journal.entries(tx, convention_id) == []
        assert outbox.recent(tx, None, (), 10) == []


def test_what_failed_resumes_where_it_stood(database: Database, convention_id: str) -> None:
    with database.transaction() as tx:
        row = conventions.lock(tx, convention_id)
        conventions.move(tx, NOW, row, Move.RENDERED, "hub")
        conventions.move(tx, NOW, row, Move.FAILED, "hub", code="refused")
        assert row.state == State.FAILED
        assert not conventions.retry(tx, NOW, row, "key:1"), "no step had given up"


def test_events_are_numbered_and_the_journal_is_chained(database: Database, convention_id: str) -> None:
    with database.transaction() as tx:
        row = conventions.lock(tx, convention_id)
        conventions.move(tx, NOW, row, Move.RENDERED, "hub", sha256="0" * 64)
        conventions.move(tx, NOW, row, Move.SENT, "hub")
        conventions.note(tx, NOW, row, "signer_signed", "provider:x", signer="s1")
    with database.transaction() as tx:
        bodies = [event.body for event in outbox.recent(tx, None, (), 10)]
        assert [(body["sequence"], body["type"]) for body in bodies] == [
            (3, "convention.signer_signed"),
            (2, "convention.sent"),
            (1, "convention.rendered"),
        ]
        assert broken_at(journal.entries(tx, convention_id)) is None
        tx.get_one(JournalRow, 2).details = {"code": "changed by hand"}
        tx.flush()
        assert broken_at(journal.entries(tx, convention_id)) == 2


def test_of_two_claims_the_first_stands(database: Database) -> None:
    claims = Claims(database)
    with ThreadPoolExecutor(8) as pool:
        stood = set(pool.map(lambda n: claims.claim("drive", "folder/2026", f"id{n}"), range(8)))
    assert len(stood) == 1
    claims.forget("drive", "folder/2026", "another")
    assert claims.claim("drive", "folder/2026", "late") == stood.pop()
