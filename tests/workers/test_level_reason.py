"""A signature below the one advised wants a reason (R-SIG-01): refused before anything leaves, at once when
the record is in the call, and otherwise where the record is read, which is read again once mended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.steps import StepKind
from sandbox.airtable import BASE_ID, TABLE_ID
from tests.fixtures.sandbox import Sandbox
from tests.pages.application import sample
from tests.workers.desk import Desk

REASON = "Madame Durand réside à l’étranger"
SENSITIVE = {**sample(), "Sensible": "oui"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Desk]:
    """A firm whose own default is the simple signature."""
    made = Desk(tmp_path, PARAPHE_LEVEL="simple")
    yield made
    made.close()


def ask(desk: Desk, fields: dict[str, Any], **signature: Any) -> tuple[int, dict[str, Any]]:
    answer = desk.post("", {"source": {"kind": "inline", "fields": fields}, "signature": signature})
    return answer.status_code, answer.get_json()


def test_what_is_in_the_call_is_refused_at_once_with_the_field_to_fill(desk: Desk) -> None:
    status, told = ask(desk, SENSITIVE, level="simple")
    assert (status, told["code"]) == (422, "level_reason_missing")
    (fault,) = told["errors"]
    assert fault["path"] == "signature.level_reason"
    assert "sensible" in fault["detail"]
    assert "Durand" not in str(told)

    status, told = ask(desk, {**SENSITIVE, "Niveau de signature": "simple"})
    assert (status, told["errors"][0]["path"]) == (422, "signature.derogation_motif")

    status, told = ask(desk, SENSITIVE, level="simple", level_reason="   ")
    assert (status, told["errors"][0]["path"]) == (422, "signature.level_reason")
    assert told["errors"][0]["code"] == "string_too_short"
    assert desk.client.get("/v1/conventions", headers=desk.authorised).get_json()["items"] == []


@pytest.mark.parametrize(
    ("changes", "signature"),
    [
        ({}, {}),
        ({}, {"level": "auto"}),
        ({}, {"level": "advanced"}),
        ({}, {"level": "qualified"}),
        ({}, {"level": "simple", "level_reason": REASON}),
        ({"Motif de dérogation": REASON}, {"level": "simple"}),
        ({"Niveau de signature": "simple", "Motif de dérogation": REASON}, {"level": "auto"}),
        ({"Niveau de signature": "qualifiée"}, {}),
    ],
)
def test_the_advice_followed_passed_or_explained_is_taken(
    desk: Desk, changes: dict[str, Any], signature: dict[str, str]
) -> None:
    status, told = ask(desk, {**SENSITIVE, **changes}, **signature)
    assert (status, told["state"]) == (202, "received")
    desk.work(StepKind.FETCH)
    assert desk.step(told["id"], StepKind.FETCH).state == "done"


def test_the_settings_default_is_held_to_the_same_rule(plain: Desk) -> None:
    assert ask(plain, SENSITIVE)[1]["code"] == "level_reason_missing"
    assert ask(plain, SENSITIVE, level_reason=REASON)[0] == 202
    assert ask(plain, {**sample(), "N° dossier": "D2026-0999"})[0] == 202


def test_a_record_read_outside_stops_its_convention_until_it_is_mended(
    served: Desk, sandbox: Sandbox
) -> None:
    """And the call mends it as well as the record does."""
    airtable = sandbox.control("airtable")

    def stopped(**signature: str) -> tuple[str, dict[str, str]]:
        record = airtable.post(
            "records",
            {
                "base": BASE_ID,
                "table": TABLE_ID,
                "fields": {**SENSITIVE, "Motif de dérogation": ""},
            },
        )["id"]
        source = {"kind": "airtable", "base": BASE_ID, "table": TABLE_ID, "record": record}
        convention_id = served.ask(source=source, signature=signature, until="rendered")
        served.work()
        shown = served.shown(convention_id)
        assert (shown["state"], shown["problem"]["step"]) == ("failed", "fetch")
        assert shown["problem"]["code"] == "level_reason_missing"
        assert shown["documents"] == []
        return convention_id, source

    convention_id, source = stopped(level="simple")
    sandbox.client.patch(
        f"{sandbox.url}/airtable/v0/{BASE_ID}/{TABLE_ID}/{source['record']}",
        json={"fields": {"Motif de dérogation": REASON}},
        headers={"Authorization": "Bearer patBacASable"},
    ).raise_for_status()
    assert served.post(f"/{convention_id}/retry").status_code == 202
    served.work()
    assert served.shown(convention_id)["state"] == "rendered"

    convention_id, source = stopped(level="simple")
    again = served.ask(source=source, signature={"level": "simple", "level_reason": REASON}, until="rendered")
    assert again == convention_id
    served.work()
    assert served.shown(convention_id)["state"] == "rendered"
    assert sandbox.control("yousign").requests() == []
