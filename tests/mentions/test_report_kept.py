"""From the record to the refusal, with the real office: the report is kept with the agreement and shown, the
document can be read, and what was refused can be asked again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.mentions.table import RULES
from domain.steps import StepKind, StepState
from store import conventions, steps
from tests.mentions.cases import record
from tests.pages.application import Application
from workers.engine import run_step

#: advice given on the flat-fee template, which says nothing of deliverables
NOT_FOR_THIS_TEMPLATE = ("conseil", "advice")


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    made = Application(tmp_path)
    yield made
    made.close()


def asked(application: Application, case: tuple[str, str]) -> str:
    """A convention on the flat-fee template, all of whose steps were run until none is due."""
    convention_id = application.convention("read")
    with application.runtime.database.transaction() as tx:
        row = conventions.lock(tx, convention_id)
        row.record = record(case).model_dump(mode="json")
        steps.add(tx, application.now, StepKind.RENDER, row.id, key=f"render:{row.id}")
    run_all(application, convention_id)
    return convention_id


def run_all(application: Application, convention_id: str) -> None:
    for _ in range(10):
        with application.runtime.database.reading() as session:
            waiting = [
                step.id
                for step in steps.of_convention(session, convention_id, StepKind.RENDER, StepKind.SEND)
                if step.state == StepState.WAITING.value and step.run_after <= application.now
            ]
        if not waiting:
            return
        for step_id in waiting:
            run_step(application.runtime, step_id)
    raise AssertionError("the steps never end")


def get(application: Application, path: str) -> Any:
    answer = application.client.get(f"/v1/conventions/{path}", headers=application.authorised)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_what_is_refused_can_be_read_mended_and_asked_again(application: Application) -> None:
    convention_id = asked(application, NOT_FOR_THIS_TEMPLATE)
    shown = get(application, convention_id)
    assert shown["state"] == "failed"
    assert [error["path"] for error in shown["problem"]["errors"]] == ["livrables"]
    assert [line["id"] for line in shown["mentions"]["blocking"]] == ["livrables"]
    assert [document["kind"] for document in shown["documents"]] == ["rendered"]

    whole = get(application, f"{convention_id}/mentions")
    assert whole["method"] == "blocks"
    assert [line["id"] for line in whole["items"]] == list(RULES)
    assert next(line["where"] for line in whole["items"] if line["id"] == "parties_client") == 1

    with application.runtime.database.transaction() as tx:
        conventions.lock(tx, convention_id).template = "conseil"
    first = shown["documents"][0]["sha256"]
    answer = application.client.post(
        f"/v1/conventions/{convention_id}/retry", json={}, headers=application.authorised
    )
    assert answer.status_code == 202, answer.text
    run_all(application, convention_id)
    again = get(application, convention_id)
    assert again["state"] == "rendered"
    assert again["retrying"][0]["code"] == "yousign_unreachable"
    assert again["mentions"]["blocking"] == []
    assert again["documents"][0]["sha256"] != first
    actions = [entry["action"] for entry in get(application, f"{convention_id}/journal")["items"]]
    assert actions == ["received", "rendered", "failed", "retried", "rendered"]


def test_events_carry_ids_and_nobody_s_name(application: Application) -> None:
    asked(application, NOT_FOR_THIS_TEMPLATE)
    answer = application.client.get("/v1/events", headers=application.authorised)
    failed, rendered = answer.get_json()
    assert (failed["type"], rendered["type"]) == ("convention.failed", "convention.rendered")
    for event in (failed, rendered):
        assert event["data"]["mentions"]["blocking"] == ["livrables"]
        assert "DURAND" not in str(event).upper()


def test_an_agreement_made_before_mentions_were_looked_for_is_made_again(application: Application) -> None:
    convention_id = application.convention("read", "render")
    with application.runtime.database.transaction() as tx:
        row = conventions.lock(tx, convention_id)
        row.record = record(("forfait", "consumer")).model_dump(mode="json")
        steps.add(tx, application.now, StepKind.SEND, row.id, key=f"send:{row.id}")
    answer = application.client.get(
        f"/v1/conventions/{convention_id}/mentions", headers=application.authorised
    )
    assert (answer.status_code, answer.get_json()["code"]) == (404, "mentions_not_ready")
    run_all(application, convention_id)
    shown = get(application, convention_id)
    assert shown["retrying"][0]["code"] == "yousign_unreachable"
    assert shown["mentions"]["checked"] > 30
