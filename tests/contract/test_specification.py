"""The judge is awake: the provider's description, mended, still refuses what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract.providers import CASES
from tests.contract.tee import Sent
from tests.fixtures.descriptions import specification_of

REF = "/v3/signature_requests/5b9b5e1c-54f1-4ad5-8dd6-f6f3a7a9e0a1"
GOOD = {"name": "x", "delivery_mode": "email", "external_id": "cv_1.1", "ordered_signers": True}
JSON = "application/json"
ENVELOPES = "/restapi/v2.1/accounts/a/envelopes"


def form(nature: str, anchors: str) -> bytes:
    parts = {"nature": nature, "parse_anchors": anchors}
    lines = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{parts[name]}\r\n' for name in parts
    ]
    file = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\r\n--b--\r\n'
    return ("".join(lines) + file).encode()


@pytest.mark.parametrize(
    ("accepted", "method", "target", "media_type", "body"),
    [
        (True, "POST", "/v3/signature_requests", JSON, json.dumps(GOOD).encode()),
        (False, "POST", "/v3/signature_requests", JSON, json.dumps(GOOD | {"unheard_of": 1}).encode()),
        (False, "POST", "/v3/signature_requests", JSON, json.dumps(GOOD | {"delivery_mode": "fax"}).encode()),
        (False, "POST", "/v3/signature_requests", JSON, json.dumps(GOOD | {"external_id": "é /"}).encode()),
        (False, "POST", "/v3/signature_requests", "text/plain", json.dumps(GOOD).encode()),
        (True, "GET", "/v3/signature_requests?external_id%5Beq%5D=x&limit=100", "", b""),
        (False, "GET", "/v3/signature_requests?limit=101", "", b""),
        (
            True,
            "POST",
            f"{REF}/documents",
            "multipart/form-data; boundary=b",
            form("signable_document", "true"),
        ),
        (
            False,
            "POST",
            f"{REF}/documents",
            "multipart/form-data; boundary=b",
            form("signable_document", "yes"),
        ),
        (False, "POST", f"{REF}/documents", "multipart/form-data; boundary=b", form("unheard_of", "true")),
        (False, "GET", "/v3/signature_requests/not-a-uuid", "", b""),
        (False, "GET", "/v3/unheard_of", "", b""),
        (False, "PUT", REF, "", b""),
    ],
)
def test_yousigns_description_tells_right_from_wrong(
    accepted: bool, method: str, target: str, media_type: str, body: bytes
) -> None:
    specification = specification_of(next(case for case in CASES if case.name == "yousign"))
    if specification is None:
        pytest.skip("PARAPHE_SPECS is not set")
    headers = {"authorization": "Bearer k", "content-type": media_type}
    fault = specification.fault(Sent(method, target, headers, body))
    assert (fault is None) is accepted, fault


@pytest.mark.parametrize(
    ("accepted", "method", "target", "body"),
    [
        (True, "POST", ENVELOPES, {"status": "sent", "emailSubject": "x"}),
        (False, "POST", ENVELOPES, {"status": "sent", "emailsubject": "x"}),
        (False, "POST", ENVELOPES, {"recipients": {"signers": [{"recipientId": 1}]}}),
        (True, "PUT", f"{ENVELOPES}/e", {"status": "voided", "voidedReason": "x"}),
        (False, "PUT", f"{ENVELOPES}/e", {"voided": "true"}),
        (False, "PATCH", f"{ENVELOPES}/e", {}),
        (False, "GET", "/restapi/v2.1/accounts/a/unheard_of", {}),
    ],
)
def test_docusigns_description_tells_right_from_wrong(
    accepted: bool, method: str, target: str, body: dict[str, Any]
) -> None:
    """It stands in the repository: it judges with or without PARAPHE_SPECS."""
    specification = specification_of(next(case for case in CASES if case.name == "docusign"))
    assert specification is not None
    fault = specification.fault(Sent(method, target, {"content-type": JSON}, json.dumps(body).encode()))
    assert (fault is None) is accepted, fault
