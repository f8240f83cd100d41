from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from store import conventions, documents
from store.database import Database
from store.models import Base
from tests.store.conftest import NOW, asked


def test_the_migrations_make_exactly_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    database.upgrade()
    assert database.ready()


def test_personal_fields_and_documents_are_nowhere_in_clear(database: Database) -> None:
    with database.transaction() as tx:
        row, _ = conventions.create(
            tx,
            NOW,
            asked(source={"fields": {"nom": "CANARI-NOM"}}, resume_url="https://h.example/CANARI-URL"),
        )
        row.record = {"client": {"nom": "CANARI-FICHE"}}
        documents.put(tx, row.id, NOW, "rendered", "application/pdf", b"%PDF CANARI-PDF")
    with database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for line in connection.execute(text(f"SELECT * FROM {table.name}")):
                raw = b" ".join(
                    bytes(v) if isinstance(v, (bytes, memoryview)) else str(v).encode() for v in line
                )
                assert b"CANARI" not in raw, table.name
    with database.reading() as session:
        kept = documents.get(session, row.id, "rendered")
        assert kept is not None
        assert kept.content == b"%PDF CANARI-PDF"
