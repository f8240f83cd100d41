"""What becomes of a request: its progress, reminders, cancellation, and the operator's calls."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from connectors import QUERY
from domain.errors import NotFound, Refused, Retryable, Unknown
from domain.signature import CallbackKind, Order, RequestStatus, Sent, SignerStatus, Verdict
from tests.contract.conftest import Scene
from tests.contract.orders import order
from tests.contract.providers import SECRET
from tests.http.wire import Wire, answer, serving


@pytest.fixture
def sent(scene: Scene) -> Sent:
    """A request to two signers, the first of whom is asked first."""
    return scene.provider.send(order(2, order=Order.SEQUENTIAL), again=False)


def test_a_refusal_is_told_with_its_reason(scene: Scene, sent: Sent) -> None:
    first = sent.signers[0].provider_ref
    scene.hands.decline(sent.provider_ref, first, "Honoraires trop élevés")
    progress = scene.provider.progress(sent.provider_ref)
    told = "Honoraires trop élevés" if scene.case.tells_reason else None
    assert (progress.status, progress.reason) == (RequestStatus.DECLINED, told)
    assert progress.completed_at is None
    statuses = {one.provider_ref: one.status for one in progress.signers}
    assert statuses[first] is SignerStatus.DECLINED


def test_an_expired_request_is_told(scene: Scene, sent: Sent) -> None:
    scene.hands.expire(sent.provider_ref)
    assert scene.provider.progress(sent.provider_ref).status is RequestStatus.EXPIRED


def test_cancelling_twice_is_success(scene: Scene, sent: Sent) -> None:
    scene.provider.cancel(sent.provider_ref, "Erreur <b>dans</b> le document, voir https://a.example")
    scene.provider.cancel(sent.provider_ref, "")
    assert scene.provider.progress(sent.provider_ref).status is RequestStatus.CANCELLED


def test_a_cancellation_whose_answer_was_lost_can_be_repeated(scene: Scene, sent: Sent) -> None:
    scene.control.fault("cut_after", *scene.case.cancel_call)
    with pytest.raises(Unknown):
        scene.provider.cancel(sent.provider_ref, "")
    scene.provider.cancel(sent.provider_ref, "")
    assert scene.provider.progress(sent.provider_ref).status is RequestStatus.CANCELLED


@pytest.mark.parametrize("end", ["declined", "expired"])
def test_cancelling_what_ended_unsigned_is_success(scene: Scene, sent: Sent, end: str) -> None:
    if end == "declined":
        scene.hands.decline(sent.provider_ref, sent.signers[0].provider_ref, "")
    else:
        scene.hands.expire(sent.provider_ref)
    scene.provider.cancel(sent.provider_ref, "")
    assert scene.provider.progress(sent.provider_ref).status == end


def test_what_is_signed_cannot_be_cancelled(scene: Scene, sent: Sent) -> None:
    for signer in sent.signers:
        scene.hands.sign(sent.provider_ref, signer.provider_ref)
    with pytest.raises(Refused) as raised:
        scene.provider.cancel(sent.provider_ref, "")
    assert raised.value.code == "already_signed"
    assert scene.provider.progress(sent.provider_ref).status is RequestStatus.COMPLETED


def test_only_the_signer_whose_turn_it_is_can_be_reminded(scene: Scene, sent: Sent) -> None:
    first, second = (signer.provider_ref for signer in sent.signers)
    scene.provider.remind(sent.provider_ref, first)
    with pytest.raises(Refused) as raised:
        scene.provider.remind(sent.provider_ref, second)
    assert raised.value.code == "reminder_not_possible"
    scene.hands.sign(sent.provider_ref, first)
    scene.provider.remind(sent.provider_ref, second)
    with pytest.raises(Refused):
        scene.provider.remind(sent.provider_ref, first)
    with pytest.raises(NotFound):
        scene.provider.remind(sent.provider_ref, "11111111-2222-4333-8444-555555555555")


def test_nobody_is_reminded_once_cancelled(scene: Scene, sent: Sent) -> None:
    scene.provider.cancel(sent.provider_ref, "")
    with pytest.raises(Refused):
        scene.provider.remind(sent.provider_ref, sent.signers[0].provider_ref)


@pytest.mark.parametrize(("headers", "after"), [({"Retry-After": "30"}, 30), ({}, None)])
def test_too_many_requests_wait_as_long_as_asked(
    scene: Scene, sent: Sent, headers: dict[str, str], after: float | None
) -> None:
    scene.control.fault("error", status=429, headers=headers, body={"message": "Too Many Requests"}, times=2)
    for call in (
        lambda: scene.provider.progress(sent.provider_ref),
        lambda: scene.provider.remind(sent.provider_ref, sent.signers[0].provider_ref),
    ):
        with pytest.raises(Retryable) as raised:
            call()
        assert raised.value.after == after
        assert not isinstance(raised.value, Unknown)


@pytest.mark.parametrize("fault", [("error", 500), ("error", 503), ("cut_before", 0), ("truncate", 0)])
def test_a_reading_that_fails_is_only_retryable(scene: Scene, sent: Sent, fault: tuple[str, int]) -> None:
    scene.control.fault(fault[0], *scene.case.reading_call, status=fault[1])
    with pytest.raises(Retryable) as raised:
        scene.provider.progress(sent.provider_ref)
    assert type(raised.value) is Retryable
    assert scene.provider.progress(sent.provider_ref).status is RequestStatus.ONGOING


@pytest.mark.parametrize(
    "body", ["[]", "{}", "null", '{"id": 1}', '{"id": "x", "status": "never heard of"}', "[" * 10_000]
)
def test_an_answer_of_another_shape_is_not_guessed_at(scene: Scene, sent: Sent, body: str) -> None:
    scene.control.fault("error", "GET", status=200, body=body)
    with pytest.raises(Retryable):
        scene.provider.progress(sent.provider_ref)


def test_the_doctor_says_what_works(scene: Scene) -> None:
    assert all(line.ok for line in scene.provider.check())
    without_secret = scene.case.build(scene.url, ()).check()
    assert [line.ok for line in without_secret] == [True, scene.case.published_keys]
    nobody = scene.case.build("http://127.0.0.1:9", ("x",)).check()
    assert [line.ok for line in nobody] == [False]


@pytest.fixture
def receiver(scene: Scene) -> Iterator[Wire]:
    """A hub's address: it answers as the connector says that the provider wants to be answered."""
    echo = scene.provider.echo(scene.case.sign(b"", SECRET))
    with serving(answer(200, b"", **echo)) as wire:
        yield wire


