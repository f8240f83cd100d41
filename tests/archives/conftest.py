from __future__ import annotations

from pathlib import Path

import pytest

from tests.archives.kits import DriveKit, FolderKit, Kit
from tests.fixtures.sandbox import Sandbox


@pytest.fixture
def folder(tmp_path: Path) -> FolderKit:
    root = tmp_path / "archive"
    root.mkdir()
    return FolderKit(root)


@pytest.fixture
def drive(sandbox: Sandbox) -> DriveKit:
    return DriveKit(sandbox)


@pytest.fixture(params=["folder", "drive"])
def kit(request: pytest.FixtureRequest) -> Kit:
    """Each kind of archive in turn: what a test says here is promised of all."""
    found: Kit = request.getfixturevalue(request.param)
    return found
