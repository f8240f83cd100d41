from __future__ import annotations

import pytest

from tests.fixtures.sandbox import Sandbox
from tests.sources.kits import AirtableKit, InlineKit, Kit


@pytest.fixture
def inline() -> InlineKit:
    return InlineKit()


@pytest.fixture
def airtable(sandbox: Sandbox) -> AirtableKit:
    return AirtableKit(sandbox)


@pytest.fixture(params=["inline", "airtable"])
def kit(request: pytest.FixtureRequest) -> Kit:
    """Each kind of source in turn: what a test says here is promised of all."""
    found: Kit = request.getfixturevalue(request.param)
    return found
