"""Setting SharePoint up: who the hub is for Microsoft, which site and library, and what the doctor says."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from connectors import Finding
from domain.errors import ParapheError, Permanent, Retryable
from sandbox.microsoft_graph import OTHER_LIBRARY
from tests.archives.certificates import drawn
from tests.archives.kits import deposit
from tests.archives.kits_sharepoint import SharePointKit
from tests.fixtures.sandbox import Sandbox

FILE = "Conventions/2026/12/Durand_2026-12-15_2026-0142.pdf"


@pytest.fixture
def kit(sandbox: Sandbox) -> SharePointKit:
    return SharePointKit(sandbox)


def finding(kit: SharePointKit, **changes: Any) -> Finding:
    (found,) = kit.worker(**changes).check()
    return found


def test_the_hub_proves_itself_by_a_certificate_and_sends_no_secret(kit: SharePointKit) -> None:
    key, certificate = drawn()
    kit.control.post("certificates", {"pem": certificate})
    # one line, as some hosts want it; the certificate goes before the secret, which is wrong here
    pem = (key + certificate).replace("\n", "\\n")
    worker = kit.worker(certificate=pem, client_secret="wrong")
    assert worker.read(worker.file(deposit()).ref) == deposit().content


def test_a_certificate_that_microsoft_does_not_know_is_said_so(kit: SharePointKit) -> None:
    found = finding(kit, certificate="".join(drawn()), client_secret=None)
    assert not found.ok
    assert "PARAPHE_SHAREPOINT_CERTIFICATE" in found.text


def test_a_certificate_about_to_expire_is_said_in_time(kit: SharePointKit) -> None:
    key, certificate = drawn(days=20)
    kit.control.post("certificates", {"pem": certificate})
    good, soon = kit.worker(certificate=key + certificate).check()
    assert (good.ok, soon.ok) == (True, False)
    assert "expire le" in soon.text


KEY, CERTIFICATE = drawn()
OTHER_KEY, _ = drawn()


@pytest.mark.parametrize(
    "pem", ["CANARI", KEY, CERTIFICATE, OTHER_KEY + CERTIFICATE, KEY.replace("M", "N") + CERTIFICATE]
)
def test_what_is_no_certificate_with_its_key_is_refused_at_start_unshown(
    kit: SharePointKit, pem: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        kit.worker(certificate=pem)
    said = str(caught.value)
    assert "PEM" in said or "recopiez" in said
    assert "CANARI" not in said
    assert KEY.splitlines()[1] not in said


def test_neither_certificate_nor_secret_is_refused_at_start(kit: SharePointKit) -> None:
    with pytest.raises(ValidationError, match="CLIENT_SECRET"):
        kit.worker(client_secret=None)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (7000222, "expiré"),
        (7000215, "la valeur du secret"),
        (700016, "PARAPHE_SHAREPOINT_CLIENT_ID"),
        (7000112, "désactivée"),
        (90002, "PARAPHE_SHAREPOINT_TENANT"),
        (700027, "PARAPHE_SHAREPOINT_CERTIFICATE"),
        (53003, "AADSTS53003"),
    ],
)
def test_what_entra_refuses_is_told_with_what_to_do(kit: SharePointKit, number: int, said: str) -> None:
    body = {"error": "invalid_client", "error_description": "Durand", "error_codes": [number]}
    kit.control.fault("error", "POST", "/token$", status=401, body=body)
    with pytest.raises(ParapheError) as caught:
        kit.worker().file(deposit())
    assert (type(caught.value), caught.value.code) == (Permanent, "sharepoint_unauthorised")
    assert said in caught.value.detail
    assert "Durand" not in caught.value.detail


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"error": "temporarily_unavailable"}, "sharepoint_busy"),
        (400, "<html>Durand</html>", "sharepoint_answer_lost"),
        (200, {"token_type": "Bearer"}, "sharepoint_unauthorised"),
        (404, "<html>", "sharepoint_misconfigured"),
    ],
)
def test_a_token_endpoint_that_says_something_else_is_understood(
    kit: SharePointKit, status: int, body: object, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    kit.control.fault("error", "POST", "/token$", status=status, body=body)
    with pytest.raises(ParapheError) as caught:
        kit.worker().file(deposit())
    assert caught.value.code == code
    assert isinstance(caught.value, Retryable) is (code in {"sharepoint_busy", "sharepoint_answer_lost"})
    assert "Durand" not in caplog.text


def test_a_tenant_that_is_no_tenant_is_said_so(kit: SharePointKit) -> None:
    for wrong in ({"tenant": "a/b?c=d"}, {"login_url": "http://"}):
        found = finding(kit, **wrong)
        assert not found.ok
        assert "PARAPHE_SHAREPOINT_" in found.text


@pytest.mark.parametrize("library", [OTHER_LIBRARY, OTHER_LIBRARY.upper()])
def test_another_library_is_found_by_its_name(kit: SharePointKit, library: str) -> None:
    worker = kit.worker(library=library)
    assert worker.read(worker.file(deposit()).ref) == deposit().content
    assert kit.tree() == []  # of the default one


def test_the_default_library_is_found_by_the_name_in_its_address_too(kit: SharePointKit) -> None:
    kit.worker(library="Shared Documents").file(deposit())
    assert FILE in kit.tree()


def test_a_folder_of_the_library_may_be_the_root_and_must_be_there(kit: SharePointKit) -> None:
    found = finding(kit, root="/Archives/Hub/")
    assert not found.ok
    assert "PARAPHE_SHAREPOINT_ROOT" in found.text
    kit.by_hand(("Archives", "Hub"))
    filed = kit.worker(root="Archives/Hub").file(deposit())
    assert filed.path == f"/Archives/Hub/{FILE}"
    assert f"Archives/Hub/{FILE}" in kit.tree()


@pytest.mark.parametrize(
    ("changes", "settings", "said"),
    [
        ({}, {"role": "read"}, "rôle « write »"),
        ({}, {"role": "none"}, "Sites.Selected"),
        ({"site_url": "https://cabinet.sharepoint.com/sites/Autre"}, {}, "PARAPHE_SHAREPOINT_SITE_URL"),
        ({"site_url": "https://cabinet.sharepoint.com"}, {}, "PARAPHE_SHAREPOINT_SITE_URL"),
        ({"library": "Absente"}, {}, "PARAPHE_SHAREPOINT_LIBRARY"),
    ],
)
def test_the_doctor_says_what_is_wrong(
    kit: SharePointKit, changes: dict[str, str], settings: dict[str, str], said: str
) -> None:
    kit.settings(**settings)
    found = finding(kit, **changes)
    assert not found.ok
    assert said in found.text


def test_the_doctor_proves_the_right_to_write_and_leaves_nothing(kit: SharePointKit) -> None:
    assert finding(kit).ok
    assert [one["status"] for one in kit.control.requests("DELETE")] == [204]
    assert kit.control.get("uploads") == {"sessions": 0}
    assert [one["name"] for one in kit.control.get("items")] == ["root", "root"]


@pytest.mark.parametrize(
    "url",
    [
        "cabinet.sharepoint.com/sites/Conventions",
        "http://cabinet.sharepoint.com/sites/Conventions",
        "https://CANARI:x@cabinet.sharepoint.com/sites/Conventions",
        "https://cabinet.sharepoint.com/sites/Conventions/Documents/Forms/AllItems.aspx",
        "https://cabinet.sharepoint.com/sites/Conventions?id=CANARI",
        "https://[",
    ],
)
def test_what_is_not_a_sites_address_is_refused_at_start(kit: SharePointKit, url: str) -> None:
    with pytest.raises(ValidationError) as caught:
        kit.worker(site_url=url)
    assert "l'adresse du site seule" in str(caught.value)
    assert "CANARI" not in str(caught.value)


def test_a_root_that_sharepoint_would_refuse_is_refused_at_start(kit: SharePointKit) -> None:
    with pytest.raises(ValidationError, match="SharePoint accepte"):
        kit.worker(root="Archives/100%")
