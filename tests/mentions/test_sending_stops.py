"""An agreement that lacks a mandatory mention never reaches its signers: for every one of them, the clause is
taken out of a real template, and the sending stops under that mention's name.

The provider is an address where nobody answers: a step that called it would wait for another try instead of
being dead."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from domain.mentions import Report, Severity, Status
from domain.mentions.law import LAW
from domain.mentions.rule import Rule
from domain.mentions.table import RULES
from domain.steps import StepKind
from store import conventions, documents, steps
from tests.contract.orders import pdf
from tests.mentions.cases import CASES, record, report
from tests.mentions.surgery import without
from tests.pages.application import Application
from workers.engine import run_step

CAN_BLOCK = [
    name
    for name, rule in RULES.items()
    if isinstance(rule, Rule) and LAW.mentions[name].severity != "warning"
]


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    made = Application(tmp_path_factory.mktemp("mentions"))
    yield made
    made.close()


@cache
def whole(case: tuple[str, str]) -> Report:
    return report(case)


def carrying(mention: str) -> tuple[str, str]:
    """A template and a record in which this mention is owed on pain of not being sent, and said."""
    for case in CASES:
        for line in whole(case).lines:
            if line.id == mention and line.severity is Severity.BLOCKING and line.status is Status.OK:
                return case
    raise AssertionError(f"no case calls for {mention}")


def send(application: Application, case: tuple[str, str], made: Report) -> dict[str, Any]:
    """The convention as its callers see it, once its sending was tried."""
    convention_id = application.convention("read", "render")
    with application.runtime.database.transaction() as tx:
        row = conventions.lock(tx, convention_id)
        row.template, row.mentions = case[0], made.as_data()
        row.record = record(case).model_dump(mode="json")
        row.level, row.level_reason = "simple", "Signature au cabinet."  # no mobile is wanted of anybody
        documents.put(tx, row.id, application.now, "rendered", "application/pdf", pdf(4))
        step = steps.add(tx, application.now, StepKind.SEND, row.id, key=f"send:{row.id}")
    run_step(application.runtime, step.id)
    answer = application.client.get(f"/v1/conventions/{convention_id}", headers=application.authorised)
    shown: dict[str, Any] = answer.get_json()
    return shown


@pytest.mark.parametrize("mention", CAN_BLOCK)
def test_without_its_clause_the_sending_stops_under_the_name_of_the_mention(
    application: Application, tmp_path: Path, mention: str
) -> None:
    case = carrying(mention)
    shown = send(application, case, report(case, without(case[0], mention, tmp_path)))
    assert shown["state"] == "failed"
    assert (shown["problem"]["step"], shown["problem"]["code"]) == ("send", "mentions_missing")
    told = {error["path"]: error for error in shown["problem"]["errors"]}
    law = LAW.mentions[mention]
    assert law.label in told[mention]["detail"]
    assert law.article in told[mention]["detail"]
    assert told[mention]["code"] == "mention_missing"
    assert mention in [line["id"] for line in shown["mentions"]["blocking"]]


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_a_whole_agreement_goes_on_to_the_provider(application: Application, case: tuple[str, str]) -> None:
    shown = send(application, case, whole(case))
    assert shown["state"] == "rendered", shown.get("problem")
    assert shown["retrying"][0]["code"] == "yousign_unreachable"
    assert shown["mentions"]["blocking"] == []
    assert shown["mentions"]["checked"] > 30


def test_the_page_to_withdraw_is_asked_for_by_the_name_of_its_setting(application: Application) -> None:
    """A consumer who concludes online: without the page, the refusal says which setting to fill; with it, the
    same agreement goes on."""
    case = carrying("retract_fonction_ligne")
    shown = send(application, case, report(case, page=""))
    (fault,) = shown["problem"]["errors"]
    assert fault["path"] == "retract_fonction_ligne"
    assert "PARAPHE_CABINET_RETRACTATION_URL" in fault["detail"]
    assert "PARAPHE_CABINET_RETRACTATION_URL" in shown["mentions"]["blocking"][0]["fix"]
    assert all(line.fix is None for line in whole(case).lines)


def test_a_warning_goes_along_without_stopping_anything(application: Application, tmp_path: Path) -> None:
    case = ("forfait", "consumer")
    shown = send(application, case, report(case, without(*case[:1], "secret_professionnel", tmp_path)))
    assert shown["state"] == "rendered", shown.get("problem")
    assert shown["mentions"]["warnings"] == [
        {
            "id": "secret_professionnel",
            "label": "Secret professionnel",
            "article": "loi n° 71-1130, art. 66-5",
            "status": "missing",
        }
    ]
