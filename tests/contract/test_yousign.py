"""What only Yousign asks for: its words, its names, its hosts."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from connectors.signature.yousign import YousignConfig
from connectors.signature.yousign_answers import RemoteRequest, RemoteSigner, SignerInfo, sent_by_name
from connectors.signature.yousign_requests import file_name, human_name, plain, signer_body
from domain.errors import Permanent, Retryable
from domain.signature import Authentication, Level, RequestStatus, SignerStatus
from tests.contract import yousign
from tests.contract.orders import order, person
from tests.http.wire import Wire, answer, serving


def remote(ref: str, first: str, last: str, email: str) -> RemoteSigner:
    info = {"first_name": first, "last_name": last, "email": email}
    return RemoteSigner.model_validate({"id": ref, "status": "notified", "info": info})


ANNE = remote("a", "Anne", "Martin", "couple@example.org")
PAUL = remote("p", "Paul", "Martin", "couple@example.org")
ASKED = {
    "s1": SignerInfo(first_name="Anne", last_name="MARTIN", email="Couple@example.org"),
    "s2": SignerInfo(first_name="Paul", last_name="Martin", email="couple@example.org"),
}


def test_signers_who_share_an_address_are_told_apart_in_whatever_order_they_come() -> None:
    for listed in ([ANNE, PAUL], [PAUL, ANNE]):
        sent = sent_by_name("r", listed, ASKED)
        assert [(one.key, one.provider_ref) for one in sent.signers] == [("s1", "a"), ("s2", "p")]


@pytest.mark.parametrize(
    "listed",
    [
        [],
        [ANNE],
        [ANNE, ANNE],
        [ANNE, PAUL, remote("x", "Eve", "Martin", "eve@example.org")],
        [ANNE, remote("x", "Eve", "Martin", "eve@example.org")],
        [ANNE, PAUL.model_copy(update={"info": None})],
    ],
)
def test_signers_changed_at_yousign_are_for_a_person_to_look_at(listed: list[RemoteSigner]) -> None:
    with pytest.raises(Permanent) as raised:
        sent_by_name("r", listed, ASKED)
    assert raised.value.code == "yousign_signers_differ"
    assert "Martin" not in raised.value.detail


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Durand", "Durand"),
        ("  Le   Goff ", "Le Goff"),
        ("O’Neil", "O'Neil"),
        ("Saint‑Exupéry", "Saint-Exupéry"),
        ("Zoe\u0308", "Zoë"),
        ("Nguyễn", "Nguyên"),
        ("Ðorđe", "Dorđe"),
        ("J.-P. Dupont & Fils 2", "J -P Dupont Fils"),
        ("Țepeș", "Țepeș"),
        ("a\u202eb\u200bc", "abc"),
        ("ﬁlip", "filip"),
        ("½ Ⅳ", "IV"),
    ],
)
def test_names_keep_their_letters(written: str, sent: str) -> None:
    assert human_name(written) == sent


def test_texts_lose_markup_and_web_addresses_only() -> None:
    assert plain("Convention d'honoraires (n° 12), v2", 128) == "Convention d'honoraires (n 12), v2"
    assert plain("voir HTTPS://a.example/x?y ou www.b.example <b>gras</b>", 128) == "voir ou b gras b"
    assert plain("x" * 200, 128) == "x" * 128
    assert file_name("../Convention.pdf") == ".. Convention.pdf"
    assert file_name("") == "convention.pdf"
    assert len(file_name("é" * 300)) <= 128


@pytest.mark.parametrize(
    ("level", "authentication", "mode"),
    [
        (Level.SIMPLE, Authentication.NONE, ("electronic_signature", "no_otp")),
        (Level.SIMPLE, Authentication.EMAIL_CODE, ("electronic_signature", "otp_email")),
        (Level.SIMPLE, Authentication.SMS_CODE, ("electronic_signature", "otp_sms")),
        (Level.ADVANCED, Authentication.SMS_CODE, ("advanced_electronic_signature", "otp_sms")),
        (Level.ADVANCED, Authentication.IDENTITY, ("advanced_electronic_signature", "otp_sms")),
        (Level.QUALIFIED, Authentication.IDENTITY, ("qualified_electronic_signature", None)),
    ],
)
def test_level_and_authentication_are_yousigns_table(
    level: Level, authentication: Authentication, mode: tuple[str, str | None]
) -> None:
    body = signer_body(order(1, level=level), person(1, authentication))
    assert (body["signature_level"], body["signature_authentication_mode"]) == mode


def test_every_documented_status_has_its_word_and_no_other_is_guessed() -> None:
    expected = {
        "draft": RequestStatus.DRAFT,
        **dict.fromkeys(("ongoing", "approval", "paused"), RequestStatus.ONGOING),
        "done": RequestStatus.COMPLETED,
        **dict.fromkeys(("declined", "rejected"), RequestStatus.DECLINED),
        "expired": RequestStatus.EXPIRED,
        **dict.fromkeys(("canceled", "deleted"), RequestStatus.CANCELLED),
    }
    for word, status in expected.items():
        assert RemoteRequest.model_validate({"id": "x", "status": word}).status is status
    signers = {
        "initiated": SignerStatus.WAITING,
        "notified": SignerStatus.NOTIFIED,
        **dict.fromkeys(("verified", "consent_given", "processing"), SignerStatus.OPENED),
        "signed": SignerStatus.SIGNED,
        "declined": SignerStatus.DECLINED,
        **dict.fromkeys(("aborted", "error"), SignerStatus.FAILED),
    }
    for word, signer_status in signers.items():
        assert RemoteSigner.model_validate({"id": "x", "status": word}).status is signer_status
    odd: list[Any] = ["", "DONE", None, 1, [], {}]
    for word in odd:
        with pytest.raises(ValidationError):
            RemoteRequest.model_validate({"id": "x", "status": word})


def test_a_search_that_does_not_filter_never_passes_for_an_empty_one() -> None:
    stranger = {"id": "x", "status": "ongoing", "external_id": "somebody-else"}
    with serving(answer(200, json.dumps({"data": [stranger]}).encode())) as wire:
        with pytest.raises(Retryable):
            yousign.build(wire.url, ()).send(order(1), again=True)
        assert wire.methods == ["GET"]


def test_subscriptions_go_to_the_production_host_of_the_sandbox() -> None:
    config = YousignConfig(api_key=SecretStr("k"), url="https://api-sandbox.yousign.app/v3")
    assert config.subscription_url == "https://api.yousign.app/v3"
    other = config.model_copy(update={"webhook_url": "https://elsewhere.example/v3"})
    assert other.subscription_url == "https://elsewhere.example/v3"
    local = config.model_copy(update={"url": "http://127.0.0.1:1/yousign/v3"})
    assert local.subscription_url == local.url


def test_moments_are_read_with_their_zone() -> None:
    read = RemoteRequest.model_validate(
        {"id": "x", "status": "done", "completed_at": "2026-03-01T13:00:00+01:00"}
    )
    assert read.completed_at == datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_what_was_sent_is_found_again_whatever_the_order_of_its_signers() -> None:
    asked = order(2)
    request = {"id": "r", "status": "ongoing", "external_id": asked.reference}
    infos = [signer_body(asked, signer)["info"] for signer in asked.signers]
    signers = [{"id": f"id{n}", "status": "notified", "info": infos[n]} for n in (1, 0)]

    def handle(wire: Wire, connection: socket.socket) -> None:
        listed = b"/signers" in wire.received[-1].split(b"\r\n", 1)[0]
        answer(200, json.dumps(signers if listed else {"data": [request]}).encode())(wire, connection)

    with serving(handle) as wire:
        sent = yousign.build(wire.url, ()).send(asked, again=True)
    assert [(one.key, one.provider_ref) for one in sent.signers] == [("s1", "id0"), ("s2", "id1")]
