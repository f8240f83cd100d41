"""What is particular to SharePoint: upload sessions, lost answers, taken names, what people do, its rules."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from connectors.archives import Deposit
from connectors.archives.quick_xor_hash import quick_xor_hash
from connectors.archives.sharepoint import SharePoint
from domain.errors import NotFound, ParapheError, Permanent, Retryable
from sandbox import microsoft_graph
from sandbox.microsoft_graph.quick_xor import quick_xor_hash as hash_of_the_stand_in
from tests.archives.kits import deposit
from tests.archives.kits_sharepoint import BY_NAME, CONTENT, UPLOAD, SharePointKit
from tests.fixtures.sandbox import Sandbox

NAME = "Durand_2026-12-15_2026-0142"
FOLDERS = ["Conventions/", "Conventions/2026/", "Conventions/2026/12/"]
ONE_FILE = [*FOLDERS, f"Conventions/2026/12/{NAME}.pdf"]
#: three ranges
LARGE = 12_000_000


@pytest.fixture
def kit(sandbox: Sandbox) -> SharePointKit:
    return SharePointKit(sandbox)


def refusal(archive: SharePoint, one: Deposit | None = None) -> ParapheError:
    with pytest.raises(ParapheError) as caught:
        archive.file(one or deposit())
    assert "Durand" not in f"{caught.value} {caught.value.detail}"
    assert "http" not in caught.value.detail
    return caught.value


def calls(kit: SharePointKit, method: str, start: str) -> list[dict[str, Any]]:
    return [one for one in kit.control.requests(method) if one["path"].startswith(start)]


def is_whole(kit: SharePointKit, one: Deposit) -> None:
    """One file, which holds the bytes, and no session left open."""
    assert kit.tree() == ONE_FILE
    assert kit.items()[ONE_FILE[-1]]["sha256"] == one.sha256
    assert kit.control.get("uploads") == {"sessions": 0}


CALLS = {
    "the token": ("POST", "/token$"),
    "the site": ("GET", "^/v1.0/sites/[^/]*:/"),
    "the library": ("GET", "/drive$"),
    "its root": ("GET", "/root$"),
    "a folder": ("POST", "/children$"),
    "the look": ("GET", BY_NAME),
    "the content": ("PUT", CONTENT),
    "the address to read at": ("GET", "/items/[^/:]*/content$"),
    "the reading": ("GET", "^/download/"),
}


@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
@pytest.mark.parametrize("call", CALLS)
def test_a_connection_cut_at_any_call_makes_one_file_in_the_end(
    kit: SharePointKit, call: str, kind: str
) -> None:
    """What was made though its answer was lost is found by its name, mostly at once."""
    kit.control.fault(kind, *CALLS[call], times=None)
    found_at_once = kind == "cut_after" and call in ("a folder", "the content")
    with suppress(Retryable) if found_at_once else pytest.raises(Retryable):
        kit.worker().file(deposit())
    kit.recover()
    kit.worker().file(deposit())
    is_whole(kit, deposit())


@pytest.mark.parametrize("call", CALLS)
def test_an_ill_microsoft_is_tried_again_later_as_it_asks(kit: SharePointKit, call: str) -> None:
    headers = {"Retry-After": "9"}
    kit.control.fault("error", *CALLS[call], status=503, body="<html>", headers=headers, times=None)
    refused = refusal(kit.worker())
    assert isinstance(refused, Retryable)
    assert (refused.code, refused.after) == ("sharepoint_busy", 9)


def test_the_link_opens_and_what_is_read_without_our_token_is_read_without_it(kit: SharePointKit) -> None:
    """The stand-in refuses an address that comes with a token."""
    filed = kit.worker().file(deposit())
    assert filed.link is not None
    assert kit.sandbox.client.get(filed.link).status_code == 200
    assert [one["status"] for one in calls(kit, "GET", "/download/")] == [200]
    assert len(calls(kit, "POST", f"/{microsoft_graph.TENANT}")) == 1


def test_a_large_file_goes_in_ranges(kit: SharePointKit) -> None:
    one = deposit(os.urandom(LARGE))
    kit.worker().file(one)
    assert [sent["status"] for sent in calls(kit, "PUT", "/upload/")] == [202, 202, 201]
    is_whole(kit, one)


@pytest.mark.parametrize(
    ("kind", "sent"), [("cut_before", [202, None, 202, 201]), ("cut_after", [202, None, 201])]
)
def test_a_sending_that_was_cut_goes_on_from_what_arrived(
    kit: SharePointKit, kind: str, sent: list[int | None]
) -> None:
    one = deposit(os.urandom(LARGE))
    kit.control.fault("delay", "PUT", UPLOAD, seconds=0)
    kit.control.fault(kind, "PUT", UPLOAD)
    kit.worker().file(one)
    assert [range_["status"] for range_ in calls(kit, "PUT", "/upload/")] == sent
    is_whole(kit, one)


def test_the_last_answer_lost_is_found_by_the_name(kit: SharePointKit) -> None:
    one = deposit(os.urandom(5_000_000))
    kit.control.fault("cut_after", "PUT", UPLOAD)
    kit.worker().file(one)
    assert len(calls(kit, "PUT", "/upload/")) == 1
    is_whole(kit, one)


@pytest.mark.parametrize(("status", "sessions"), [(404, 2), (416, 1)])
def test_a_session_that_is_gone_begins_again_and_one_that_is_ahead_is_asked(
    kit: SharePointKit, status: int, sessions: int
) -> None:
    one = deposit(os.urandom(LARGE))
    kit.control.fault("delay", "PUT", UPLOAD, seconds=0)
    kit.control.fault("error", "PUT", UPLOAD, status=status)
    kit.worker().file(one)
    begun = [call for call in kit.control.requests("POST") if call["path"].endswith("/createUploadSession")]
    assert len(begun) == sessions
    kit.control.client.delete(f"{kit.control.url}/_control/uploads")  # the one that was said to be gone
    is_whole(kit, one)


def test_a_large_file_sent_by_several_workers_at_once_is_one_file(kit: SharePointKit) -> None:
    """All but one are refused at the end of their sessions, and find the same bytes."""
    one = deposit(os.urandom(5_000_000))
    kit.settings(late_conflict=True)
    with ThreadPoolExecutor(3) as pool:
        filed = list(pool.map(lambda worker: worker.file(one), [kit.worker() for _ in range(3)]))
    assert len(set(filed)) == 1
    is_whole(kit, one)


def test_a_sending_that_makes_no_progress_gives_up_and_calls_itself_off(kit: SharePointKit) -> None:
    kit.control.fault("cut_before", "PUT", UPLOAD, times=None)
    refused = refusal(kit.worker(), deposit(os.urandom(5_000_000)))
    assert isinstance(refused, Retryable)
    assert kit.control.get("uploads") == {"sessions": 0}


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("size", [100, 5_000_000])
def test_a_name_that_is_taken_meanwhile_is_compared(kit: SharePointKit, size: int, late: bool) -> None:
    """Taken between the look and the sending: the look is told that nothing is there."""
    kit.settings(late_conflict=late)
    kit.by_hand(deposit().folders, f"{NAME}.pdf".upper(), b"theirs")
    kit.control.fault("error", "GET", BY_NAME, status=404)
    one = deposit(os.urandom(size))
    filed = kit.worker().file(one)
    assert filed.path == f"/Conventions/2026/12/{NAME}_2.pdf"
    assert kit.tree() == sorted([*FOLDERS, filed.path[1:], f"Conventions/2026/12/{NAME.upper()}.PDF"])
    assert kit.control.get("uploads") == {"sessions": 0}


@pytest.mark.parametrize("size", [100, 5_000_000])
def test_a_name_that_is_taken_by_the_same_bytes_is_the_file(kit: SharePointKit, size: int) -> None:
    """SharePoint tells no hash for a moment after an upload."""
    one = deposit(os.urandom(size))
    first = kit.worker().file(one)
    kit.settings(hashes=False)
    kit.control.fault("error", "GET", BY_NAME, status=404)
    assert kit.worker().file(one) == first
    is_whole(kit, one)


def test_equal_by_size_and_hash_is_not_enough(kit: SharePointKit) -> None:
    """Two bytes 160 apart, changed alike, leave SharePoint's hash as it was."""
    mine, theirs = bytes(320), bytes([1, *bytes(159), 1, *bytes(159)])
    assert quick_xor_hash(mine) == quick_xor_hash(theirs)
    kit.by_hand(deposit().folders, f"{NAME}.pdf", theirs)
    assert kit.worker().file(deposit(mine)).path.endswith("_2.pdf")


