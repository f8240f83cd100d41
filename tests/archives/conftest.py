from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from connectors.archives import REGISTRY
from tests.archives.kits import Kit
from tests.fixtures.sandbox import Sandbox


@pytest.fixture(params=sorted(REGISTRY))
def kit(request: pytest.FixtureRequest, tmp_path: Path, sandbox: Sandbox) -> Iterator[Kit]:
    """Each archive of the registry in turn: what a test says here is promised of all."""
    made: Kit = import_module(f"tests.archives.kits_{request.param}").make(tmp_path, sandbox)
    yield made
    made.recover()
