"""The DocuSign stand-in: what it takes and refuses, its pages, its seal, its queue of messages."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import re
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pypdfium2
import pytest
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from sandbox.docusign.connect import Connect, Delivery
from sandbox.docusign.state import Envelope, Signer, State
from tests.fixtures.sandbox import Sandbox
from tests.sandbox.docusign_caller import CONFIGURATION, GRANT, Caller, assertion, by_sms, envelope, signer
from tests.sandbox.receiver import receiving

KEYS = ("premiere-cle", "seconde-cle")
_ASKED = {
    **{"emailSubject": "x", "transactionId": None, "enableWetSign": "false", "allowReassign": "false"},
    **{"envelopeIdStamping": "false", "notification": {"expirations": {"expireAfter": "30"}}},
}


@pytest.fixture
def docusign(sandbox: Sandbox) -> Caller:
    return Caller.of(sandbox)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


@pytest.mark.parametrize(
    ("changes", "error", "told"),
    [
        ({"iss": "of-somebody-else"}, "invalid_grant", "issuer_not_found"),
        ({"sub": "of-somebody-else"}, "invalid_grant", "user_not_found"),
        ({"aud": "account.docusign.com"}, "invalid_grant", "no_valid_keys_or_signatures"),
        ({"exp": int(time.time()) - 1}, "invalid_grant", "no_valid_keys_or_signatures"),
        ({"exp": int(time.time()) + 9000}, "invalid_grant", "expired_or_too_long"),
        ({"scope": "signature"}, "invalid_grant", "invalid_scope"),
    ],
)
def test_a_token_is_given_to_the_right_assertion_alone(
    docusign: Caller, changes: dict[str, Any], error: str, told: str
) -> None:
    made = assertion(urlsplit(docusign.url).netloc, **changes)
    answer = docusign.client.post(
        f"{docusign.url}/oauth/token", data={"grant_type": GRANT, "assertion": made}
    )
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.json()["error_description"] == told


def test_what_docusign_would_not_take_is_refused_with_its_code(docusign: Caller) -> None:
    document = envelope()["documents"][0]
    anchored = {"signHereTabs": [{"anchorString": "{{s7|signature|170|74}}"}]}
    no_pdf = document | {"documentBase64": base64.b64encode(b"%PDF-1.7 nothing").decode()}
    elsewhere = by_sms()["identityVerification"] | {"workflowId": "of-another-account"}
    for body, code in (
        (envelope(emailSubject="x" * 101), "INVALID_REQUEST_BODY"),
        (envelope(signer(routingOrder=1)), "INVALID_REQUEST_BODY"),
        (envelope(signer(email="nobody")), "INVALID_REQUEST_BODY"),
        (envelope(signer(), signer()), "INVALID_REQUEST_BODY"),
        (envelope(unheardOf="true"), "INVALID_REQUEST_BODY"),
        (envelope(notification={"useAccountDefaults": False}), "INVALID_REQUEST_BODY"),
        (envelope(documents=[no_pdf]), "UNABLE_TO_LOAD_DOCUMENT"),
        (envelope(signer(tabs=anchored)), "ANCHOR_TAB_STRING_NOT_FOUND"),
        (envelope(signer(tabs={"signHereTabs": [{}]})), "TAB_PAGE_NUMBER_NOT_SPECIFIED"),
        (envelope(signer(identityVerification=elsewhere)), "INVALID_REQUEST_PARAMETER"),
    ):
        answer = docusign.call("POST", "/envelopes", body)
        assert (answer.status_code, answer.json()["errorCode"]) == (400, code), answer.text
    assert docusign.call("GET", "/envelopes").json()["errorCode"] == "INVALID_REQUEST_PARAMETER"
    docusign.control.post("tokens", {})
    assert docusign.call("GET", "/connect").json()["errorCode"] == "AUTHORIZATION_INVALID_TOKEN"


def test_a_signer_reads_accepts_and_confirms_with_the_code_received(docusign: Caller) -> None:
    ref = docusign.send(signer(1, **by_sms()), signer(2))
    first, second = docusign.links(ref)
    client = docusign.client
    assert "Ce n’est pas encore votre tour" in client.get(second).text
    assert "Convention d&#39;honoraires, page 1" in client.get(first).text
    assert docusign.call("GET", f"/envelopes/{ref}").json()["status"] == "delivered"

    page = client.post(f"{first}/consent", follow_redirects=True).text
    assert "+33 •• •• •• 01" in page
    (code,) = re.findall(r"data-code>(\d{6})<", page)
    wrong = client.post(f"{first}/sign", data={"code": "1" * 6 if code != "1" * 6 else "2" * 6})
    assert wrong.status_code == 422
    assert (
        "votre signature est enregistrée"
        in client.post(f"{first}/sign", data={"code": code}, follow_redirects=True).text
    )
    client.post(f"{second}/consent", follow_redirects=True)
    assert "le document est signé" in client.post(f"{second}/sign", follow_redirects=True).text
    assert docusign.call("GET", f"/envelopes/{ref}").json()["status"] == "completed"


def test_the_sealed_document_is_trusted_and_the_certificate_names_all(docusign: Caller) -> None:
    ref = docusign.send(signer(1), signer(2, name="Anne Šárka"))
    docusign.control.post("sign", {"signature_request": ref, "signer": "all"})
    sealed = docusign.call("GET", f"/envelopes/{ref}/documents/combined").content
    pem = docusign.client.get(f"{docusign.control.url}/_control/ca.pem").content
    trust = ValidationContext(trust_roots=list(load_certs_from_pemder_data(pem)), allow_fetching=False)
    (seal,) = PdfFileReader(io.BytesIO(sealed)).embedded_regular_signatures
    status = validate_pdf_signature(seal, trust, trust)
    assert status.bottom_line
    assert status.trusted
    assert "BAC À SABLE, SANS VALEUR" in text_of(sealed)

    shown = text_of(docusign.call("GET", f"/envelopes/{ref}/documents/certificate").content)
    assert "BAC À SABLE, SANS VALEUR" in shown
    for part in ("Hélène D'Aubigné-Lefèvre", "helene1@example.org", "Anne Šárka", "helene2@example.org", ref):
        assert part in shown
    compact = re.sub(r"\s", "", shown)
    assert hashlib.sha256(sealed).hexdigest() in compact
    (events,) = docusign.call("GET", f"/envelopes/{ref}/audit_events").json().values()
    actions = [field["value"] for one in events for field in one["eventFields"] if field["name"] == "Action"]
    assert actions.count("Signed Envelope") == 2
    assert actions[-1] == "Completed Envelope"


def test_messages_are_signed_by_every_active_key_and_queue_behind_the_one_that_fails() -> None:
    state = State()
    state.connect_keys = list(KEYS)
    sent = Envelope(_ASKED, "c.pdf", b"", "", [Signer(signer(), (), None)], datetime.now(UTC), status="sent")
    with receiving() as receiver:
        receiver.statuses = [503, 500]
        asked = CONFIGURATION | {"connectId": "10000", "urlToPublishTo": receiver.url}
        state.configurations["10000"] = asked
        connect = Connect(state, 1e-7)  # a day in nine milliseconds
        for event in ("envelope-sent", "recipient-sent", "envelope-completed"):
            connect.emit(event, sent, sent.signers[0] if event.startswith("recipient") else None)
        calls = receiver.wait_for(5)
        connect.clear()
    told = [(call.event["event"], call.event["retryCount"]) for call in calls]
    assert told == [
        *(("envelope-sent", count) for count in range(3)),
        ("recipient-sent", 0),
        ("envelope-completed", 0),
    ]
    for call in calls:
        for rank, key in enumerate(KEYS, 1):
            made = base64.b64encode(hmac.new(key.encode(), call.raw, hashlib.sha256).digest()).decode()
            assert call.headers[f"X-DocuSign-Signature-{rank}"] == made
    assert calls[3].event["data"]["recipientId"] == "1"


def test_a_message_is_given_up_after_ten_more_days() -> None:
    away = Delivery("10000", "http://127.0.0.1:9", (), True, True, "envelope-sent", "e", {})
    assert [away.attempt() for _ in range(11)] == [86_400.0] * 10 + [None]
    assert away.outcome == "failed"


def test_without_its_settings_a_configuration_sends_xml_unsigned_once_or_nothing(docusign: Caller) -> None:
    with receiving() as receiver, receiving() as silent:
        receiver.statuses = [500]
        bare = {"eventData": {"includeData": []}, "includeHMAC": "false", "requiresAcknowledgement": "false"}
        docusign.subscribe(receiver.url, **bare)
        docusign.subscribe(silent.url, allowEnvelopePublish="false")
        docusign.send()
        calls = receiver.wait_for(2)  # envelope-sent is not repeated, recipient-sent follows
        assert silent.calls == []
    assert all(call.raw.startswith(b"<?xml") for call in calls)
    assert not any(name.startswith("X-DocuSign-Signature") for call in calls for name in call.headers)
    outcomes = [one["status"] for one in docusign.control.get("deliveries")]
    assert outcomes[0] == "failed"


def test_a_message_can_be_forgotten_doubled_spoiled_or_unknown(docusign: Caller) -> None:
    with receiving() as receiver:
        docusign.subscribe(receiver.url)
        docusign.control.post("webhooks", {"mode": "forget", "events": ["envelope-sent"]})
        docusign.control.post("webhooks", {"mode": "duplicate", "events": ["recipient-sent"]})
        ref = docusign.send()
        calls = receiver.wait_for(2)
        assert [call.event["event"] for call in calls] == ["recipient-sent"] * 2
        assert calls[0].raw == calls[1].raw
        docusign.control.post(
            "deliver", {"signature_request": ref, "event_name": "recipient-sent", "corrupt": True}
        )
        docusign.control.post("deliver", {"signature_request": ref, "unknown": True})
        *_, spoiled = receiver.wait(lambda calls: any("bac-a-sable" in c.event["event"] for c in calls))[:3]
    assert spoiled.headers["X-DocuSign-Signature-1"] != calls[0].headers["X-DocuSign-Signature-1"]
