"""What only Acrobat Sign asks for: a document prepared later, entity tags, an account that moves, a webhook
that dies, and one status for refused and cancelled."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.signature import adobe_sign_answers as answers
from connectors.signature.adobe_sign_api import AdobeSignConfig
from connectors.signature.adobe_sign_requests import agreement_body, file_name, participant_set
from connectors.signature.adobe_sign_shapes import Agreement, Events, Members
from documents.pdf import inspect
from domain.errors import Permanent, Retryable, Unknown
from domain.signature import Authentication, Order, RequestStatus, SignerStatus, Verdict
from sandbox.adobe_sign.webhooks import MAX_SECONDS, delay_after
from tests.contract import adobe_sign
from tests.contract.conftest import Scene
from tests.contract.orders import order, pdf, person
from tests.contract.providers import CASES, SECRET
from tests.http.wire import answer, serving

only_here = pytest.mark.parametrize("case", [next(one for one in CASES if one.name == "adobe_sign")])


@only_here
def test_a_document_still_being_prepared_is_waited_for_and_sent_once(scene: Scene) -> None:
    scene.control.post("preparing", {"looks": 3})
    asked = order(2)
    for again in (False, True, True):
        with pytest.raises(Retryable) as raised:
            scene.provider.send(asked, again=again)
        assert (raised.value.code, raised.value.after) == ("adobe_sign_preparing", 5)
        assert not isinstance(raised.value, Unknown)
    sent = scene.provider.send(asked, again=True)
    assert all(signer.link for signer in sent.signers)
    assert scene.hands.live(asked.reference) == [sent.provider_ref]
    assert scene.hands.invitations() == 2


@only_here
def test_a_document_that_adobe_cannot_convert_is_for_a_person_to_look_at(scene: Scene) -> None:
    asked = order(1, pdf=b"%PDF-1.7 not a document")
    for again in (False, True):
        with pytest.raises(Permanent) as raised:
            scene.provider.send(asked, again=again)
        assert raised.value.code == "adobe_sign_conversion_failed"
    assert len(scene.hands.live(asked.reference)) == 1, "not made again and again"
    assert scene.provider.find(asked.reference) is None


@only_here
@pytest.mark.parametrize("path", [r"/agreements/[^/]+$", r"/members$", r"/signingUrls$"])
def test_what_cannot_be_read_after_the_creation_is_read_at_the_next_try(scene: Scene, path: str) -> None:
    scene.control.fault("cut_after", "GET", path)
    asked = order(2)
    with pytest.raises(Retryable):
        scene.provider.send(asked, again=False)
    sent = scene.provider.send(asked, again=True)
    assert scene.hands.live(asked.reference) == [sent.provider_ref]
    assert scene.hands.invitations() == 2


@only_here
def test_an_account_that_moved_is_asked_where_it_lives_and_nothing_is_lost(scene: Scene) -> None:
    scene.provider.check()
    scene.control.post("moved", {})
    sent = scene.provider.send(order(1), again=False)
    assert scene.provider.progress(sent.provider_ref).status is RequestStatus.ONGOING
    assert len(scene.control.requests("GET", "/api/rest/v6/baseUris")) == 2
    assert len(scene.control.requests("POST", "/oauth/v2/refresh")) == 1, "one token for all"


@only_here
def test_a_token_that_died_is_replaced_and_an_integration_key_needs_none(scene: Scene) -> None:
    scene.provider.check()
    scene.control.reset()  # forgets the token too
    assert all(line.ok for line in scene.provider.check())
    scene.control.reset()
    assert adobe_sign.with_key(scene.url, "cle-du-bac-a-sable").check()[0].ok
    assert scene.control.requests("POST", "/oauth/v2/refresh") == []
    refused = adobe_sign.with_key(scene.url, "refusee").check()
    assert [line.ok for line in refused] == [False]


@only_here
def test_what_was_read_before_is_asked_with_its_tag(scene: Scene) -> None:
    sent = scene.provider.send(order(1), again=False)
    first = scene.provider.progress(sent.provider_ref)
    before = len(scene.control.requests())
    assert scene.provider.progress(sent.provider_ref) == first
    assert [one["status"] for one in scene.control.requests()[before:]] == [304] * 3
    scene.control.post("open", {"signature_request": sent.provider_ref})
    (signer,) = scene.provider.progress(sent.provider_ref).signers
    assert signer.status is SignerStatus.OPENED, "told by the events, not by a callback"


@only_here
def test_a_change_that_comes_too_late_is_made_from_a_new_reading(scene: Scene) -> None:
    sent = scene.provider.send(order(1), again=False)
    scene.control.post("changed", {"times": 5})
    with pytest.raises(Retryable):
        scene.provider.cancel(sent.provider_ref, "")
    scene.provider.cancel(sent.provider_ref, "Erreur")
    statuses = [one["status"] for one in scene.control.requests("PUT")]
    assert statuses == [412] * 5 + [204]


@only_here
def test_the_wait_that_adobe_asks_for_in_its_body_is_kept(scene: Scene) -> None:
    sent = scene.provider.send(order(1), again=False)
    for wait, after in (("41", 41), ("1e9", 3600), ("0", None), ('"41"', None), ("NaN", None), ("[]", None)):
        body = f'{{"code": "THROTTLING_TOO_MANY_REQUESTS", "message": "x", "retryAfter": {wait}}}'
        scene.control.fault("error", "GET", status=429, body=body)
        with pytest.raises(Retryable) as raised:
            scene.provider.progress(sent.provider_ref)
        assert raised.value.after == after


@only_here
@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (403, "PHONE_AUTH_LIMIT_EXCEEDED", "adobe_sign_quota_exhausted"),
        (404, "TRANSIENT_RESOURCE_VIRUS_DETECTED", "adobe_sign_document_refused"),
        (403, "PERMISSION_DENIED", "adobe_sign_forbidden"),
    ],
)
def test_a_refusal_that_a_person_can_mend_says_what_to_mend(
    scene: Scene, status: int, code: str, expected: str
) -> None:
    body = {"code": code, "message": "x"}
    scene.control.fault("error", "POST", r"/transientDocuments$", status=status, body=body)
    with pytest.raises(Permanent) as raised:
        scene.provider.send(order(1), again=False)
    assert raised.value.code == expected


@only_here
def test_a_tag_that_was_not_read_shows_in_the_number_of_pages(scene: Scene) -> None:
    asked = order(2, pdf=pdf(1))  # the connector was told a place that the document does not have
    sent = scene.provider.send(asked, again=False)
    for signer in sent.signers:
        scene.hands.sign(sent.provider_ref, signer.provider_ref)
    assert inspect(scene.provider.signed_file(sent.provider_ref)).pages == 2


@only_here
def test_a_search_that_does_not_filter_takes_over_nobodys_agreement(scene: Scene) -> None:
    other = scene.provider.send(order(1), again=False)
    unfiltered = {"userAgreementList": [{"id": other.provider_ref}], "page": {}}
    scene.control.fault("error", "GET", r"/agreements$", status=200, body=unfiltered)
    with pytest.raises(Retryable) as raised:
        scene.provider.send(order(1), again=True)
    assert raised.value.code == "adobe_sign_search_unreliable"


@only_here
def test_a_webhook_needs_the_echo_is_made_once_and_enabled_again_when_it_died(scene: Scene) -> None:
    with serving(answer(200)) as deaf, pytest.raises(Permanent):
        scene.provider.subscribe(f"{deaf.url}/callbacks")
    with serving(answer(204, b"", **scene.provider.echo(adobe_sign.sign(b"", "")))) as hub:
        told = scene.provider.subscribe(f"{hub.url}/callbacks")
        assert SECRET not in told, "what is set already is not told again"
        assert scene.provider.subscribe(f"{hub.url}/callbacks") == told
        (listed,) = _webhooks(scene)
        assert listed["webhookUrlInfo"]["url"] == f"{hub.url}/callbacks?token={SECRET}"
        assert listed["scope"] == "ACCOUNT"
        _disable(scene, listed["id"])
        assert [line.ok for line in scene.provider.check()] == [True, False]
        assert scene.provider.subscribe(f"{hub.url}/callbacks") == told
        assert [one["status"] for one in _webhooks(scene)] == ["ACTIVE"]
        assert all(line.ok for line in scene.provider.check())


def _webhooks(scene: Scene) -> list[dict[str, Any]]:
    url = f"{scene.control.url}/api/rest/v6/webhooks?showInActiveWebhooks=true"
    found: list[dict[str, Any]] = scene.control.client.get(url, headers=_KEY).json()["userWebhookList"]
    return found


def _disable(scene: Scene, webhook_id: str) -> None:
    url = f"{scene.control.url}/api/rest/v6/webhooks/{webhook_id}"
    headers = _KEY | {"If-Match": scene.control.client.get(url, headers=_KEY).headers["ETag"]}
    scene.control.client.put(f"{url}/state", json={"state": "INACTIVE"}, headers=headers).raise_for_status()


_KEY = {"Authorization": "Bearer cle-du-bac-a-sable"}


def test_adobes_tries_double_from_a_minute_to_half_a_day_for_three_days() -> None:
    delays = [delay_after(tries) for tries in range(1, 20)]
    assert delays[:3] == [60, 120, 240]
    known = [one for one in delays if one is not None]
    assert max(known) <= 12 * 3600
    assert sum(known) <= MAX_SECONDS
    assert delays[14:] == [None] * 5


def test_a_caller_is_known_by_its_address_and_by_an_accepted_client_id() -> None:
    connector = adobe_sign.build("http://127.0.0.1:9", (SECRET,))
    for client, token, verdict in (
        ("CBJCHBCAABAAother", SECRET, Verdict.VERIFIED),
        ("another-application", SECRET, Verdict.VERIFIED),
        ("somebody-else", SECRET, Verdict.INVALID),
        ("", SECRET, Verdict.INVALID),
        (adobe_sign.CLIENT_ID, "", Verdict.INVALID),
        (adobe_sign.CLIENT_ID, "a-guess", Verdict.INVALID),
    ):
        headers = {"x-adobesign-clientid": client, ":query": f"a=b&token={token}"}
        assert connector.verify(headers, b"{}") is verdict, (client, token)
    weak = adobe_sign.build("http://127.0.0.1:9", ("abc",))
    headers = adobe_sign.sign(b"", "abc")
    assert weak.verify(headers, b"{}") is Verdict.NOT_CONFIGURED, "a token that can be guessed is none"
    # a header cannot stand for the address
    forged = {"X-AdobeSign-ClientId": adobe_sign.CLIENT_ID, "query": f"token={SECRET}", "token": SECRET}
    assert connector.verify(forged, b"{}") is Verdict.INVALID
    assert connector.echo({"x-adobesign-clientid": "CBJCHBCAABAAother"}) == {
        "X-AdobeSign-ClientId": "CBJCHBCAABAAother"
    }
    assert connector.echo({"x-adobesign-clientid": "somebody-else"}) == {}


def test_our_reference_is_read_where_a_payload_has_it() -> None:
    content = json.loads(adobe_sign.callback("AGREEMENT_ACTION_COMPLETED"))
    content["agreement"]["externalId"] = {"id": "cv_0193.1"}
    (callback,) = adobe_sign.build("http://127.0.0.1:9", ()).parse(json.dumps(content).encode())
    assert (callback.provider_ref, callback.reference) == (adobe_sign.AGREEMENT, "cv_0193.1")
    assert callback.occurred_at == datetime(2026, 3, 1, 12, tzinfo=UTC)


def _event(kind: str, minute: int = 0, **more: str) -> dict[str, str]:
    return {"type": kind, "date": f"2026-03-01T12:{minute:02}:00Z"} | more


@pytest.mark.parametrize(
    ("word", "events", "status", "told"),
    [
        ("OUT_FOR_SIGNATURE", [], RequestStatus.ONGOING, False),
        ("DOCUMENTS_NOT_YET_PROCESSED", [], RequestStatus.ONGOING, False),
        ("DRAFT", [], RequestStatus.DRAFT, False),
        ("SIGNED", [_event("ACTION_COMPLETED")], RequestStatus.COMPLETED, False),
        ("ARCHIVED", [], RequestStatus.COMPLETED, False),
        ("EXPIRED", [_event("EXPIRED")], RequestStatus.EXPIRED, False),
        ("CANCELLED", [_event("REJECTED", comment="non")], RequestStatus.DECLINED, True),
        ("ABORTED", [_event("REJECTED", comment="non")], RequestStatus.DECLINED, True),
        ("CANCELLED", [_event("RECALLED", comment="erreur")], RequestStatus.CANCELLED, False),
        ("CANCELLED", [], RequestStatus.CANCELLED, False),
        ("CANCELLED", [_event("RECALLED_MAX_SIGNING_PHONE_ATTEMPTS")], RequestStatus.CANCELLED, True),
        ("CANCELLED", [_event("AUTO_CANCELLED_CONVERSION_PROBLEM")], RequestStatus.CANCELLED, True),
        # the last that ended it counts, whatever the order in which they are listed
        ("CANCELLED", [_event("RECALLED", 5), _event("REJECTED", 1)], RequestStatus.CANCELLED, False),
    ],
)
def test_how_an_agreement_ended_is_told_by_its_events(
    word: str, events: list[dict[str, str]], status: RequestStatus, told: bool
) -> None:
    agreement = Agreement.model_validate({"id": "a", "status": word})
    progress = answers.progress(
        agreement, Members(participantSets=[]), Events.model_validate({"events": events})
    )
    assert (progress.status, progress.reason is not None) == (status, told)


@pytest.mark.parametrize(
    ("word", "events", "status"),
    [
        ("NOT_YET_VISIBLE", [], SignerStatus.WAITING),
        ("WAITING_FOR_MY_SIGNATURE", ["ACTION_REQUESTED"], SignerStatus.NOTIFIED),
        ("WAITING_FOR_MY_SIGNATURE", ["ACTION_REQUESTED", "EMAIL_VIEWED"], SignerStatus.OPENED),
        ("WAITING_FOR_OTHERS", ["ACTION_COMPLETED"], SignerStatus.SIGNED),
        ("WAITING_FOR_OTHERS", [], SignerStatus.WAITING),
        ("COMPLETED", [], SignerStatus.SIGNED),
        ("CANCELLED", ["REJECTED"], SignerStatus.DECLINED),
        ("CANCELLED", ["EMAIL_VIEWED"], SignerStatus.FAILED),
        ("EXPIRED", [], SignerStatus.FAILED),
    ],
)
def test_where_a_signer_stands(word: str, events: list[str], status: SignerStatus) -> None:
    agreement = Agreement.model_validate({"id": "a", "status": "OUT_FOR_SIGNATURE"})
    own = [_event(kind, 1, participantId="m") for kind in events]
    others = [_event("ACTION_COMPLETED", 9, participantId="x"), _event("EMAIL_VIEWED", 9)]
    told = Events.model_validate({"events": others + own})
    (signer,) = answers.progress(agreement, _members(("s", "s1", "a@example.org", word)), told).signers
    assert (signer.provider_ref, signer.status) == ("s", status)
    signed = datetime(2026, 3, 1, 12, 1, tzinfo=UTC) if "ACTION_COMPLETED" in events else None
    assert signer.signed_at == signed


def test_an_unknown_status_is_not_guessed_at() -> None:
    odd: list[Any] = ["", "signed", None, 1, []]
    for word in odd:
        with pytest.raises(ValidationError):
            Agreement.model_validate({"id": "a", "status": word})
        with pytest.raises(ValidationError):
            _members(("s", "s1", "a@example.org", word))


def _members(*sets: tuple[str, str, str, str]) -> Members:
    shown = [
        {"id": ref, "name": name, "status": word, "memberInfos": [{"id": "m", "email": email}]}
        for ref, name, email, word in sets
    ]
    sender = {"id": "o", "role": "SENDER", "status": "WAITING_FOR_OTHERS", "memberInfos": []}
    return Members.model_validate({"participantSets": [*shown, sender]})


def test_signers_are_told_apart_by_address_and_changed_ones_are_for_a_person_to_look_at() -> None:
    asked, out = order(2), "WAITING_FOR_MY_SIGNATURE"
    first, second = ("a", "s1", "Signataire1@example.org", out), ("b", "s2", "signataire2@example.org", out)
    sent = answers.sent_to(asked, "r", _members(second, first), {"signataire1@example.org": "l"})
    assert [(one.key, one.provider_ref, one.link) for one in sent.signers] == [
        ("s1", "a", "l"),
        ("s2", "b", None),
    ]
    stranger = ("b", "s2", "eve@example.org", out)
    for others in ([first], [first, stranger], [first, second, stranger]):
        with pytest.raises(Permanent) as raised:
            answers.sent_to(asked, "r", _members(*others), {})
        assert raised.value.code == "adobe_sign_signers_differ"
        assert "@" not in raised.value.detail


def test_an_order_is_said_in_adobes_words() -> None:
    asked = order(2, order=Order.SEQUENTIAL, expires_on=date(2026, 7, 14), title="a\nb\x00c")
    people = [participant_set(asked, rank, one) for rank, one in enumerate(asked.signers, 1)]
    body = agreement_body(asked, "T1", people)
    assert (body["name"], body["locale"]) == ("a b c", "fr_FR")
    assert body["expirationTime"] == "2026-07-14T21:59:59Z", "the end of that day in Paris"
    assert [one["order"] for one in people] == [1, 2]
    assert "reminderFrequency" not in body
    abroad = replace(person(1, Authentication.SMS_CODE), phone="+262692123456")
    for signer, phone in (
        (person(1, Authentication.SMS_CODE), ("639980001", "33", "FR")),
        (abroad, ("692123456", "262", "RE")),
    ):
        (member,) = participant_set(order(1), 1, signer)["memberInfos"]
        asked_for = member["securityOption"]["phoneInfo"]
        assert (asked_for["phone"], asked_for["countryCode"], asked_for["countryIsoCode"]) == phone
    (member,) = participant_set(order(1), 1, person(1, Authentication.NONE))["memberInfos"]
    assert member["securityOption"] == {"authenticationMethod": "NONE"}
    assert file_name("../a/b.pdf") == ".. a b.pdf"
    assert file_name("") == "convention.pdf"


def test_one_of_the_two_credentials_is_wanted() -> None:
    for given in ({}, {"client_secret": "s"}, {"refresh_token": "r"}, {"integration_key": ""}):
        with pytest.raises(ValidationError, match="PARAPHE_ADOBE_SIGN_REFRESH_TOKEN"):
            AdobeSignConfig.model_validate({"client_id": "c", **given})
    for given in ({"integration_key": "k"}, {"client_secret": "s", "refresh_token": "r"}):
        AdobeSignConfig.model_validate({"client_id": "c", **given})
