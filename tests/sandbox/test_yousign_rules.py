"""What the published description forbids is refused, in the provider's own shapes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sandbox.yousign_caller import Caller, agreement, request_body, signer_body

FAR = (datetime.now(UTC) + timedelta(days=400)).date().isoformat()
WITH_INFO = dict(signer_body()["info"])


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 129},
        {"name": "Voir https://example.org"},
        {"name": None},
        {"delivery_mode": "sms"},
        {"ordered_signers": "true"},
        {"external_id": "avec espace"},
        {"external_id": "x" * 256},
        {"expiration_date": "2020-01-01"},
        {"expiration_date": FAR},
        {"expiration_date": "31/12/2026"},
        {"expiration_date": "2026-02-30"},
        {"timezone": "Europe/Lutece"},
        {"reminder_settings": {"interval_in_days": 3, "max_occurrences": 1}},
        {"reminder_settings": {"interval_in_days": 7, "max_occurrences": 11}},
        {"reminder_settings": {"interval_in_days": 7}},
        {"audit_trail_locale": "lb"},
        {"externalId": "conv"},
        {"template_id": "3c9f0c0e-8f0b-4b52-8f0d-0f3f2b0b7a11"},
    ],
    ids=lambda change: str(change)[:40],
)
def test_a_wrong_request_is_refused_and_nothing_is_made(yousign: Caller, change: dict[str, Any]) -> None:
    refused = yousign.post("/signature_requests", request_body(**change))
    assert refused.status_code == 400
    assert set(refused.json()) == {"type", "detail"}
    assert yousign.read("/signature_requests")["data"] == []


@pytest.mark.parametrize("missing", ["name", "delivery_mode"])
def test_a_required_field_is_required(yousign: Caller, missing: str) -> None:
    body = request_body()
    del body[missing]
    refused = yousign.post("/signature_requests", body)
    assert refused.status_code == 400
    assert missing in refused.json()["detail"]


@pytest.mark.parametrize(
    "change",
    [
        {"info": WITH_INFO | {"first_name": "Louis 14"}},
        {"info": WITH_INFO | {"last_name": "D’Aubigné"}},
        {"info": WITH_INFO | {"last_name": "Durand & fils"}},
        {"info": WITH_INFO | {"last_name": " Durand"}},
        {"info": WITH_INFO | {"last_name": "Дюран"}},
        {"info": WITH_INFO | {"email": "helene"}},
        {"info": WITH_INFO | {"email": "h" * 95 + "@example.org"}},
        {"info": WITH_INFO | {"phone_number": "06 00 00 00 01"}},
        {"info": WITH_INFO | {"phone_number": "+8613800000000"}},
        {"info": WITH_INFO | {"phone_number": None}},
        {"info": WITH_INFO | {"locale": "pt"}},
        {"info": WITH_INFO | {"title": "Maître"}},
        {"signature_level": "simple"},
        {"signature_level": "advanced_electronic_signature", "signature_authentication_mode": "otp_email"},
        {"signature_level": "qualified_electronic_signature"},
        {"signature_authentication_mode": None},
        {"redirect_urls": {"success": "javascript:alert(1)"}},
        {"fields": [{"type": "signature", "page": 1, "x": 1, "y": 1, "document_id": "x"}]},
        {"delivery_mode": "sms"},
    ],
    ids=lambda change: str(change)[-60:],
)
def test_a_wrong_signer_is_refused_and_not_added(yousign: Caller, change: dict[str, Any]) -> None:
    request_id = yousign.create()
    refused = yousign.add_signer(request_id, **change)
    assert refused.status_code == 400
    assert yousign.read(f"/signature_requests/{request_id}/signers") == []


@pytest.mark.parametrize("name", ["Anne-Laure", "O'Neill", "Ĺukasz", "Ÿ", "D`Arc (née Martin)"])
def test_real_names_pass(yousign: Caller, name: str) -> None:
    added = yousign.add_signer(yousign.create(), info=WITH_INFO | {"last_name": name})
    assert (added.status_code, added.json()["info"]["last_name"]) == (201, name)


@pytest.mark.parametrize("width", ["40x37", "85x20"])
def test_a_field_too_small_is_refused(yousign: Caller, width: str) -> None:
    request_id = yousign.create()
    document = yousign.upload(request_id, agreement()).json()["id"]
    wide, high = map(int, width.split("x"))
    place = {"type": "signature", "page": 1, "x": 1, "y": 1, "width": wide, "height": high}
    refused = yousign.add_signer(request_id, fields=[place | {"document_id": document}])
    assert refused.status_code == 400


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7\n%%EOF\n", agreement()[:900]])
def test_what_is_not_a_whole_pdf_is_refused(yousign: Caller, content: bytes) -> None:
    assert yousign.upload(yousign.create(), content).status_code == 400


@pytest.mark.parametrize(
    "parts", [{"nature": "contract"}, {"name": "a/b.pdf"}, {"parse_anchors": "oui"}, {"Name": "x"}]
)
def test_a_wrong_upload_is_refused(yousign: Caller, parts: dict[str, str]) -> None:
    assert yousign.upload(yousign.create(), agreement(), **parts).status_code == 400


def test_without_an_accepted_key_nothing_is_told(yousign: Caller) -> None:
    bare = yousign.client.get(f"{yousign.url}/signature_requests")
    wrong = yousign.call("GET", "/signature_requests", headers={"Authorization": "Bearer refusee"})
    assert (bare.status_code, wrong.status_code) == (401, 401)
    assert set(wrong.json()) == {"type", "detail"}


def test_a_test_can_say_which_keys_are_accepted(yousign: Caller) -> None:
    yousign.control.post("keys", {"accepted": ["nouvelle"]})
    assert yousign.get("/webhooks").status_code == 401
    assert yousign.call("GET", "/webhooks", headers={"Authorization": "Bearer nouvelle"}).status_code == 200


def test_refusals_have_the_shapes_of_the_provider(yousign: Caller) -> None:
    missing = yousign.get("/signature_requests/3c9f0c0e-8f0b-4b52-8f0d-0f3f2b0b7a11")
    assert (missing.status_code, set(missing.json())) == (404, {"type", "detail"})
    method = yousign.call("PUT", "/signature_requests", json={})
    assert (method.status_code, set(method.json())) == (405, {"message"})
    media = yousign.call("POST", "/signature_requests", content=b"{}", headers={"Content-Type": "text/plain"})
    assert (media.status_code, set(media.json())) == (415, {"type", "detail"})
    broken = yousign.call(
        "POST", "/signature_requests", content=b"{", headers={"Content-Type": "application/json"}
    )
    assert broken.status_code == 400


def test_every_answer_tells_the_limits(yousign: Caller) -> None:
    first, second = yousign.get("/webhooks"), yousign.get("/webhooks")
    name = "X-RateLimit-Remaining-Minute"
    assert int(second.headers[name]) <= int(first.headers[name])
    assert first.headers["X-RateLimit-Limit-Hour"] == "1200"


@pytest.mark.parametrize(
    "body", [{"reason": "changed my mind"}, {}, {"reason": "other", "custom_note": "x" * 501}]
)
def test_a_cancellation_needs_a_known_reason(yousign: Caller, body: dict[str, str]) -> None:
    started = yousign.start()
    assert yousign.post(f"/signature_requests/{started.id}/cancel", body).status_code == 400
    assert yousign.status(started)[0] == "ongoing"


def test_a_filter_that_is_not_known_is_refused(yousign: Caller) -> None:
    assert yousign.get("/signature_requests?externalid=x").status_code == 400
