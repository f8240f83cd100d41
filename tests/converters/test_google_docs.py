"""What is particular to Google Docs: ids that cannot be chosen, listings that lag, the role that deletes."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from pydantic import SecretStr, ValidationError

from connectors.archives.google_drive_session import SCOPE, DriveSession
from connectors.converters.google_docs import DOC_TYPE, ERRORS, MARK, MARKED
from connectors.google import credentials
from domain.errors import Permanent, Retryable
from sandbox.google import MY_DRIVE_FOLDER_ID, SHARED_DRIVE_ID, SHARED_FOLDER_ID
from tests.converters.kits import GoogleDocsKit
from tests.converters.office import paragraph, word
from tests.fixtures.sandbox import Sandbox

PATHS = {"the folder": f"/drive/v3/files/{SHARED_FOLDER_ID}", "an upload": "/upload/drive/v3/files"}


@pytest.fixture
def docs(sandbox: Sandbox) -> GoogleDocsKit:
    return GoogleDocsKit(sandbox)


def left_by_another_worker(docs: GoogleDocsKit) -> None:
    """A Doc made by a worker that was killed before it could delete it."""
    killed = docs.worker()
    docs.strike("the deletion", "error", status=500, times=None)
    with pytest.raises(Retryable):
        docs.produce(killed)
    docs.control.clear()
    assert len(docs.left()) == 1


def test_the_doc_bears_our_mark_and_nobodys_name(docs: GoogleDocsKit) -> None:
    left_by_another_worker(docs)
    (file,) = [one for one in docs.control.get("files") if not one["folder"]]
    assert file["app_properties"][MARK] == MARKED
    assert file["parents"] == [SHARED_FOLDER_ID]
    assert file["name"] == f"Conversion {file['app_properties']['run']}"


@pytest.mark.parametrize("role", ["fileOrganizer", "reader"])
def test_without_the_right_to_delete_nothing_leaves(docs: GoogleDocsKit, role: str) -> None:
    docs.settings(role=role)
    with pytest.raises(Permanent) as caught:
        docs.produce(docs.worker())
    assert caught.value.code == "google_docs_forbidden"
    assert "« gestionnaire »" in caught.value.detail
    assert docs.control.requests(path=PATHS["an upload"]) == []


@pytest.mark.parametrize("folder", ["1Absent", MY_DRIVE_FOLDER_ID])
def test_a_folder_that_cannot_serve_is_told_before_anything_leaves(docs: GoogleDocsKit, folder: str) -> None:
    with pytest.raises(Permanent) as caught:
        docs.produce(docs.worker(folder_id=folder))
    assert caught.value.code == "google_docs_folder_missing"
    assert "PARAPHE_GOOGLE_DOCS_FOLDER_ID" in caught.value.detail
    assert docs.control.requests(path=PATHS["an upload"]) == []


def test_the_shared_drive_itself_can_be_the_folder(docs: GoogleDocsKit) -> None:
    assert docs.produce(docs.worker(folder_id=SHARED_DRIVE_ID)).startswith(b"%PDF-")
    assert docs.left() == []


def test_a_doc_whose_answer_was_lost_is_found_although_the_listing_lags(docs: GoogleDocsKit) -> None:
    docs.settings(listing_lag_seconds=0.3)
    docs.strike("the document", "cut_after", times=None)
    with pytest.raises(Retryable):
        docs.produce(docs.worker())
    assert docs.left() == []


def test_what_a_killed_worker_left_is_deleted_by_the_next_conversion_of_another(docs: GoogleDocsKit) -> None:
    left_by_another_worker(docs)
    docs.produce(docs.worker())
    assert len(docs.left()) == 1  # it may still be at work
    docs.clock.ahead = timedelta(minutes=16)
    docs.produce(docs.worker())
    assert docs.left() == []


def test_files_that_are_not_ours_are_left_alone(docs: GoogleDocsKit) -> None:
    docs.control.post("files", {"name": "Modèle du cabinet", "text": "à garder"})
    docs.clock.ahead = timedelta(days=1)
    docs.produce(docs.worker())
    assert docs.left() == ["Modèle du cabinet"]


def test_a_document_that_google_cannot_read_is_refused_for_good_and_at_once(docs: GoogleDocsKit) -> None:
    broken = word(paragraph("x"), parts={"word/document.xml": "<w:document>"})
    with pytest.raises(Permanent) as caught:
        docs.worker().convert(broken)
    assert caught.value.code == "document_unreadable"
    assert docs.left() == []


def test_a_pdf_too_large_to_be_exported_says_what_to_do(docs: GoogleDocsKit) -> None:
    reason = {"domain": "usageLimits", "reason": "exportSizeLimitExceeded", "message": "Too large"}
    body = {"error": {"code": 403, "message": "Too large", "errors": [reason]}}
    docs.strike("the export", "error", status=403, body=body)
    with pytest.raises(Permanent) as caught:
        docs.produce(docs.worker())
    assert caught.value.code == "google_docs_too_large"
    assert docs.left() == []


def test_what_is_no_key_is_refused_at_start_without_being_shown(docs: GoogleDocsKit) -> None:
    with pytest.raises(ValidationError) as caught:
        docs.worker(service_account_json='{"private_key": "canari"}')
    assert "canari" not in str(caught.value)


def test_the_stand_in_refuses_a_chosen_id_for_a_converted_document(docs: GoogleDocsKit) -> None:
    key = SecretStr(json.dumps(docs.control.get("service_account.json")))
    with DriveSession(f"{docs.sandbox.url}/google/", credentials(key, SCOPE), ERRORS) as drive:
        body = {"id": drive.new_id(), "name": "x", "mimeType": DOC_TYPE, "parents": [SHARED_FOLDER_ID]}
        assert drive.create(body, word(paragraph("x")), "application/octet-stream") is None
