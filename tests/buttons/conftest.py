from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.buttons.firm import Firm
from tests.fixtures.sandbox import Sandbox


@pytest.fixture
def firm(tmp_path: Path, sandbox: Sandbox) -> Iterator[Firm]:
    """On SQLite: what the kind of database can change is in ``tests/store``."""
    made = Firm(tmp_path, sandbox)
    yield made
    made.close()