def test_a_subscription_brings_callbacks_that_verify_and_are_read(scene: Scene, receiver: Wire) -> None:
    stranger = scene.case.build(scene.url, ("too short for the provider",))
    told = stranger.subscribe(f"{receiver.url}/callbacks")
    assert stranger.subscribe(f"{receiver.url}/callbacks") == told, "made once"
    connector = scene.case.build(scene.url, (scene.hands.callback_secret(told),))

    asked = order(1)
    sent = connector.send(asked, again=False)
    scene.hands.sign(sent.provider_ref, sent.signers[0].provider_ref)
    receiver.wait_for(lambda: any(scene.case.last_event in one for one in receiver.received))

    kinds, keys = set(), set()
    for request in receiver.received:
        head, _, raw = request.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        method, target, _ = first.split(" ")
        if method == "GET":  # tries the address before it uses it
            continue
        headers = dict(line.split(": ", 1) for line in lines) | {QUERY: urlsplit(target).query}
        assert connector.verify(headers, raw) is Verdict.VERIFIED
        elsewhere = Verdict.VERIFIED if scene.case.published_keys else Verdict.INVALID
        assert scene.provider.verify(headers, raw) is elsewhere
        for callback in connector.parse(raw):
            assert callback.provider_ref == sent.provider_ref
            assert callback.reference == (asked.reference if scene.case.reference else None)
            kinds.add(callback.kind)
        keys.add(connector.event_key(headers, raw))
    assert CallbackKind.MOVED in kinds
    assert len(keys) == receiver.methods.count("POST")
