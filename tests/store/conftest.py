from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from store import conventions
from store.cipher import KeyRing
from store.conventions import Request
from store.database import Database

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def ring() -> KeyRing:
    return KeyRing({"k1": os.urandom(32)})


@pytest.fixture
def handed() -> list[str]:
    """The ids of the steps that committed transactions handed over."""
    return []


@pytest.fixture
def database(database_url: str, ring: KeyRing, handed: list[str]) -> Iterator[Database]:
    url = database_url.replace("postgresql://", "postgresql+psycopg://")
    opened = Database(url, ring, handed.extend)
    opened.upgrade()
    yield opened
    opened.close()


def asked(**changes: object) -> Request:
    """A request for one convention, as a handler would write it."""
    values: dict[str, object] = {
        "source_kind": "inline",
        "source": {"fields": {"nom": "Durand"}},
        "pending_key": None,
        "content_key": "c" * 64,
        "template": "forfait",
        "provider": "yousign",
        "level": None,
        "signing_order": None,
        "archives": ("folder",),
        "until": "sent",
        "external_id": None,
        "caller_data": None,
        "resume_url": None,
        "resume_at": "until",
        "made_by": "key1",
        **changes,
    }
    return Request(**values)  # type: ignore[arg-type]


@pytest.fixture
def convention_id(database: Database) -> str:
    with database.transaction() as tx:
        row, _ = conventions.create(tx, NOW, asked())
        return row.id
