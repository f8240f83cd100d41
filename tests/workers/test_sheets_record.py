"""A row of a Google Sheet on its way through the hub: sent once however named, found wherever it went."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.steps import StepKind
from sandbox.google import SHEET, SPREADSHEET_ID
from tests.fixtures.sandbox import Sandbox
from tests.workers.desk import Desk

ORDER = {"spreadsheet": SPREADSHEET_ID, "sheet": SHEET}
BY_ROW = {"kind": "google_sheets", **ORDER, "row": 2}
BY_KEY = {"kind": "google_sheets", **ORDER, "key": "2026-0142"}


@pytest.fixture
def desk(tmp_path: Path, sandbox: Sandbox) -> Iterator[Desk]:
    made = Desk(tmp_path, PARAPHE_SANDBOX_URL=sandbox.url)
    yield made
    made.close()


def test_a_record_named_in_two_ways_is_sent_once(desk: Desk, sandbox: Sandbox) -> None:
    """Twice before either is read, and once more when it is out."""
    asked = [desk.ask(source=BY_KEY), desk.ask(source=BY_ROW)]
    desk.work()
    asked.append(desk.ask(source=BY_ROW))
    desk.work()
    assert len({desk.shown(one)["id"] for one in asked}) == 1
    assert len(sandbox.control("yousign").get("signature_requests")) == 1


def test_a_row_that_moves_before_the_next_try_does_not_become_another_client(
    desk: Desk, sandbox: Sandbox
) -> None:
    """Its agreement was asked for by row; the record had a fault; somebody mends it and sorts."""
    google = sandbox.control("google")
    header, row = google.get(f"sheets/{SPREADSHEET_ID}/{SHEET}")
    other = [{"Claire": "Autre", "2026-0142": "2026-0001"}.get(cell, cell) for cell in row]
    faulty = ["" if cell == "claire.durand@example.com" else cell for cell in row]
    google.post("sheets/rows", {**ORDER, "rows": [header, faulty, other]})
    failed = desk.ask(source=BY_ROW)
    desk.work()
    assert desk.shown(failed)["state"] == "failed"
    google.post("sheets/rows", {**ORDER, "rows": [header, row, other], "sort_by": "N° dossier"})
    assert desk.post(f"/{failed}/retry").status_code in (200, 202)
    desk.work()
    assert desk.shown(failed)["signers"][0]["name"] == "Claire Durand"
    now_there = desk.ask(source=BY_ROW)
    desk.work(StepKind.FETCH)
    assert desk.shown(now_there)["signers"][0]["name"] == "Autre Durand"
    cells = google.get(f"sheets/{SPREADSHEET_ID}/{SHEET}")
    place = header.index("Statut convention")
    assert ["Envoyée" in cells[2][place:], cells[1][place : place + 1]] == [True, []]
