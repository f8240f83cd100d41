from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.sandbox import Sandbox
from tests.workers.desk import Desk


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> Iterator[Desk]:
    """With nobody outside: every call of a connector would fail."""
    made = Desk(tmp_path, DATABASE_URL=database_url)
    yield made
    made.close()


@pytest.fixture
def served(tmp_path: Path, database_url: str, sandbox: Sandbox) -> Iterator[Desk]:
    """With the stand-ins outside."""
    made = Desk(tmp_path, DATABASE_URL=database_url, PARAPHE_SANDBOX_URL=sandbox.url)
    yield made
    made.close()
