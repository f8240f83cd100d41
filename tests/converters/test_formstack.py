"""What is particular to Formstack: the merge is theirs, and the address is the secret."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.converters.formstack import Formstack
from documents.pdf import inspect
from domain.cabinet import Cabinet
from domain.errors import Permanent
from domain.wording import context
from sandbox.formstack import DOCUMENT, KEY
from tests.converters.kits import FormstackKit
from tests.fixtures.sandbox import Sandbox
from tests.unit.samples import NAMES, TODAY, record


@pytest.fixture
def formstack(sandbox: Sandbox) -> FormstackKit:
    return FormstackKit(sandbox)


def values(name: str) -> dict[str, Any]:
    return context(record(name), Cabinet(), TODAY, "Yousign", "conv-1", 1)


@pytest.mark.parametrize("name", NAMES)
def test_the_values_of_a_record_go_as_they_are_and_come_back_printed(
    formstack: FormstackKit, name: str
) -> None:
    given = values(name)
    made = inspect(formstack.worker().render("forfait", given))
    assert made.holds(given["client"]["nom_complet"])
    assert made.holds(given["dossier"]["intitule"])
    assert made.holds(given["signataires"][0]["ancre"])


def test_text_that_looks_like_their_template_code_is_printed_and_not_run(formstack: FormstackKit) -> None:
    hostile = '{$cabinet.denomination} </p> {if true} "\\" \u2028 {{s9|signature}}'
    given = {"client": {"nom_complet": hostile}, "cabinet": {"denomination": "INTRUS"}}
    text = inspect(formstack.worker().render("forfait", given)).text
    assert text.count("INTRUS") == 1
    assert "{$cabinet.denomination}" in text


def test_a_word_document_is_refused_with_the_setting_to_change(formstack: FormstackKit) -> None:
    with pytest.raises(Permanent) as caught:
        formstack.worker().convert(b"PK")
    assert caught.value.code == "converter_merges_itself"
    assert "PARAPHE_CONVERTER" in caught.value.detail
    assert formstack.control.requests() == []


def test_a_template_without_a_document_is_said_before_anything_leaves(formstack: FormstackKit) -> None:
    with pytest.raises(Permanent) as caught:
        formstack.worker().render("conseil", {})
    assert caught.value.code == "formstack_template_unknown"
    assert formstack.control.requests() == []


@pytest.mark.parametrize(
    ("place", "code"),
    [(f"999999/{KEY}", "formstack_document_missing"), (f"{DOCUMENT}/autrecle", "formstack_unauthorised")],
)
def test_a_wrong_address_is_said_without_being_shown(
    formstack: FormstackKit, caplog: pytest.LogCaptureFixture, place: str, code: str
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(Permanent) as caught:
        formstack.worker(documents=json.dumps({"forfait": place})).render("forfait", {})
    assert caught.value.code == code
    assert "PARAPHE_FORMSTACK_" in caught.value.detail
    told = f"{caught.value.detail} {caplog.text} {[vars(one) for one in caplog.records]}"
    assert place not in told
    assert place.split("/")[1] not in told


def test_another_kind_of_output_is_refused_for_good(formstack: FormstackKit) -> None:
    url = f"{formstack.control.url}/_control/documents/{DOCUMENT}"
    word = {"key": KEY, "text": "x", "output": "docx"}
    formstack.sandbox.client.put(url, json=word).raise_for_status()
    with pytest.raises(Permanent) as caught:
        formstack.worker().render("forfait", {})
    assert caught.value.code == "formstack_not_pdf"


def test_an_answer_that_is_no_document_is_refused_for_good(formstack: FormstackKit) -> None:
    formstack.strike("the merge", "error", status=200, body={"success": 1})
    with pytest.raises(Permanent) as caught:
        formstack.worker().render("forfait", {})
    assert caught.value.code == "formstack_not_pdf"


def test_the_doctor_only_tries_and_sends_nobodys_data(formstack: FormstackKit) -> None:
    (finding,) = formstack.worker().check()
    assert "texte du PDF" in finding.text
    assert formstack.control.get("merges") == [{"document": DOCUMENT, "test": True, "values": []}]


def test_the_doctor_looks_at_each_document(formstack: FormstackKit) -> None:
    documents = {"forfait": f"{DOCUMENT}/{KEY}", "conseil": "999999/absent"}
    findings = formstack.worker(documents=json.dumps(documents)).check()
    assert [finding.ok for finding in findings] == [True, False]
    assert findings[1].text.startswith("conseil")


@pytest.mark.parametrize(
    "documents",
    [
        "",
        "{}",
        "[]",
        '{"forfait": 12}',
        '{"forfait": "12"}',
        '{"forfait": "12/canari?x"}',
        '{"f": "../canari"}',
    ],
)
def test_what_is_no_address_is_refused_at_start_without_being_shown(
    formstack: FormstackKit, documents: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        formstack.worker(documents=documents)
    assert "canari" not in str(caught.value)
    assert isinstance(formstack.worker(), Formstack)
