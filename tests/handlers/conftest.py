"""The application behind its WSGI door, on SQLite and on PostgreSQL.

``door`` is shared by a module's tests (they write nothing, or look only at what they wrote); a test that
needs an empty database of its own takes ``application``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.databases import KINDS, empty_database
from tests.pages.application import Application


@pytest.fixture(scope="module", params=KINDS)
def door(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    folder = tmp_path_factory.mktemp("door")
    url = (
        f"sqlite:///{folder / 'paraphe.db'}"
        if request.param == "sqlite"
        else empty_database(request.getfixturevalue("postgresql_server"))
    )
    made = Application(folder, DATABASE_URL=url)
    yield made
    made.close()


@pytest.fixture
def application(tmp_path: Path, database_url: str) -> Iterator[Application]:
    made = Application(tmp_path, DATABASE_URL=database_url)
    yield made
    made.close()
