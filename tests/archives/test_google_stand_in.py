"""The stand-in refuses what Google refuses: else the archive's tests would prove nothing."""

from __future__ import annotations

import json
import os
from io import BytesIO
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.exceptions import RefreshError
from google.oauth2.service_account import Credentials
from google_auth_httplib2 import AuthorizedHttp, Request
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseUpload, build_http

from sandbox.google import MY_DRIVE_FOLDER_ID, SHARED_DRIVE_ID, SHARED_FOLDER_ID
from tests.fixtures.sandbox import Sandbox

SCOPE = "https://www.googleapis.com/auth/drive"


@pytest.fixture
def key(sandbox: Sandbox) -> dict[str, str]:
    found: dict[str, str] = sandbox.control("google").get("service_account.json")
    return found


@pytest.fixture
def files(sandbox: Sandbox, key: dict[str, str]) -> Any:
    """``drive.files()`` of Google's own client."""
    document = json.loads(get_static_doc("drive", "v3")) | {"rootUrl": f"{sandbox.url}/google/"}
    document.pop("mtlsRootUrl", None)
    credentials = Credentials.from_service_account_info(key, scopes=[SCOPE])  # type: ignore[no-untyped-call]
    return build_from_document(document, http=AuthorizedHttp(credentials, http=build_http())).files()


def refused(request: Any) -> tuple[int, str]:
    with pytest.raises(HttpError) as caught:
        request.execute()
    return caught.value.status_code, caught.value.error_details[0]["reason"]


def raw(sandbox: Sandbox, files: Any, method: str, path: str, **details: Any) -> httpx.Response:
    """A request that Google's client would not make, with a token that is good."""
    files.generateIds().execute()
    token = files._http.credentials.token
    headers = {"Authorization": f"Bearer {token}"} | details.pop("headers", {})
    return sandbox.client.request(method, f"{sandbox.url}/google{path}", headers=headers, **details)


def test_without_all_drives_what_is_shared_does_not_exist(files: Any) -> None:
    assert refused(files.get(fileId=SHARED_FOLDER_ID)) == (404, "notFound")
    assert files.get(fileId=SHARED_FOLDER_ID, supportsAllDrives=True).execute()["id"] == SHARED_FOLDER_ID


def test_a_file_in_my_drive_has_no_quota(files: Any) -> None:
    media = MediaIoBaseUpload(BytesIO(b"x"), "text/plain", resumable=True)
    body = {"name": "x", "parents": [MY_DRIVE_FOLDER_ID]}
    assert refused(files.create(body=body, media_body=media)) == (403, "storageQuotaExceeded")


def test_an_id_serves_once_even_after_its_file_is_gone(sandbox: Sandbox, files: Any) -> None:
    body = {"id": files.generateIds(count=1).execute()["ids"][0], "name": "x", "parents": [SHARED_FOLDER_ID]}
    files.create(body=body, supportsAllDrives=True).execute()
    assert refused(files.create(body=body, supportsAllDrives=True)) == (409, "fileIdInUse")
    url = f"{sandbox.url}/google/_control/files/{body['id']}"
    sandbox.client.patch(url, json={"deleted": True}).raise_for_status()
    assert refused(files.create(body=body, supportsAllDrives=True)) == (409, "fileIdInUse")


def test_an_id_of_ones_own_making_is_refused(files: Any) -> None:
    body = {"id": "1OfMyOwnMaking", "name": "x", "parents": [SHARED_FOLDER_ID]}
    assert refused(files.create(body=body, supportsAllDrives=True)) == (400, "invalid")


def test_names_are_not_unique(files: Any) -> None:
    for _ in range(2):
        body = {"name": "twin", "parents": [SHARED_FOLDER_ID]}
        files.create(body=body, supportsAllDrives=True).execute()
    assert len(find(files, "name = 'twin'")) == 2


@pytest.mark.parametrize("size", [0, 5_000, 700_000])
def test_a_multipart_upload_keeps_its_bytes(files: Any, size: int) -> None:
    content = os.urandom(size)
    media = MediaIoBaseUpload(BytesIO(content), "application/pdf", resumable=False)
    body = {"name": "x.pdf", "parents": [SHARED_FOLDER_ID]}
    made = files.create(body=body, media_body=media, supportsAllDrives=True, fields="id,size").execute()
    assert made["size"] == str(size)
    assert files.get_media(fileId=made["id"], supportsAllDrives=True).execute() == content


