"""The stand-ins' own fixtures."""

from __future__ import annotations

import pytest

from tests.fixtures.sandbox import Sandbox
from tests.sandbox.yousign_caller import Caller


@pytest.fixture
def yousign(sandbox: Sandbox) -> Caller:
    return Caller.of(sandbox)
