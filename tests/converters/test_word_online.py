"""What is particular to Word Online: the token, the address without a token, the bin."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError

from domain.errors import Permanent, Retryable
from tests.converters.kits import WordOnlineKit
from tests.converters.office import paragraph, word
from tests.fixtures.sandbox import Sandbox


@pytest.fixture
def graph(sandbox: Sandbox) -> WordOnlineKit:
    return WordOnlineKit(sandbox)


def tokens(graph: WordOnlineKit) -> int:
    return len([one for one in graph.control.requests("POST") if one["path"].endswith("/token")])


def test_the_address_of_the_pdf_is_read_without_our_token(graph: WordOnlineKit) -> None:
    """The stand-in refuses an address that comes with one."""
    graph.produce(graph.worker())
    (read,) = [one for one in graph.control.requests("GET") if one["path"].startswith("/download/")]
    assert read["status"] == 200


def test_a_pdf_given_at_once_is_taken_too(graph: WordOnlineKit) -> None:
    graph.settings(direct=True)
    assert graph.produce(graph.worker()).startswith(b"%PDF-")


def test_one_token_serves_several_conversions_until_it_ends(graph: WordOnlineKit) -> None:
    converter = graph.worker()
    graph.produce(converter)
    graph.produce(converter)
    assert tokens(graph) == 1
    graph.clock.ahead = timedelta(minutes=61)
    graph.produce(converter)
    assert tokens(graph) == 2


def test_a_token_that_ends_early_is_replaced_on_the_way(graph: WordOnlineKit) -> None:
    converter = graph.worker()
    graph.produce(converter)
    graph.control.post("revoke", {})
    assert graph.produce(converter).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("wrong", "setting"),
    [
        ({"tenant": "canari"}, "TENANT"),
        ({"client_id": "canari"}, "CLIENT_ID"),
        ({"client_secret": "canari"}, "CLIENT_SECRET"),
    ],
    ids=str,
)
def test_a_wrong_identity_names_the_setting_and_not_its_value(
    graph: WordOnlineKit, wrong: dict[str, str], setting: str
) -> None:
    with pytest.raises(Permanent) as caught:
        graph.produce(graph.worker(**wrong))
    assert caught.value.code == "word_online_unauthorised"
    assert f"PARAPHE_WORD_ONLINE_{setting}" in caught.value.detail
    assert "canari" not in caught.value.detail


@pytest.mark.parametrize(
    ("role", "code"), [("read", "word_online_forbidden"), ("none", "word_online_drive_missing")]
)
def test_missing_rights_need_a_person_and_the_doctor_says_which(
    graph: WordOnlineKit, role: str, code: str
) -> None:
    graph.settings(role=role)
    with pytest.raises(Permanent) as caught:
        graph.produce(graph.worker())
    assert caught.value.code == code
    (finding,) = graph.worker().check()
    assert not finding.ok
    assert "Sites.Selected" in finding.text


def test_what_can_only_be_binned_is_binned_and_said(graph: WordOnlineKit) -> None:
    graph.settings(permanent_delete=False)
    with pytest.raises(Permanent) as caught:
        graph.produce(graph.worker())
    assert caught.value.code == "word_online_cannot_delete"
    assert "corbeille" in caught.value.detail
    assert [one["binned"] for one in graph.control.get("items") if not one["folder"]] == [True]


@pytest.mark.parametrize("status", [401, 500, 503])
def test_trouble_between_microsofts_own_servers_is_tried_again_later(
    graph: WordOnlineKit, status: int
) -> None:
    body = {"error": {"code": "generalException", "message": "The remote server returned an error"}}
    graph.strike("the PDF's address", "error", status=status, body=body, times=None)
    with pytest.raises(Retryable):
        graph.produce(graph.worker())
    assert graph.left() == []


def test_an_address_of_another_kind_is_not_followed(graph: WordOnlineKit) -> None:
    away = {"Location": "file:///etc/passwd"}
    graph.strike("the PDF's address", "error", status=302, headers=away)
    with pytest.raises(Retryable):
        graph.produce(graph.worker())
    assert graph.left() == []


def test_a_document_that_word_cannot_open_is_refused_for_good(graph: WordOnlineKit) -> None:
    broken = word(paragraph("x"), parts={"word/document.xml": "<w:document>"})
    with pytest.raises(Permanent) as caught:
        graph.worker().convert(broken)
    assert caught.value.code == "document_unreadable"
    assert graph.left() == []


def test_what_a_killed_worker_left_is_deleted_and_other_files_are_not(graph: WordOnlineKit) -> None:
    graph.produce(graph.worker())  # makes the folder
    for name, age in [("paraphe-old.docx", 1000), ("paraphe-new.docx", 10), ("Modèle.docx", 9999)]:
        graph.control.post("items", {"name": name, "age_seconds": age})
    graph.produce(graph.worker())
    # the control leaves one in the library's root as well, which is not our business
    assert sorted(graph.left()) == sorted(
        ["paraphe-old.docx", "paraphe-new.docx", "paraphe-new.docx", "Modèle.docx", "Modèle.docx"]
    )


@pytest.mark.parametrize("folder", ["a/b", "a#b", "..", "100%", ""])
def test_a_folder_that_sharepoint_would_refuse_is_refused_at_start(graph: WordOnlineKit, folder: str) -> None:
    with pytest.raises(ValidationError):
        graph.worker(folder=folder)
