"""The report of a rehearsal: how it concludes, what it says, and that it can be read on a telephone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from rehearsal.outcome import Ending, Result
from rehearsal.records import ALONE, COUPLE, addresses, record
from rehearsal.report import Report, save
from tests.pages.application import Application

BEGAN = datetime(2026, 12, 15, 8, 30, tzinfo=UTC)
PASSED = Result(1, "nominal", "Cas nominal", Ending.PASSED, "Tout s'est vu.", "", ("envoyée",), 3.44)
FAILED = replace(
    PASSED, rank=2, code="cancel", title="Annulation <1>", ending=Ending.FAILED, todo="Corrigez <b>ceci</b>."
)
BY_HAND = replace(PASSED, rank=3, code="phone", title="Signature sur téléphone", ending=Ending.BY_HAND)


def report(*results: Result, left_open: tuple[str, ...] = ()) -> Report:
    return Report(
        began=BEGAN,
        ended=BEGAN + timedelta(seconds=75),
        provider="acme",
        label="Acme",
        sandbox=False,
        converter="libreoffice",
        versions={"Paraphe": "0.1.0"},
        results=results,
        left_open=left_open,
    )


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    made = Application(tmp_path)
    yield made
    made.close()


def test_a_rehearsal_concludes_as_its_worst_scenario() -> None:
    assert report(PASSED).ending is Ending.PASSED
    assert report(PASSED, BY_HAND).ending is Ending.BY_HAND
    assert report(PASSED, BY_HAND, FAILED).ending is Ending.FAILED
    assert report(PASSED, left_open=("REPETITION-03",)).ending is Ending.FAILED
    assert report().ending is Ending.FAILED, "nothing was played"
    assert report(PASSED, PASSED, FAILED).summary == "3 scénarios : 2 réussis, 1 échoué."


def test_both_reports_say_the_same_and_are_read_on_a_telephone(
    application: Application, tmp_path: Path, browser: Browser
) -> None:
    folder = tmp_path / "rapport"
    (folder / "preuve").mkdir(parents=True)
    (folder / "preuve" / f"{'long' * 20}.pdf").write_bytes(b"%PDF")
    save(report(PASSED, FAILED, BY_HAND, left_open=("REPETITION-03",)), folder, application.flask)

    data = json.loads((folder / "rapport.json").read_text(encoding="utf-8"))
    assert data["outcome"] == "failed"
    assert data["began_at"] == "2026-12-15T08:30:00+00:00"
    assert [(one["code"], one["ending"], one["seconds"]) for one in data["scenarios"]] == [
        ("nominal", "passed", 3.4), ("cancel", "failed", 3.4), ("phone", "by_hand", 3.4),
    ]  # fmt: skip
    assert [file["size"] for file in data["files"]] == [4]

    page = browser.new_page(viewport={"width": 320, "height": 700})
    try:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto((folder / "rapport.html").as_uri())
        assert asked == [(folder / "rapport.html").as_uri()], "it needs nothing beside it"
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        read = page.inner_text("main").replace("\u00a0", " ").replace("\u202f", " ")
        for told in (
            "Acme, le 15/12/2026 à 09 h 30", "3 scénarios : 1 réussi, 1 échoué, 1 à finir à la main.",
            "2. Annulation <1>", "échoué en 3,4 s", "Corrigez <b>ceci</b>.", "REPETITION-03", "1 min 15 s",
        ):  # fmt: skip
            assert told in read, told
        assert "BAC À SABLE" not in read
    finally:
        page.close()


def test_nothing_is_sent_to_the_people_of_the_samples() -> None:
    """Their addresses and telephones are nobody's, or somebody's who must not be called."""
    assert addresses(["a@x.fr", "b@x.fr"], 1) == ["a@x.fr"]
    assert addresses(["a@x.fr", "b@x.fr"], 3) == ["a@x.fr", "b@x.fr", "b+3@x.fr"]
    for sample, count in ((ALONE, 2), (COUPLE, 3)):
        mine = record(sample, "REPETITION-01", ["moi@cabinet.fr"], "06 39 98 00 01")
        written = json.dumps(mine)
        assert written.count("@") == written.count("@cabinet.fr") == count
        assert {name: value for name, value in mine.items() if "ortable" in name or "élé" in name} == {
            "Téléphone": "06 39 98 00 01"
        }
        assert "Téléphone" not in record(sample, "REPETITION-01", ["moi@cabinet.fr"])
