from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.converters.libreoffice import LibreOffice
from tests.converters.office import office


@pytest.fixture(scope="session")
def converter() -> Iterator[LibreOffice]:
    made = office()
    yield made
    made.close()
