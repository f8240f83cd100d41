"""Previews in the store: whose they are, how long they live, and that they leave nothing."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, text

from store import previews, steps
from store.database import Database
from store.models import Preview, Step
from store.previews import LIFE
from tests.store.conftest import NOW

ASKED = {"source_kind": "inline", "source": {"fields": {"nom": "Durand"}}, "template": "forfait"}


def ask(database: Database) -> str:
    with database.transaction() as tx:
        return previews.ask(tx, NOW, "key1", ASKED)


def kept(database: Database) -> tuple[int, int]:
    with database.reading() as session:
        previews_kept, steps_kept = (
            session.scalar(select(func.count()).select_from(table)) for table in (Preview, Step)
        )
        return previews_kept or 0, steps_kept or 0


def test_a_preview_is_handed_to_a_worker_and_comes_back_to_its_caller_alone(
    database: Database, handed: list[str]
) -> None:
    preview_id = ask(database)
    with database.transaction() as tx:
        claimed = steps.claim(tx, NOW, handed[0], 60)
        assert claimed is not None
        assert (claimed.argument, claimed.convention_id) == (preview_id, "")
        assert previews.request(tx, NOW, preview_id) == ASKED
        steps.finish(tx, NOW, claimed)
        previews.fill(tx, preview_id, {"level": "simple"}, b"%PDF")
    with database.reading() as session:
        made = previews.look(session, NOW, preview_id, "key1")
        assert made is not None
        assert (made.answer, made.content, made.given_up) == ({"level": "simple"}, b"%PDF", False)
        assert previews.look(session, NOW, preview_id, "key2") is None


def test_a_preview_is_over_after_ten_minutes_and_the_clock_removes_it(database: Database) -> None:
    preview_id = ask(database)
    almost = NOW + LIFE - timedelta(seconds=1)
    with database.transaction() as tx:
        assert previews.look(tx, almost, preview_id, "key1") is not None
        assert previews.forget_expired(tx, almost) == 0
        assert previews.look(tx, NOW + LIFE, preview_id, "key1") is None
        assert previews.request(tx, NOW + LIFE, preview_id) is None
    assert kept(database) == (1, 1)
    with database.transaction() as tx:
        assert previews.forget_expired(tx, NOW + LIFE) == 1
    assert kept(database) == (0, 0)


def test_forgetting_one_preview_leaves_the_others(database: Database) -> None:
    first, second = ask(database), ask(database)
    with database.transaction() as tx:
        previews.forget(tx, first)
    assert kept(database) == (1, 1)
    with database.reading() as session:
        assert previews.look(session, NOW, second, "key1") is not None


def test_nothing_of_a_preview_is_readable_at_rest(database: Database) -> None:
    preview_id = ask(database)
    with database.transaction() as tx:
        previews.fill(tx, preview_id, {"archive_path": "/Durand.pdf"}, b"Durand")
    with database.reading() as session:
        for raw in session.execute(text("SELECT request, answer, content FROM previews")).one():
            assert b"Durand" not in bytes(raw)
