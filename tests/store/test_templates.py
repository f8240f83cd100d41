"""The firm's templates in the database."""

from __future__ import annotations

from sqlalchemy import text

from store import templates
from store.database import Database
from tests.store.conftest import NOW


def test_a_template_is_kept_replaced_listed_and_removed(database: Database) -> None:
    with database.transaction() as tx:
        templates.put(tx, NOW, "divorce", b"first", b"title = 'a'")
        templates.put(tx, NOW, "bail", b"lease", b"title = 'b'")
    with database.transaction() as tx:
        templates.put(tx, NOW, "divorce", b"second", b"title = 'c'")
    with database.reading() as session:
        kept = templates.get(session, "divorce")
        assert kept is not None
        assert (kept.docx, kept.manifest) == (b"second", b"title = 'c'")
        assert templates.names(session) == ["bail", "divorce"]
        assert [row.manifest for row in templates.everything(session)] == [b"title = 'b'", b"title = 'c'"]
    with database.transaction() as tx:
        assert templates.remove(tx, "divorce")
        assert not templates.remove(tx, "divorce")
        assert templates.get(tx, "divorce") is None


def test_a_firms_wording_is_not_readable_at_rest(database: Database) -> None:
    with database.transaction() as tx:
        templates.put(tx, NOW, "divorce", b"our wording", b"title = 'our title'")
    with database.reading() as session:
        for raw in session.execute(text("SELECT docx, manifest FROM templates")).one():
            assert b"our" not in bytes(raw)
