"""What is particular to Drive: lost answers, twins, lagging listings, what people do to the files."""

from __future__ import annotations

import os
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import ValidationError

from domain.errors import NotFound, ParapheError, Permanent, Retryable
from sandbox.google import MY_DRIVE_FOLDER_ID, SHARED_DRIVE_ID, SHARED_FOLDER_ID
from tests.archives.kits import deposit
from tests.archives.kits_google_drive import DriveKit
from tests.fixtures.sandbox import Sandbox

NAME = "Durand_2026-12-15_2026-0142.pdf"
ONE_FILE = ["Conventions/", "Conventions/2026/", "Conventions/2026/12/", f"Conventions/2026/12/{NAME}"]
UPLOAD = "^/upload/"
FILES = "^/drive/v3/files$"


@pytest.fixture
def drive(sandbox: Sandbox) -> DriveKit:
    return DriveKit(sandbox)


def refusal(drive: DriveKit) -> ParapheError:
    with pytest.raises(ParapheError) as caught:
        drive.worker().file(deposit())
    assert "Durand" not in f"{caught.value} {caught.value.detail}"
    return caught.value


def test_the_file_is_frozen_marked_and_in_the_shared_drive(drive: DriveKit) -> None:
    filed = drive.worker().file(deposit())
    (file,) = drive.files()
    assert (file["id"], file["sha256"]) == (filed.ref, deposit().sha256)
    assert file["read_only"]
    assert set(file["app_properties"]) == {"hubKey"}
    assert filed.path == f"/Conventions/2026/12/{NAME}"
    assert filed.link is not None
    assert drive.sandbox.client.get(filed.link).status_code == 200


def test_the_shared_drive_itself_can_be_the_root_and_its_id_is_asked_of_drive(drive: DriveKit) -> None:
    drive.root_folder_id = SHARED_DRIVE_ID
    drive.worker(drive_id=None).file(deposit())
    assert [path for path in drive.tree() if path.startswith("Conventions")] == ONE_FILE


CALLS = {
    "the token": ("POST", "^/token$"),
    "an id": ("GET", "generateIds$"),
    "a listing": ("GET", FILES),
    "a folder": ("POST", FILES),
    "the start of an upload": ("POST", UPLOAD),
    "the content": ("PUT", UPLOAD),
    "the freeze": ("PATCH", "^/drive/v3/files/"),
}


@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
@pytest.mark.parametrize("call", CALLS)
def test_an_answer_lost_once_is_harmless(drive: DriveKit, call: str, kind: str) -> None:
    """httplib2 sends the request a second time by itself, POST or not."""
    method, path = CALLS[call]
    drive.control.fault(kind, method, path, times=1)
    drive.worker().file(deposit())
    assert drive.tree() == ONE_FILE
    assert not drive.files(trashed=True)


@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
@pytest.mark.parametrize("call", CALLS)
def test_a_connection_that_stays_cut_is_tried_again_later_and_makes_no_twin(
    drive: DriveKit, call: str, kind: str
) -> None:
    method, path = CALLS[call]
    drive.control.fault(kind, method, path, times=None)
    refused = refusal(drive)
    assert (type(refused), refused.code) == (Retryable, "google_drive_unreachable")
    drive.control.clear()
    drive.worker().file(deposit())
    assert drive.tree() == ONE_FILE
    assert [file["read_only"] for file in drive.files()] == [True]


def test_an_upload_cut_in_the_middle_of_its_chunks_ends_as_one_true_file(drive: DriveKit) -> None:
    content = os.urandom(10_000_000)
    drive.control.fault("cut_after", "PUT", UPLOAD, times=1)
    filed = drive.worker().file(deposit(content))
    assert len(drive.control.requests("PUT")) == 4  # three chunks, the first of them twice
    assert drive.worker().read(filed.ref) == content
    assert drive.tree() == ONE_FILE


@pytest.mark.parametrize("call", CALLS)
def test_an_ill_google_is_tried_again_later(drive: DriveKit, call: str) -> None:
    method, path = CALLS[call]
    drive.control.fault("error", method, path, status=503, body="<html>", times=None)
    assert isinstance(refusal(drive), Retryable)
    drive.control.clear()
    drive.worker().file(deposit())
    assert drive.tree() == ONE_FILE


@pytest.mark.parametrize("status", [403, 429])
def test_throttling_is_tried_again_later(drive: DriveKit, status: int) -> None:
    reason = {"domain": "usageLimits", "reason": "userRateLimitExceeded", "message": "Durand"}
    error = {"error": {"code": status, "message": "Durand", "errors": [reason]}}
    drive.control.fault("error", "POST", FILES, status=status, body=error, headers={"Retry-After": "7"})
    refused = refusal(drive)
    assert isinstance(refused, Retryable)
    assert (refused.code, refused.after) == ("google_drive_busy", 7)


def test_a_folder_outside_the_shared_drive_has_no_room(drive: DriveKit) -> None:
    drive.root_folder_id = MY_DRIVE_FOLDER_ID
    with pytest.raises(Permanent) as caught:
        drive.worker(drive_id=None).file(deposit())
    assert caught.value.code == "google_drive_quota"
    (finding,) = drive.worker(drive_id=None).check()
    assert not finding.ok
    assert "Drive partagé" in finding.text


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"role": "reader"}, "google_drive_forbidden"),
        ({"role": "none"}, "google_drive_folder_missing"),
        ({"key_disabled": True}, "google_drive_unauthorised"),
    ],
)
def test_lost_rights_need_a_person_and_say_which_rights(
    drive: DriveKit, settings: dict[str, object], code: str
) -> None:
    drive.settings(**settings)
    refused = refusal(drive)
    assert (type(refused), refused.code) == (Permanent, code)
    (finding,) = drive.worker().check()
    assert not finding.ok
    assert "gestionnaire de contenu" in finding.text or "SERVICE_ACCOUNT_JSON" in finding.text


