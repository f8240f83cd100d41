"""Each kind of source in turn. ``kit``: all of them; ``outside``: those that can fail; ``written_back``:
those with a record to write to; ``listed``: those whose records stand somewhere."""

from __future__ import annotations

import pytest

from tests.fixtures.sandbox import Sandbox
from tests.sources.kits import KITS, LISTED, OUTSIDE, WRITTEN_BACK, Kit, kit_class
from tests.sources.kits_airtable import AirtableKit


@pytest.fixture(params=KITS)
def kit(request: pytest.FixtureRequest, sandbox: Sandbox) -> Kit:
    return kit_class(request.param)(sandbox)


@pytest.fixture(params=OUTSIDE)
def outside(request: pytest.FixtureRequest, sandbox: Sandbox) -> Kit:
    return kit_class(request.param)(sandbox)


@pytest.fixture(params=WRITTEN_BACK)
def written_back(request: pytest.FixtureRequest, sandbox: Sandbox) -> Kit:
    return kit_class(request.param)(sandbox)


@pytest.fixture(params=LISTED)
def listed(request: pytest.FixtureRequest, sandbox: Sandbox) -> Kit:
    return kit_class(request.param)(sandbox)


@pytest.fixture
def airtable(sandbox: Sandbox) -> AirtableKit:
    return AirtableKit(sandbox)
