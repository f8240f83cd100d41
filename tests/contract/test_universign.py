"""What only Universign asks for: keys that it publishes and changes, a refusal that ends nothing, a
transaction that is found by no search."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import SecretStr, ValidationError

from connectors.signature.universign import Universign, UniversignConfig
from connectors.signature.universign_answers import Transaction
from connectors.signature.universign_requests import participant, transaction
from domain.errors import Refused, Retryable
from domain.signature import Authentication, Level, Order, RequestStatus, SignerStatus, Verdict
from tests.archives.memory import Memory
from tests.contract import universign
from tests.contract.orders import order, person
from tests.fixtures.sandbox import Control, Sandbox
from tests.http.wire import Wire, answer, serving

RAW = universign.callback("transaction.lifecycle.completed")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class Publisher:
    """Publishes what ``body`` holds, or fails with ``status``; ``wire`` counts who asked."""

    wire: Wire | None = None
    status: int = 200
    body: dict[str, Any] = field(default_factory=dict)
    now: datetime = NOW

    def connector(self) -> Universign:
        assert self.wire
        config = UniversignConfig(api_key=SecretStr("k"), url=self.wire.url)
        return Universign(config, replace(Memory().services(), now=lambda: self.now))

    def publish(self, *secrets: str) -> None:
        self.body = {"keys": [universign.jwk(secret) for secret in secrets]}

    def last_request(self) -> bytes:
        assert self.wire
        return self.wire.received[-1]

    @property
    def asked(self) -> int:
        assert self.wire
        return len(self.wire.received)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    made = Publisher()

    def handle(wire: Wire, connection: socket.socket) -> None:
        answer(made.status, json.dumps(made.body).encode())(wire, connection)

    with serving(handle) as wire:
        made.wire = wire
        made.publish("first")
        yield made


def test_keys_are_read_once_and_again_when_a_new_one_signs(publisher: Publisher) -> None:
    connector = publisher.connector()
    for _ in range(3):
        assert connector.verify(universign.sign(RAW, "first"), RAW) is Verdict.VERIFIED
    assert publisher.asked == 1

    publisher.publish("first", "second")
    assert connector.verify(universign.sign(RAW, "second"), RAW) is Verdict.INVALID, "read a moment ago"
    publisher.now += timedelta(seconds=61)
    assert connector.verify(universign.sign(RAW, "second"), RAW) is Verdict.VERIFIED
    assert connector.verify(universign.sign(RAW, "first"), RAW) is Verdict.VERIFIED
    for number in range(20):
        assert connector.verify(universign.sign(RAW, "first", kid=f"x{number}"), RAW) is Verdict.INVALID
    assert publisher.asked == 2, "anybody may name a key: no reading for each"

    publisher.publish("second")
    publisher.now += timedelta(days=1, seconds=1)
    assert connector.verify(universign.sign(RAW, "first"), RAW) is Verdict.INVALID, "withdrawn"
    assert publisher.asked == 3
    assert b"authorization" not in publisher.last_request().lower()


@pytest.mark.parametrize("status", [200, 302, 401, 404, 429, 500])
def test_keys_that_cannot_be_read_make_a_callback_wait(publisher: Publisher, status: int) -> None:
    publisher.status, publisher.body = status, {"keys": "none"}
    connector, headers = publisher.connector(), universign.sign(RAW, "first")
    for _ in range(3):
        with pytest.raises(Retryable) as raised:
            connector.verify(headers, RAW)
        assert raised.value.code == "universign_keys_unavailable"
    assert publisher.asked == 1, "no reading at each try while it is away"

    publisher.status = 200
    publisher.publish("first")
    publisher.now += timedelta(seconds=11)
    assert connector.verify(headers, RAW) is Verdict.VERIFIED
    publisher.status, publisher.now = 500, publisher.now + timedelta(hours=2)
    assert connector.verify(headers, RAW) is Verdict.VERIFIED, "known keys last through an outage"


@pytest.mark.parametrize(
    "header",
    [
        *({"alg": name} for name in ("none", "HS256", "RS256", "PS384", "ES256", "ps256", "", None, 1)),
        *({"kid": name} for name in ("", None, 1, ["first"], "é", "x" * 300)),
        {"crit": ["b64"], "b64": False},
    ],
)
def test_no_other_algorithm_and_no_other_rules_are_believed(
    publisher: Publisher, header: dict[str, Any]
) -> None:
    headers = universign.sign(RAW, "first", **header)
    assert publisher.connector().verify(headers, RAW) is Verdict.INVALID
    assert publisher.asked == 0


def test_only_rsa_keys_of_a_decent_size_are_of_use(publisher: Publisher) -> None:
    short = rsa.generate_private_key(65537, 1024).public_key().public_numbers()
    good = universign.jwk("first")
    number = universign.encoded(short.n.to_bytes(128, "big")).decode()
    changes: list[dict[str, Any]] = [
        {"kty": "EC"},
        {"use": "enc"},
        {"alg": "RS256"},
        {"n": number},
        {"n": ""},
        {"n": "é"},
        {"e": "AA"},
        {"kid": "other"},
    ]
    for change in changes:
        publisher.body = {"keys": [good | change]}
        assert publisher.connector().verify(universign.sign(RAW, "first"), RAW) is Verdict.INVALID, change


def test_the_stand_in_changes_its_key_and_callbacks_go_on(sandbox: Sandbox) -> None:
    control, now = sandbox.control("universign"), [NOW]
    services = replace(Memory().services(), now=lambda: now[0])
    config = UniversignConfig(api_key=SecretStr("k"), url=f"{control.url}/v1")
    connector = Universign(config, services)
    with serving(answer(204)) as receiver:
        connector.subscribe(receiver.url)
        ref = connector.send(order(1), again=False).provider_ref
        receiver.wait_for(lambda: len(receiver.received) >= 2)
        control.post("rotate", {})
        control.post("sign", {"signature_request": ref, "signer": "all"})
        receiver.wait_for(lambda: any(b"lifecycle.completed" in one for one in receiver.received))
    now[0] += timedelta(minutes=2)
    kids = set()
    for one in receiver.received:
        head, _, raw = one.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        assert connector.verify(headers, raw) is Verdict.VERIFIED
        kids.add(headers["x-jws-signature"].split(".")[0])
    assert len(kids) == 2


@dataclass(frozen=True)
class Scene:
    control: Control
    memory: Memory
    provider: Universign

    def state(self, ref: str) -> str:
        (found,) = [one for one in self.control.get("signature_requests") if one["id"] == ref]
        return str(found["status"])


@pytest.fixture
def scene(sandbox: Sandbox) -> Scene:
    control, memory = sandbox.control("universign"), Memory()
    config = UniversignConfig(api_key=SecretStr("k"), url=f"{control.url}/v1")
    return Scene(control, memory, Universign(config, memory.services()))


def test_a_refusal_is_told_and_ends_what_universign_would_go_on_with(scene: Scene) -> None:
    sent = scene.provider.send(order(2), again=False)
    scene.control.post(
        "decline", {"signature_request": sent.provider_ref, "signer": "signataire1@example.org"}
    )
    assert scene.state(sent.provider_ref) == "started", "Universign itself does nothing"
    scene.control.fault("cut_after", "POST", "/cancel$")
    with pytest.raises(Retryable):
        scene.provider.progress(sent.provider_ref)
    for _ in range(2):
        progress = scene.provider.progress(sent.provider_ref)
        assert progress.status is RequestStatus.DECLINED
        assert [one.status for one in progress.signers] == [SignerStatus.DECLINED, SignerStatus.NOTIFIED]
    assert scene.state(sent.provider_ref) == "cancelled"
    assert len(scene.control.requests("POST", f"/v1/transactions/{sent.provider_ref}/cancel")) == 1


@pytest.mark.parametrize("refused_first", [True, False])
def test_a_refusal_and_our_cancellation_in_either_order(scene: Scene, refused_first: bool) -> None:
    """A refusal that Universign forgets once cancelled is remembered here."""
    ref = scene.provider.send(order(2), again=False).provider_ref
    if refused_first:
        scene.control.post("decline", {"signature_request": ref, "signer": "signataire1@example.org"})
    for _ in range(2):
        scene.provider.cancel(ref, "")
    forgotten = {"id": ref, "state": "cancelled", "started_at": "2026-11-23T09:00:00Z"}
    scene.control.fault("error", "GET", f"/v1/transactions/{ref}$", status=200, body=forgotten, times=2)
    expected = RequestStatus.DECLINED if refused_first else RequestStatus.CANCELLED
    assert [scene.provider.progress(ref).status for _ in range(2)] == [expected] * 2


def test_a_sending_is_found_by_another_process_and_started_once(scene: Scene) -> None:
    asked = order(2, order=Order.SEQUENTIAL)
    scene.control.fault("cut_after", "POST", "/start$")
    with pytest.raises(Retryable):
        scene.provider.send(asked, again=False)
    config = UniversignConfig(api_key=SecretStr("k"), url=f"{scene.control.url}/v1")
    other = Universign(config, scene.memory.services())
    sent = other.send(asked, again=True)
    assert sent == scene.provider.send(asked, again=True) == other.find(asked.reference)
    assert len(scene.control.requests("POST", "/v1/transactions")) == 1
    assert sum(one["kind"] == "invitation" for one in scene.control.get("messages")) == 1


def test_of_two_workers_that_build_a_draft_at_once_one_gives_way(scene: Scene) -> None:
    """The other one claimed the reference between our look and our own creation."""
    asked = order(1)
    services, looks = scene.memory.services(), []

    def claim(scope: str, key: str, proposal: str) -> str:
        looks.append(proposal)
        if len(looks) == 2:
            services.claim(scope, key, "tx_ofTheOther")
        return services.claim(scope, key, proposal)

    config = UniversignConfig(api_key=SecretStr("k"), url=f"{scene.control.url}/v1")
    with pytest.raises(Retryable) as raised:
        Universign(config, replace(services, claim=claim)).send(asked, again=False)
    assert raised.value.code == "universign_sending_elsewhere"
    assert [one["status"] for one in scene.control.get("signature_requests")] == ["cancelled"]


def test_signers_who_share_an_address_are_refused_before_anything_is_sent(scene: Scene) -> None:
    twins = (person(1), replace(person(2), email="Signataire1@Example.org"))
    with pytest.raises(Refused) as raised:
        scene.provider.send(order(2, signers=twins), again=False)
    assert raised.value.code == "signer_email_shared"
    assert scene.control.requests() == []


def test_a_second_reminder_within_the_hour_is_refused_and_no_address_is_in_a_path(scene: Scene) -> None:
    sent = scene.provider.send(order(1), again=False)
    for expected in (False, True):
        try:
            scene.provider.remind(sent.provider_ref, sent.signers[0].provider_ref)
            refused = False
        except Refused as error:
            refused = error.code == "reminder_not_possible"
        assert refused is expected
    assert not any("@" in one["path"] or one["query_keys"] for one in scene.control.requests())


@pytest.mark.parametrize(
    ("level", "authentication", "word", "phone"),
    [
        (Level.SIMPLE, Authentication.NONE, "level0", False),
        (Level.SIMPLE, Authentication.SMS_CODE, "level1", True),
        (Level.ADVANCED, Authentication.SMS_CODE, "level2", True),
        (Level.ADVANCED, Authentication.IDENTITY, "level3", True),
        (Level.QUALIFIED, Authentication.IDENTITY, "level4", True),
    ],
)
def test_level_and_authentication_are_universigns_levels(
    level: Level, authentication: Authentication, word: str, phone: bool
) -> None:
    form = participant(order(1, level=level), person(1, authentication))
    assert (form["min_signature_level"], "phone_number" in form) == (word, phone)
    assert form["schedule"] == "[0]", "no invitation leaves without"


def test_the_lifetime_runs_to_the_end_of_the_last_day_and_the_name_holds_our_reference() -> None:
    day = NOW.date()
    lasting = {
        days: int(transaction(order(1, expires_on=day + timedelta(days=days)), NOW)["duration"])
        for days in (-1, 0, 1, 60)
    }
    assert lasting == {-1: 1, 0: 13 * 60 + 59, 1: 37 * 60 + 59, 60: 86_400}
    form = transaction(order(1, title="é" * 300, reference="cv_1"), NOW)
    assert form["name"].endswith("é · cv_1")
    assert len(form["name"]) == 100


def test_every_documented_state_has_its_word_and_no_other_is_guessed() -> None:
    expected = {
        "draft": RequestStatus.DRAFT,
        **dict.fromkeys(("started", "paused"), RequestStatus.ONGOING),
        "completed": RequestStatus.COMPLETED,
        "expired": RequestStatus.EXPIRED,
        "cancelled": RequestStatus.CANCELLED,
    }
    for word, status in expected.items():
        assert Transaction.model_validate({"id": "tx_1", "state": word}).status is status
    odd: list[Any] = ["", "DONE", "started ", None, 1, [], {}]
    for word in odd:
        with pytest.raises(ValidationError):
            Transaction.model_validate({"id": "tx_1", "state": word})
    actions = {
        SignerStatus.WAITING: {"state": "somehow"},
        SignerStatus.NOTIFIED: {"state": "stalled", "stalled_reason": "inactivity"},
        SignerStatus.DECLINED: {"state": "opened", "stalled_reason": "review_refusal"},
        SignerStatus.SIGNED: {"state": "closed", "stalled_reason": "signature_refusal"},
    }
    for signer, action in actions.items():
        told = [{"participant_email": "A@b.example", **action}, {"participant_email": None}]
        read = Transaction.model_validate({"id": "tx_1", "state": "started", "actions": told})
        assert read.signer_status("a@B.example") is signer