def test_bytes_spoiled_on_the_way_are_binned_and_sent_again(kit: SharePointKit) -> None:
    kit.settings(corrupt_uploads=1)
    refused = refusal(kit.worker())
    assert (type(refused), refused.code) == (Retryable, "sharepoint_damaged")
    kit.worker().file(deposit())
    is_whole(kit, deposit())


@pytest.mark.parametrize("content", [b"", b"J", b"hello world", os.urandom(159), os.urandom(5000)])
def test_the_hash_is_microsofts(content: bytes) -> None:
    """The first three as published; the stand-in has its own way there."""
    published = {
        b"": "AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        b"J": "SgAAAAAAAAAAAAAAAQAAAAAAAAA=",
        b"hello world": "aCgDG9jwBhDc4Q1yawMZAAAAAAA=",
    }
    assert quick_xor_hash(content) == published.get(content, hash_of_the_stand_in(content))


@pytest.mark.parametrize(
    ("status", "codes", "kind", "code"),
    [
        (400, ("invalidRequest", "invalidName"), Permanent, "sharepoint_refused"),
        (403, ("accessDenied",), Permanent, "sharepoint_forbidden"),
        (409, ("conflict",), Retryable, "sharepoint_unsettled"),
        (412, ("resourceModified",), Retryable, "sharepoint_unsettled"),
        (422, ("invalidRequest", "malwareDetected"), Permanent, "sharepoint_malware"),
        (423, ("resourceLocked",), Retryable, "sharepoint_locked"),
        (429, ("activityLimitReached",), Retryable, "sharepoint_busy"),
        (403, ("accessDenied", "quotaLimitReached"), Permanent, "sharepoint_full"),
        (507, ("quotaLimitReached",), Permanent, "sharepoint_full"),
    ],
)
def test_each_refusal_says_what_to_do(
    kit: SharePointKit, status: int, codes: tuple[str, ...], kind: type[ParapheError], code: str
) -> None:
    error: dict[str, Any] = {}
    for one in reversed(codes):
        error = {"code": one, "message": "Durand", **({"innerError": error} if error else {})}
    headers = {"Retry-After": "7"} if kind is Retryable else {}
    kit.control.fault("error", "PUT", "", status=status, body={"error": error}, headers=headers, times=None)
    refused = refusal(kit.worker())  # 409: the name is taken, and then it is not there
    assert (type(refused), refused.code) == (kind, code)
    if code in ("sharepoint_locked", "sharepoint_busy"):
        assert isinstance(refused, Retryable)
        assert refused.after == 7
    assert kit.tree() == FOLDERS


