"""Where a signed agreement is filed, and that no archive waits for another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.steps import StepKind
from sandbox.google import SHARED_FOLDER_ID
from store import steps
from tests.fixtures.sandbox import Sandbox
from tests.workers.desk import LONGEST_WAIT, Desk

ARCHIVES = ["folder", "google_drive", "s3"]


@pytest.fixture
def filing(tmp_path: Path, sandbox: Sandbox) -> Iterator[Desk]:
    """On one database: what matters is outside it."""
    key = sandbox.control("google").get("service_account.json")
    made = Desk(
        tmp_path,
        PARAPHE_SANDBOX_URL=sandbox.url,
        PARAPHE_ARCHIVE_PATTERN="/Dossiers signés/{annee}-{mois}/{client}/{dossier}_{date}.pdf",
        PARAPHE_GOOGLE_DRIVE_SERVICE_ACCOUNT_JSON=json.dumps(key),
        PARAPHE_GOOGLE_DRIVE_ROOT_FOLDER_ID=SHARED_FOLDER_ID,
        PARAPHE_GOOGLE_DRIVE_API_ROOT=f"{sandbox.url}/google/",
        PARAPHE_S3_PREFIX="cabinet",
    )
    yield made
    made.close()


def signed_at(desk: Desk, moment: datetime) -> str:
    """A convention read for real, signed at ``moment``, its archive steps written as ``collect`` does."""
    convention_id = desk.ask(archive=ARCHIVES, until="rendered")
    desk.work(StepKind.FETCH, StepKind.RENDER)
    desk.move(convention_id, "send")
    desk.now = moment - timedelta(minutes=1)
    desk.move(convention_id, "collect")
    with desk.runtime.database.transaction() as tx:
        for name in ARCHIVES:
            key = f"archive:{convention_id}:{name}"
            steps.add(tx, moment, StepKind.ARCHIVE, convention_id, key=key, argument=name)
    return convention_id


def copies(desk: Desk, convention_id: str) -> dict[str, str]:
    """archive -> the path of the signed file there"""
    filed: list[dict[str, Any]] = desk.shown(convention_id)["archives"]
    return {one["archive"]: one["path"] for one in filed if one["kind"] == "signed"}


def test_every_archive_files_under_the_firms_pattern_in_the_month_of_paris(filing: Desk) -> None:
    convention_id = signed_at(filing, datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    filing.work(StepKind.ARCHIVE)
    path = "Dossiers signés/2027-01/Durand/D2026-0417_2027-01-01.pdf"
    assert copies(filing, convention_id) == {
        "folder": f"{filing.folder}/archive/{path}",
        "google_drive": f"/{path}",
        "s3": f"/cabinet/{path}.sealed",
    }


def test_an_archive_that_is_away_for_an_hour_holds_back_none_and_is_completed_alone(
    filing: Desk, sandbox: Sandbox
) -> None:
    away = sandbox.control("s3")
    away.fault("cut_before", times=None)
    convention_id = signed_at(filing, datetime(2026, 12, 15, 9, 0, tzinfo=UTC))
    filing.work(StepKind.ARCHIVE)
    assert set(copies(filing, convention_id)) == {"folder", "google_drive"}
    for _ in range(12):
        filing.later(300)
        filing.work(StepKind.ARCHIVE)
    assert filing.shown(convention_id)["state"] == "signed"
    drive = len(sandbox.control("google").requests())
    away.clear()
    filing.later(LONGEST_WAIT)
    filing.work(StepKind.ARCHIVE)
    assert set(copies(filing, convention_id)) == set(ARCHIVES)
    assert filing.shown(convention_id)["state"] == "archived"
    assert len(sandbox.control("google").requests()) == drive
