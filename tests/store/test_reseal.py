from __future__ import annotations

import os

from sqlalchemy import text

from store import conventions, documents
from store.cipher import KeyRing
from store.database import Database
from store.reseal import key_ids, reseal
from tests.store.conftest import NOW, asked


def test_after_resealing_the_old_key_is_no_longer_needed(database_url: str) -> None:
    url = database_url.replace("postgresql://", "postgresql+psycopg://")
    old, new = os.urandom(32), os.urandom(32)
    before = Database(url, KeyRing({"k1": old}))
    before.upgrade()
    with before.transaction() as tx:
        row, _ = conventions.create(tx, NOW, asked(resume_url="https://h.example/"))
        documents.put(tx, row.id, NOW, "rendered", "application/pdf", b"%PDF-")
    before.close()

    rotating = Database(url, KeyRing({"k2": new, "k1": old}))
    assert reseal(rotating) == 3
    assert reseal(rotating) == 0
    rotating.close()

    after = Database(url, KeyRing({"k2": new}))
    with after.reading() as session:
        kept = documents.get(session, row.id, "rendered")
        assert kept is not None
        assert kept.content == b"%PDF-"
        assert conventions.find(session, row.id).resumes[0]["url"] == "https://h.example/"
        assert session.execute(text("SELECT count(*) FROM conventions")).scalar() == 1
    after.close()


def test_the_keys_in_use_are_known(database_url: str) -> None:
    url = database_url.replace("postgresql://", "postgresql+psycopg://")
    database = Database(url, KeyRing({"k1": os.urandom(32)}))
    database.upgrade()
    assert key_ids(database) == set()
    with database.transaction() as tx:
        conventions.create(tx, NOW, asked())
    assert key_ids(database) == {"k1"}
    database.close()