def test_a_folder_that_people_removed_is_made_again(kit: SharePointKit) -> None:
    """Its id was known to this worker."""
    worker = kit.worker()
    worker.file(deposit(b"before", name="before.pdf"))
    kit.edit(kit.items()["Conventions/2026/"]["id"], binned=True)
    worker.file(deposit())
    is_whole(kit, deposit())


def test_rights_lost_on_the_way_are_said_by_a_worker_that_knew_its_way(kit: SharePointKit) -> None:
    worker = kit.worker()
    filed = worker.file(deposit())
    kit.settings(role="none")
    assert refusal(worker, deposit(b"after", name="after.pdf")).code == "sharepoint_forbidden"
    with pytest.raises(Permanent, match="sharepoint_library_missing"):  # and not that the file is gone
        worker.read(filed.ref)


@pytest.mark.parametrize(("status", "code"), [(404, "itemNotFound"), (403, "accessDenied")])
def test_a_file_of_a_library_that_was_left_is_said_not_found(
    kit: SharePointKit, status: int, code: str
) -> None:
    """So that it is filed again: the site of former days was deleted, or closed to us."""
    filed = kit.worker().file(deposit())
    left = f"^/v1.0/drives/{microsoft_graph.DRIVE_ID}/"
    assert kit.worker(library=microsoft_graph.OTHER_LIBRARY).read(filed.ref) == deposit().content
    kit.control.fault("error", "GET", left, status=status, body={"error": {"code": code}}, times=None)
    with pytest.raises(NotFound):
        kit.worker(library=microsoft_graph.OTHER_LIBRARY).read(filed.ref)
    with pytest.raises(Permanent):  # it is the one that is set up, or nobody can tell which is
        kit.worker().read(filed.ref)
    with pytest.raises(Permanent):
        kit.worker(library="Absente").read(filed.ref)


def test_a_token_that_ends_early_is_replaced_on_the_way(kit: SharePointKit) -> None:
    worker = kit.worker()
    worker.file(deposit(b"before", name="before.pdf"))
    kit.control.post("revoke", {})
    assert worker.read(worker.file(deposit()).ref) == deposit().content


def test_folders_made_by_people_are_used_whatever_their_case_and_a_file_is_no_folder(
    kit: SharePointKit,
) -> None:
    kit.by_hand(("CONVENTIONS",))
    kit.worker().file(deposit())
    assert kit.tree() == [path.replace("Conventions", "CONVENTIONS") for path in ONE_FILE]
    kit.added("Archives", text="a file")
    assert refusal(kit.worker(), deposit(folders=("Archives",))).code == "archive_path_blocked"


@pytest.mark.parametrize(
    "part", ['say "x".pdf', "a#b.pdf", "100%.pdf", "a:b.pdf", "~x.pdf", " x.pdf", "x.", "a_VTI_b.pdf", "a|b"]
)
def test_a_name_that_sharepoint_would_refuse_is_refused_before(kit: SharePointKit, part: str) -> None:
    refused = refusal(kit.worker(), deposit(name=part))
    assert (type(refused), refused.code) == (Permanent, "archive_unsafe_name")
    assert kit.control.requests() == []


def test_a_path_too_long_is_refused_before(kit: SharePointKit) -> None:
    long = refusal(kit.worker(root="Archives"), deposit(folders=("x" * 190, "y" * 190)))
    assert long.code == "archive_unsafe_name"


@pytest.mark.parametrize("ref", ["", "b!x", "a/b/c", "../x", f"{microsoft_graph.DRIVE_ID}/01ABSENT"])
def test_what_is_no_file_of_the_library_is_said_not_found(kit: SharePointKit, ref: str) -> None:
    with pytest.raises(NotFound) as caught:
        kit.worker().read(ref)
    assert caught.value.code == "archive_file_not_found"


def test_a_wrong_credential_does_not_pass_because_an_older_token_lives(kit: SharePointKit) -> None:
    assert kit.worker().check()[0].ok
    assert not kit.worker(client_secret="another").check()[0].ok
    assert not kit.worker(tenant="elsewhere").check()[0].ok
