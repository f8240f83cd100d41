"""Each kind of source in turn. ``kit``: all of them; ``outside``: those that can fail; ``written_back``:
those with a record to write to; ``listed``: those whose records stand somewhere.

What reaches a stand-in whose tool publishes a description of its API is held against it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.tee import Tee, tee_to
from tests.fixtures.sandbox import Sandbox
from tests.sources.descriptions import faults_of
from tests.sources.kits import KITS, LISTED, OUTSIDE, WRITTEN_BACK, Kit, kit_class
from tests.sources.kits_airtable import AirtableKit
from tests.sources.kits_notion import NotionKit


@pytest.fixture(scope="session")
def tee(sandbox_process: Sandbox) -> Iterator[Tee]:
    between = tee_to(sandbox_process.url)
    between.start()
    yield between
    between.stop()


@pytest.fixture
def sandbox(sandbox: Sandbox, tee: Tee) -> Iterator[Sandbox]:
    tee.forget()
    yield Sandbox(tee.url, sandbox.client)
    faults = faults_of(tee.sent())
    assert not faults, f"the tool would refuse: {faults}"


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
def notion(sandbox: Sandbox) -> NotionKit:
    return NotionKit(sandbox)


@pytest.fixture
def airtable(sandbox: Sandbox) -> AirtableKit:
    return AirtableKit(sandbox)