def test_a_token_that_ends_early_is_replaced_on_the_way(drive: DriveKit) -> None:
    worker = drive.worker()
    worker.file(deposit(key="c1", name="one.pdf"))
    drive.control.post("revoke", {})
    worker.file(deposit(key="c2", name="two.pdf"))
    assert len(drive.files()) == 2


def test_a_root_folder_of_another_drive_is_found_out_by_the_doctor(drive: DriveKit) -> None:
    (finding,) = drive.worker(drive_id="0Another").check()
    assert not finding.ok
    assert "PARAPHE_GOOGLE_DRIVE_DRIVE_ID" in finding.text


@pytest.mark.parametrize("key", ["", "{}", '"text"', '{"type": "service_account", "private_key": "x"}'])
def test_what_is_no_key_is_refused_at_start_without_being_shown(drive: DriveKit, key: str) -> None:
    with pytest.raises(ValidationError) as caught:
        drive.worker(service_account_json=key)
    assert "clé JSON d'un compte de service" in str(caught.value)
    assert "input_value" not in str(caught.value)


def test_listings_that_lag_make_no_twins(drive: DriveKit) -> None:
    drive.settings(listing_lag_seconds=3600)
    deposits = [deposit(b"%d" % n, key=f"c{n}", name=f"Client_{n}.pdf") for n in range(4)] * 2
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: drive.worker().file(one), deposits))
    assert drive.tree() == [*ONE_FILE[:3], *(f"Conventions/2026/12/Client_{n}.pdf" for n in range(4))]


def test_bytes_spoiled_on_the_way_are_binned_and_sent_again(drive: DriveKit) -> None:
    drive.settings(corrupt_uploads=1)
    refused = refusal(drive)
    assert (type(refused), refused.code) == (Retryable, "google_drive_damaged")
    drive.worker().file(deposit())
    assert [file["sha256"] for file in drive.files()] == [deposit().sha256]
    assert drive.tree() == ONE_FILE


def test_folders_made_by_people_are_used_and_the_oldest_wins(drive: DriveKit) -> None:
    oldest = drive.added(unicodedata.normalize("NFD", "Conventions d'été"))
    drive.added("Conventions d'été")
    drive.added("conventions d'été")
    drive.worker().file(deposit(folders=("Conventions d'été",)))
    assert [file["parents"] for file in drive.files()] == [[oldest]]


@pytest.mark.parametrize(
    "change", [{"trashed": True}, {"deleted": True}, {"name": "old"}, {"parent": SHARED_DRIVE_ID}]
)
def test_a_folder_that_people_removed_is_made_again(drive: DriveKit, change: dict[str, object]) -> None:
    drive.worker().file(deposit(key="c1", name="before.pdf", folders=("Conventions",)))
    (folder,) = [one["id"] for one in drive.control.get("files") if one["name"] == "Conventions"]
    drive.edit(folder, **change)
    drive.worker().file(deposit(key="c2", name="after.pdf", folders=("Conventions",)))
    assert "Conventions/after.pdf" in drive.tree()


@pytest.mark.parametrize("change", [{"trashed": True}, {"deleted": True}])
def test_a_file_that_people_removed_is_filed_again(drive: DriveKit, change: dict[str, object]) -> None:
    first = drive.worker().file(deposit())
    drive.edit(first.ref, **change)
    again = drive.worker().file(deposit())
    assert (again.path, again.ref == first.ref) == (first.path, False)
    assert drive.tree() == ONE_FILE


def test_a_file_that_people_renamed_is_still_the_file(drive: DriveKit) -> None:
    first = drive.worker().file(deposit())
    drive.edit(first.ref, name="renamed.pdf")
    again = drive.worker().file(deposit())
    assert (again.ref, again.path) == (first.ref, "/Conventions/2026/12/renamed.pdf")


def test_a_name_that_people_took_gets_a_number(drive: DriveKit) -> None:
    folder = drive.added("Conventions")
    theirs = drive.added(NAME, parent=folder, text="theirs")
    filed = drive.worker().file(deposit(folders=("Conventions",)))
    assert filed.path == "/Conventions/Durand_2026-12-15_2026-0142_2.pdf"
    assert drive.worker().read(theirs) == b"theirs"


def test_a_hub_that_lost_its_memory_finds_its_file_again(drive: DriveKit) -> None:
    first = drive.worker().file(deposit())
    drive.memory.claims.clear()
    assert drive.worker().file(deposit()) == first
    assert drive.tree() == ONE_FILE


def test_ids_claimed_by_a_worker_that_died_are_used_by_the_next(drive: DriveKit) -> None:
    drive.control.fault("cut_before", "POST", UPLOAD, times=None)
    refusal(drive)
    claimed = next(value for (scope, _), value in drive.memory.claims.items() if scope == "google_drive.file")
    drive.control.clear()
    assert drive.worker().file(deposit()).ref == claimed


def test_an_id_that_drive_refuses_is_replaced(drive: DriveKit) -> None:
    drive.memory.claim("google_drive.folder", f"{SHARED_FOLDER_ID}/Conventions", "notAnIdOfDrive")
    drive.worker().file(deposit())
    assert drive.tree() == ONE_FILE


@pytest.mark.parametrize("what", ["deleted", "trashed"])
def test_a_file_deleted_since_is_said_not_found(drive: DriveKit, what: str) -> None:
    filed = drive.worker().file(deposit())
    drive.edit(filed.ref, **{what: True})
    with pytest.raises(NotFound):
        drive.worker().read(filed.ref)
