"""What only DocuSign asks for: its identity, its limits in a 400, what expired and what was voided, its own
specimen of a message."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from connectors.signature.docusign import Docusign
from connectors.signature.docusign_answers import Envelope
from connectors.signature.docusign_requests import Means, envelope, human_name, transaction_id, void_reason
from connectors.signature.docusign_session import DocusignConfig
from domain.errors import Permanent, Refused, Retryable, Unknown
from domain.signature import Authentication, CallbackKind, Level, RequestStatus, SignerStatus, Verdict
from tests.contract import docusign
from tests.contract.conftest import Scene
from tests.contract.orders import order, person
from tests.contract.providers import CASES, SECRET
from tests.fixtures.sandbox import Sandbox
from tests.fixtures.services import services
from tests.http.wire import answer, serving

NOWHERE = "http://127.0.0.1:9"
only_docusign = pytest.mark.parametrize(
    "case", [one for one in CASES if one.name == "docusign"], ids=["docusign"]
)


def with_key(pem: str) -> DocusignConfig:
    return DocusignConfig(integration_key="i", user_id="u", private_key=SecretStr(pem))


def remote(status: str, **more: Any) -> Envelope:
    return Envelope.model_validate({"envelopeId": "e", "status": status, **more})


@pytest.mark.parametrize(
    ("reason", "voided", "expires", "expected"),
    [
        ("Envelope has expired.", "2026-03-31T12:00:30Z", "2026-03-31T12:00:00Z", RequestStatus.EXPIRED),
        ("Cette enveloppe a expiré", None, None, RequestStatus.EXPIRED),
        ("Cette enveloppe a expiré", "2026-03-31T11:00:00Z", "2026-03-31T12:00:00Z", RequestStatus.EXPIRED),
        ("autre langue", "2026-03-31T12:00:30.1234567Z", "2026-03-31T12:00:00Z", RequestStatus.EXPIRED),
        (
            "Notre offre expire trop tôt",
            "2026-03-02T12:00:00Z",
            "2026-03-31T12:00:00Z",
            RequestStatus.CANCELLED,
        ),
        ("Erreur de prix", "2026-03-31T11:00:00Z", "2026-03-31T12:00:00Z", RequestStatus.CANCELLED),
        ("Erreur de prix", "", "", RequestStatus.CANCELLED),
        (None, None, None, RequestStatus.CANCELLED),
        (
            void_reason("délai expiré"),
            "2026-04-01T12:00:00Z",
            "2026-03-31T12:00:00Z",
            RequestStatus.CANCELLED,
        ),
    ],
)
def test_what_expired_is_told_from_what_was_voided(
    reason: str | None, voided: str | None, expires: str | None, expected: RequestStatus
) -> None:
    found = remote("voided", voidedReason=reason, voidedDateTime=voided, expireDateTime=expires)
    assert found.status is expected


def test_every_documented_status_has_its_word_and_no_other_is_guessed() -> None:
    words = {
        "created": RequestStatus.DRAFT,
        **dict.fromkeys(("sent", "delivered", "signed", "correct", "processing"), RequestStatus.ONGOING),
        "completed": RequestStatus.COMPLETED,
        "declined": RequestStatus.DECLINED,
        **dict.fromkeys(("voided", "deleted"), RequestStatus.CANCELLED),
    }
    for word, status in words.items():
        assert remote(word).status is remote(word.capitalize()).status is status
    signers = {
        "created": SignerStatus.WAITING,
        **dict.fromkeys(("sent", "autoresponded", "faxpending"), SignerStatus.NOTIFIED),
        "delivered": SignerStatus.OPENED,
        **dict.fromkeys(("signed", "completed"), SignerStatus.SIGNED),
        "declined": SignerStatus.DECLINED,
    }
    for word, signer_status in signers.items():
        recipients = {"signers": [{"recipientId": "1", "status": word, "signedDateTime": None}]}
        (signer,) = remote("sent", recipients=recipients).progress().signers
        assert signer.status is signer_status
    odd_words: list[Any] = ["", "expired", None, 1, [], {}]
    for odd in odd_words:
        with pytest.raises(ValidationError):
            Envelope.model_validate({"envelopeId": "e", "status": odd})


def test_an_envelope_says_all_in_texts_and_lets_nobody_else_sign() -> None:
    asked = order(2)
    made = envelope(asked, datetime.now(UTC).date(), Means())

    def leaves(node: Any) -> list[Any]:
        if isinstance(node, dict):
            return [leaf for one in node.values() for leaf in leaves(one)]
        return [leaf for one in node for leaf in leaves(one)] if isinstance(node, list) else [node]

    assert all(isinstance(leaf, str) for leaf in leaves(made))
    assert made["allowReassign"] == made["enableWetSign"] == made["envelopeIdStamping"] == "false"
    assert made["notification"]["reminders"] == {"reminderEnabled": "false"}
    assert made["notification"]["expirations"]["expireAfter"] == "30"
    assert made["transactionId"] == transaction_id(asked.reference) != transaction_id(asked.reference + "x")


@pytest.mark.parametrize(
    ("written", "sent"),
    [("  Le   Goff ", "Le Goff"), ("Zoe\u0308", "Zoë"), ("Иван", "Иван"), ("a\u202eb\x00c<i>", "ab c i")],
)
def test_names_keep_their_letters(written: str, sent: str) -> None:
    assert human_name(written) == sent


@pytest.mark.parametrize(
    "code", ["HOURLY_APIINVOCATION_LIMIT_EXCEEDED", "BURST_APIINVOCATION_LIMIT_EXCEEDED"]
)
@only_docusign
def test_a_limit_told_in_a_400_is_waited_for(scene: Scene, code: str) -> None:
    asked = order(1)
    for headers, least in (({}, 30), ({"Retry-After": "7"}, 7)):
        body = {"errorCode": code, "message": "The maximum number of API invocations has been exceeded."}
        scene.control.fault("error", "POST", r"/envelopes$", status=400, headers=headers, body=body)
        with pytest.raises(Retryable) as raised:
            scene.provider.send(asked, again=False)
        assert not isinstance(raised.value, Unknown)
        assert raised.value.after is not None
        assert raised.value.after >= least
    assert scene.provider.send(asked, again=True).provider_ref in scene.hands.live(asked.reference)


@only_docusign
def test_consent_that_is_missing_is_told_with_the_page_on_which_to_give_it(scene: Scene) -> None:
    scene.control.post("account", {"has_consent": False})
    with pytest.raises(Permanent) as raised:
        scene.provider.send(order(1), again=False)
    assert raised.value.code == "docusign_consent_required"
    line = scene.provider.check()[0]
    page = line.text.split()[-1]
    assert (line.ok, page.startswith(f"{scene.url}/oauth/auth?")) == (False, True)
    assert "scope=signature%20impersonation" in page

    form = scene.control.client.get(page)
    assert form.status_code == 200
    target = {"redirect_uri": "https://www.docusign.com"}
    assert scene.control.client.post(page.split("?")[0], data=target).status_code == 302
    assert scene.provider.check()[0].ok


@only_docusign
def test_one_token_serves_until_it_is_revoked(scene: Scene) -> None:
    sent = scene.provider.send(order(1), again=False)
    scene.provider.progress(sent.provider_ref)
    assert len(scene.control.requests("POST", "/oauth/token")) == 1
    scene.control.post("tokens", {})
    assert scene.provider.progress(sent.provider_ref).status is RequestStatus.ONGOING
    assert len(scene.control.requests("POST", "/oauth/token")) == 2


@only_docusign
def test_the_address_of_the_account_is_found_or_set(scene: Scene) -> None:
    mine = {"account_id": "bac0a5ab-1e00-4000-8000-000000000003", "base_url": f"{scene.url}/restapi/"}
    assert Docusign(docusign.config(scene.url, **mine), services()).check()[0].ok
    assert not scene.control.requests("GET", "/oauth/userinfo")
    stranger = Docusign(docusign.config(scene.url, account_id="of-somebody-else"), services())
    assert "PARAPHE_DOCUSIGN_ACCOUNT_ID" in stranger.check()[0].text


@only_docusign
def test_an_account_without_codes_by_sms_says_so_before_anything_is_sent(scene: Scene) -> None:
    scene.control.post("account", {"has_phone_workflow": False})
    signer = person(1, Authentication.SMS_CODE)
    with pytest.raises(Refused) as raised:
        scene.provider.send(order(1, signers=(signer,)), again=False)
    assert raised.value.code == "capability_missing"
    assert scene.hands.invitations() == 0
    assert "pas ouvert" in scene.provider.check()[0].text


@only_docusign
def test_levels_above_simple_are_sold_through_the_signature_provider_that_is_named(scene: Scene) -> None:
    names = {"advanced_provider": "bac_a_sable_avance", "qualified_provider": "bac_a_sable_qualifie"}
    able = Docusign(docusign.config(scene.url, **names), services())
    for level, check in (
        (Level.ADVANCED, Authentication.SMS_CODE),
        (Level.QUALIFIED, Authentication.IDENTITY),
    ):
        asked = order(1, level=level, signers=(person(1, check),))
        with pytest.raises(Refused) as raised:
            scene.provider.send(asked, again=False)
        assert raised.value.code == "capability_missing"
        assert able.send(asked, again=False).provider_ref in scene.hands.live(asked.reference)


@only_docusign
def test_signers_changed_at_docusign_are_for_a_person_to_look_at(scene: Scene) -> None:
    asked = order(2)
    scene.provider.send(asked, again=False)
    changed = replace(asked, signers=(replace(asked.signers[0], email="eve@example.org"), asked.signers[1]))
    with pytest.raises(Permanent) as raised:
        scene.provider.send(changed, again=True)
    assert raised.value.code == "docusign_signers_differ"
    assert "eve" not in raised.value.detail


@only_docusign
def test_what_is_remembered_no_more_is_found_by_its_reference(scene: Scene) -> None:
    """The transaction is forgotten after seven days: the custom field is what remains."""
    asked = order(1)
    sent = scene.provider.send(asked, again=False)
    none = {"resultSetSize": "0"}
    scene.control.fault("error", "GET", r"/envelopes$", status=200, body=none)
    assert scene.provider.send(asked, again=True) == sent


def test_an_envelope_found_by_its_transaction_is_taken_in_either_form() -> None:
    """The stand-in tells it by the transaction alone; this is the other form that the description allows."""
    asked = order(1)
    found = {
        "envelopeId": "e",
        "status": "sent",
        "sentDateTime": "2026-03-01T12:00:00Z",
        "customFields": {"textCustomFields": [{"name": "external_id", "value": asked.reference}]},
        "recipients": {
            "signers": [
                {
                    "recipientId": "1",
                    "status": "sent",
                    "name": "Claire Durand",
                    "email": "Signataire1@example.org",
                }
            ]
        },
    }
    page = {"access_token": "t", "envelopes": [found]}
    with serving(answer(200, json.dumps(page).encode())) as wire:
        connector = Docusign(docusign.config(wire.url, account_id="a", base_url=wire.url), services())
        sent = connector.send(asked, again=True)
        assert wire.methods == ["POST", "GET"], "the token and one search"
    assert (sent.provider_ref, [one.provider_ref for one in sent.signers]) == ("e", ["1"])


def test_a_search_that_does_not_filter_never_passes_for_an_empty_one() -> None:
    stranger = {"envelopeId": "x", "status": "sent", "sentDateTime": "2026-03-01T12:00:00Z"}
    page = {"access_token": "t", "resultSetSize": "1", "envelopes": [stranger]}
    with serving(answer(200, json.dumps(page).encode())) as wire:
        connector = Docusign(docusign.config(wire.url, account_id="a", base_url=wire.url), services())
        with pytest.raises(Retryable) as raised:
            connector.send(order(1), again=True)
    assert raised.value.code == "docusign_search_unreliable"


def test_a_repeat_that_counts_itself_is_the_same_event() -> None:
    connector = docusign.build(NOWHERE, (SECRET,))
    for event in ("recipient-completed", "envelope-completed"):
        first, again = docusign.callback(event), docusign.callback(event, repeat=3)
        assert first != again
        assert connector.event_key({}, first) == connector.event_key({}, again)
    other = docusign.callback("recipient-completed").replace(b'"recipientId": "1"}', b'"recipientId": "2"}')
    assert connector.event_key({}, other) != connector.event_key({}, docusign.callback("recipient-completed"))


def test_docusigns_documented_signature_is_ours() -> None:
    vector = json.loads(Path("tests/vectors/docusign/signature.json").read_text(encoding="utf-8"))
    connector, raw = docusign.build(NOWHERE, (vector["secret"],)), vector["body"].encode()
    for rank, expected in (("1", Verdict.VERIFIED), ("17", Verdict.VERIFIED), ("x", Verdict.INVALID)):
        headers = {"X-DocuSign-Signature-2": "", f"X-DocuSign-Signature-{rank}": vector["header"]}
        assert connector.verify(headers, raw) is expected


def test_docusigns_own_specimen_of_a_message_is_read() -> None:
    specimen = json.loads(Path("tests/specs/docusign-connect-v2.1.sample-message.json").read_text("utf-8"))
    connector = docusign.build(NOWHERE, (SECRET,))
    assert connector.parse(json.dumps(specimen).encode()) == ()
    told = {"event": "recipient-completed", "generatedDateTime": "2026-03-01T12:00:00.1234567Z"}
    data = specimen["data"] | {"envelopeId": docusign.ENVELOPE, "recipientId": docusign.RECIPIENT_GUID}
    summary = data["envelopeSummary"]
    summary["recipients"]["signers"][0] |= {"recipientIdGuid": docusign.RECIPIENT_GUID, "recipientId": "2"}
    summary["customFields"]["textCustomFields"][0] |= {"name": "external_id", "value": "cv_0193.1"}
    (callback,) = connector.parse(json.dumps(specimen | told | {"data": data}).encode())
    assert (callback.kind, callback.provider_ref) == (CallbackKind.MOVED, docusign.ENVELOPE)
    assert (callback.reference, callback.signer_ref) == ("cv_0193.1", "2")
    assert callback.occurred_at == datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def test_a_private_key_is_checked_before_the_hub_starts() -> None:
    pem = docusign.another_key()
    one_line = with_key(pem.replace("\n", "\\n"))
    assert one_line.private_key.get_secret_value().strip() == pem.strip()
    for wrong in ("", "MIIE", pem[:200], "-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----"):
        with pytest.raises(ValidationError) as raised:
            with_key(wrong)
        assert "clé privée RSA" in str(raised.value)


def test_an_expired_envelope_is_not_cancelled_twice(sandbox: Sandbox) -> None:
    connector = docusign.build(f"{sandbox.url}/docusign", ())
    sent = connector.send(order(1, expires_on=datetime.now(UTC).date() + timedelta(days=3)), again=False)
    sandbox.control("docusign").post("expire", {"signature_request": sent.provider_ref})
    connector.cancel(sent.provider_ref, "trop tard")
    assert connector.progress(sent.provider_ref).status is RequestStatus.EXPIRED
