from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.sandbox import Sandbox
from tests.triggers.place import Place


@pytest.fixture
def place(tmp_path: Path, database_url: str, sandbox: Sandbox) -> Iterator[Place]:
    made = Place(tmp_path, sandbox, database_url)
    yield made
    made.close()
