"""The stand-in refuses what Graph refuses: else the archive's tests would prove nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from sandbox import microsoft_graph
from tests.archives.kits_sharepoint import SharePointKit
from tests.fixtures.sandbox import Sandbox

FAIL = "?@microsoft.graph.conflictBehavior=fail"
UNIT = 320 * 1024
Call = Callable[..., httpx.Response]


@pytest.fixture
def call(sandbox: Sandbox) -> Call:
    """A call to the library with a token that is good."""
    kit = SharePointKit(sandbox)
    form = {
        "client_id": microsoft_graph.CLIENT_ID,
        "client_secret": microsoft_graph.CLIENT_SECRET,
        "grant_type": "client_credentials",
        "scope": "https://graph.microsoft.com/.default",
    }
    place = f"{kit.control.url}/{microsoft_graph.TENANT}/oauth2/v2.0/token"
    token = sandbox.client.post(place, data=form).raise_for_status().json()["access_token"]
    drive = f"{kit.control.url}/v1.0/drives/{microsoft_graph.DRIVE_ID}"

    def made(method: str, path: str, **details: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} | details.pop("headers", {})
        return sandbox.client.request(method, drive + path, headers=headers, **details)

    return made


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_a_name_is_one_whatever_its_case_and_replaced_unless_told(call: Call) -> None:
    assert call("PUT", "/root:/x.pdf:/content", content=b"1").status_code == 201
    assert code(call("PUT", f"/root:/X.PDF:/content{FAIL}", content=b"2")) == (409, "nameAlreadyExists")
    replaced = call("PUT", "/root:/x.pdf:/content", content=b"22")
    assert (replaced.status_code, replaced.json()["size"]) == (200, 2)


@pytest.mark.parametrize("name", ["a%23b", "a%25b", "~x", "CON", "x_vti_y", "x%20", "desktop.ini", "y" * 256])
def test_a_name_that_sharepoint_refuses_is_refused(call: Call, name: str) -> None:
    assert code(call("PUT", f"/root:/{name}:/content", content=b"1")) == (400, "invalidRequest")


def test_a_folder_has_rules_of_its_own(call: Call) -> None:
    for name in ("Forms", "x."):
        body: dict[str, Any] = {"name": name, "folder": {}}
        assert code(call("POST", "/root/children", json=body)) == (400, "invalidRequest")
    assert code(call("PUT", "/root:/absent/x.pdf:/content", content=b"1")) == (404, "itemNotFound")


def test_a_file_that_changed_is_not_deleted_by_its_former_etag(call: Call) -> None:
    made = call("PUT", "/root:/x.pdf:/content", content=b"1").json()
    call("PUT", "/root:/x.pdf:/content", content=b"2")
    old = {"If-Match": made["eTag"]}
    assert code(call("DELETE", f"/items/{made['id']}", headers=old)) == (412, "resourceModified")
    assert call("DELETE", f"/items/{made['id']}").status_code == 204
    assert call("GET", f"/items/{made['id']}").status_code == 404


def test_a_session_takes_ranges_in_order_and_no_token(sandbox: Sandbox, call: Call) -> None:
    address = call("POST", "/root:/x.bin:/createUploadSession").json()["uploadUrl"]
    content, total = bytes(UNIT + 10), UNIT + 10

    def put(start: int, end: int, **headers: str) -> httpx.Response:
        said = {"Content-Range": f"bytes {start}-{end - 1}/{total}", **headers}
        return sandbox.client.put(address, content=content[start:end], headers=said)

    assert put(0, UNIT, Authorization="Bearer x").status_code == 401
    assert put(0, 1000).status_code == 400  # no multiple of 320 KiB
    assert put(UNIT, total).status_code == 416
    assert put(0, UNIT).json()["nextExpectedRanges"] == [f"{UNIT}-"]
    assert put(0, UNIT).status_code == 416
    assert sandbox.client.get(address).json()["nextExpectedRanges"] == [f"{UNIT}-"]
    last = put(UNIT, total)
    assert (last.status_code, last.json()["size"]) == (201, total)
    assert sandbox.client.get(address).status_code == 404


def test_quota_lock_and_throttling_are_told_as_graph_tells_them(sandbox: Sandbox, call: Call) -> None:
    kit = SharePointKit(sandbox)
    kit.settings(quota_bytes=1)
    assert code(call("PUT", "/root:/x.pdf:/content", content=b"22")) == (507, "quotaLimitReached")
    kit.settings(locked=True)
    assert code(call("PUT", "/root:/x.pdf:/content", content=b"1")) == (423, "resourceLocked")
    kit.settings(throttled=1)
    busy = call("GET", "/root")
    assert (code(busy), busy.headers["Retry-After"]) == ((429, "activityLimitReached"), "7")
    assert call("GET", "/root").status_code == 200


def test_people_see_the_item_marked_as_worthless(sandbox: Sandbox, call: Call) -> None:
    made = call("PUT", "/root:/a%20&%20b.pdf:/content", content=b"1").json()
    page = sandbox.client.get(made["webUrl"]).text
    assert "BAC À SABLE, SANS VALEUR" in page
    assert "a &amp; b.pdf" in page