def find(files: Any, query: str, **details: Any) -> list[str]:
    options = {"corpora": "drive", "driveId": SHARED_DRIVE_ID, **details}
    answer = files.list(
        q=query, supportsAllDrives=True, includeItemsFromAllDrives=True, orderBy="createdTime", **options
    ).execute()
    return [file["name"] for file in answer["files"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name = 'l\\'été'", ["l'été"]),
        ("name='L\\'ÉTÉ' and trashed=false", ["l'été"]),
        (f"'{SHARED_FOLDER_ID}' in parents and not name = 'b\\\\c'", ["l'été"]),
        ("(name = 'b\\\\c' or name = 'none') and mimeType != 'x'", ["b\\c"]),
        ("appProperties has { key='hubKey' and value='k' }", ["b\\c"]),
        ("trashed = true", []),
        ("mimeType = 'text/plain'", ["b\\c"]),
    ],
)
def test_the_search_language_means_what_google_says(files: Any, query: str, found: list[str]) -> None:
    for body in (
        {"name": "l'été"},
        {"name": "b\\c", "mimeType": "text/plain", "appProperties": {"hubKey": "k"}},
    ):
        files.create(body=body | {"parents": [SHARED_FOLDER_ID]}, supportsAllDrives=True).execute()
    assert find(files, query) == found


@pytest.mark.parametrize(
    "query",
    ["name", "name = x", "name = 'it's'", "size > 3", "(name = 'x'", "name = 'x' trashed = true", "'x"],
)
def test_a_search_that_google_would_not_read_is_refused(files: Any, query: str) -> None:
    request = files.list(
        q=query,
        corpora="drive",
        driveId=SHARED_DRIVE_ID,
        supportsAllDrives=True,
        includeItemsFromAllDrives=True,
    )
    assert refused(request) == (400, "invalid")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/drive/v3/files?surprise=1", {"name": "x"}),
        ("/drive/v3/files?fields=surprise", {"name": "x"}),
        ("/drive/v3/files?fields=id(", {"name": "x"}),
        ("/drive/v3/files", {"surprise": "x"}),
        ("/drive/v3/files", {"name": 3}),
        ("/drive/v3/files", {"contentRestrictions": [{"readOnly": "yes"}]}),
        ("/drive/v3/files", []),
    ],
)
def test_what_the_specification_does_not_know_is_refused(
    sandbox: Sandbox, files: Any, path: str, body: object
) -> None:
    assert raw(sandbox, files, "POST", path, json=body).status_code == 400


def test_an_upload_goes_on_where_it_stopped(sandbox: Sandbox, files: Any) -> None:
    content, half = os.urandom(300_000), 256 * 1024
    start = raw(
        sandbox,
        files,
        "POST",
        "/upload/drive/v3/files?uploadType=resumable&supportsAllDrives=true&fields=sha256Checksum,size",
        json={"name": "x", "parents": [SHARED_FOLDER_ID]},
    )
    place = start.headers["Location"]

    def put(chunk: bytes, content_range: str) -> httpx.Response:
        return sandbox.client.put(place, content=chunk, headers={"Content-Range": content_range})

    assert put(b"", "bytes */300000").headers.get("Range") is None
    assert put(content[:1000], "bytes 0-999/300000").status_code == 400
    first = put(content[:half], f"bytes 0-{half - 1}/300000")
    assert (first.status_code, first.headers["Range"]) == (308, f"bytes=0-{half - 1}")
    assert put(b"", "bytes */300000").headers["Range"] == f"bytes=0-{half - 1}"
    last = [put(content[half:], f"bytes {half}-299999/300000") for _ in range(2)]
    assert [answer.status_code for answer in last] == [200, 200]
    assert last[0].json() == last[1].json()
    assert len(find(files, "name = 'x'")) == 1


def test_a_call_without_a_token_is_refused(sandbox: Sandbox) -> None:
    answer = sandbox.client.get(f"{sandbox.url}/google/drive/v3/files")
    assert (answer.status_code, answer.json()["error"]["errors"][0]["reason"]) == (401, "authError")


def test_a_token_is_not_given_to_another_key(sandbox: Sandbox, key: dict[str, str]) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    forged = key | {"private_key": other.decode()}
    credentials = Credentials.from_service_account_info(forged, scopes=[SCOPE])  # type: ignore[no-untyped-call]
    with pytest.raises(RefreshError, match="invalid_grant"):
        credentials.refresh(Request(build_http()))


def test_a_frozen_file_cannot_be_renamed(files: Any) -> None:
    body = {"name": "x", "parents": [SHARED_FOLDER_ID]}
    made = files.create(body=body, supportsAllDrives=True).execute()["id"]
    frozen = {"contentRestrictions": [{"readOnly": True}]}
    files.update(fileId=made, body=frozen, supportsAllDrives=True).execute()
    assert refused(files.update(fileId=made, body={"name": "y"}, supportsAllDrives=True))[0] == 403
    assert refused(files.delete(fileId=made, supportsAllDrives=True))[0] == 403


def test_people_see_the_tree_marked_as_worthless(sandbox: Sandbox) -> None:
    sandbox.control("google").post("files", {"name": "<b>x</b>.pdf", "text": "x"})
    page = sandbox.client.get(f"{sandbox.url}/google/view").text
    assert "BAC À SABLE, SANS VALEUR" in page
    assert "&lt;b&gt;x&lt;/b&gt;.pdf" in page
