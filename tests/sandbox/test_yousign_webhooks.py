"""Webhooks: what is told, how it is signed, when it is repeated, and what a test can spoil."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.signing.dispatch import told
from sandbox.yousign.deliveries import Delivery
from tests.sandbox.receiver import Call, Receiver, receiving
from tests.sandbox.yousign_caller import Caller, Started

SECRET = "0123456789abcdef0123456789abcdef"
EVENTS = [
    *("signature_request.activated", "signature_request.done", "signature_request.declined"),
    *("signature_request.canceled", "signature_request.expired", "signature_request.reactivated"),
    *("signature_request.reminder_executed", "signature_request.automatic_reminder_executed"),
    *("signer.notified", "signer.link_opened", "signer.done", "signer.declined"),
]


def subscription(url: str, **changes: Any) -> dict[str, Any]:
    body = {
        "endpoint": url,
        "description": "hub",
        "sandbox": True,
        "subscribed_events": EVENTS,
        "scopes": ["*"],
        "workspaces": ["*"],
        "auto_retry": True,
        "enabled": True,
        "secret_key": SECRET,
    }
    return body | changes


@pytest.fixture
def receiver(yousign: Caller) -> Iterator[Receiver]:
    with receiving() as made:
        yousign.post("/webhooks", subscription(made.url)).raise_for_status()
        yield made
        yousign.control.reset()


def signature(raw: bytes) -> str:
    return "sha256=" + hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()


def deliveries(yousign: Caller, event: str) -> list[dict[str, Any]]:
    return [one for one in yousign.control.get("deliveries") if one["event_name"] == event]


def settled(yousign: Caller, event: str) -> list[dict[str, Any]]:
    """The deliveries of this event, once none is pending any more."""
    deadline = time.monotonic() + 20
    while any(one["status"] == "pending" for one in deliveries(yousign, event)):
        assert time.monotonic() < deadline
    return deliveries(yousign, event)


def test_the_whole_story_is_told_in_order(yousign: Caller, receiver: Receiver) -> None:
    started = yousign.start("no_otp", "otp_sms", ordered_signers=True)
    yousign.sign(started)
    receiver.wait_for(8)
    assert receiver.names() == [
        *("signature_request.activated", "signer.notified", "signer.link_opened", "signer.done"),
        *("signer.notified", "signer.link_opened", "signer.done", "signature_request.done"),
    ]


def test_each_call_is_signed_over_its_raw_bytes(yousign: Caller, receiver: Receiver) -> None:
    yousign.start("no_otp", name="Convention d'été")
    for call in receiver.wait_for(2):
        assert call.headers["X-Yousign-Signature-256"] == signature(call.raw)
        assert call.headers["X-Yousign-Retry"] == "0"
        assert abs(int(call.headers["X-Yousign-Issued-At"]) - time.time()) < 60


def test_an_event_names_the_request_by_our_own_reference(yousign: Caller, receiver: Receiver) -> None:
    started = yousign.start("no_otp", external_id="conv-7.v2")
    activated, notified = (call.event for call in receiver.wait_for(2))
    request = activated["data"]["signature_request"]
    assert (request["id"], request["external_id"]) == (started.id, "conv-7.v2")
    assert "signer" not in activated["data"]
    assert notified["data"]["signer"]["id"] == started.signers[0]
    assert notified["data"]["signer"]["status"] == "notified"
    assert int(notified["event_time"]) >= int(activated["event_time"])
    assert set(activated) == {
        *("event_id", "event_name", "event_time", "subscription_id", "subscription_description"),
        *("sandbox", "data"),
    }


def test_a_failed_call_is_repeated_with_the_same_bytes(yousign: Caller, receiver: Receiver) -> None:
    receiver.statuses = [500, 503]
    yousign.start("no_otp")
    told = [*settled(yousign, "signature_request.activated"), *settled(yousign, "signer.notified")]
    assert sorted(len(one["tries"]) for one in told) in ([1, 3], [2, 2])
    for one in told:
        calls = [call for call in receiver.calls if call.event["event_id"] == one["event_id"]]
        assert len({call.raw for call in calls}) == 1
        assert [call.headers["X-Yousign-Retry"] for call in calls] == [str(n) for n in range(len(calls))]


def test_an_answer_after_one_second_is_too_late_and_the_event_comes_again(
    yousign: Caller, receiver: Receiver
) -> None:
    receiver.slow = 1.5
    yousign.start("no_otp")
    first = receiver.wait_for(3)[0]
    (told,) = settled(yousign, "signature_request.activated")
    assert [(one["status"], one["fault"]) for one in told["tries"]] == [(None, "timeout"), (200, None)]
    assert sum(call.raw == first.raw for call in receiver.calls) == 2


def test_without_auto_retry_an_error_is_final_but_a_timeout_is_repeated_once(
    yousign: Caller, receiver: Receiver
) -> None:
    (made,) = yousign.read("/webhooks")
    yousign.call("PATCH", f"/webhooks/{made['id']}", json={"auto_retry": False}).raise_for_status()
    receiver.statuses = [500]
    started = yousign.start("no_otp")
    (told,) = settled(yousign, "signature_request.activated")
    assert (told["status"], len(told["tries"])) == ("failed", 1)
    settled(yousign, "signer.notified")
    receiver.slow, receiver.statuses = 1.5, [200, 500]
    yousign.control.post("open", {"signature_request": started.id})
    (told,) = settled(yousign, "signer.link_opened")
    assert (told["status"], len(told["tries"])) == ("failed", 2)


def test_the_secret_can_be_changed(yousign: Caller, receiver: Receiver) -> None:
    (made,) = yousign.read("/webhooks")
    other = "f" * 32
    yousign.call("PATCH", f"/webhooks/{made['id']}", json={"secret_key": other}).raise_for_status()
    yousign.start("no_otp")
    (call, *_) = receiver.wait_for(1)
    expected = hmac.new(other.encode(), call.raw, hashlib.sha256).hexdigest()
    assert call.headers["X-Yousign-Signature-256"] == f"sha256={expected}"


def test_a_secret_is_made_when_none_is_given(yousign: Caller) -> None:
    made = yousign.post("/webhooks", subscription("http://127.0.0.1:9/x", secret_key=None)).json()
    assert len(made["secret_key"]) == 32


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "ftp://example.org"},
        {"secret_key": "short"},
        {"subscribed_events": ["signature_request.completed"]},
        {"auto_retry": "yes"},
        {"scopes": ["all"]},
    ],
    ids=str,
)
def test_a_wrong_subscription_is_refused(yousign: Caller, change: dict[str, Any]) -> None:
    refused = yousign.post("/webhooks", subscription("http://127.0.0.1:9/x", **change))
    assert refused.status_code == 400
    assert yousign.read("/webhooks") == []


def test_a_deleted_or_disabled_subscription_is_told_nothing(yousign: Caller, receiver: Receiver) -> None:
    (made,) = yousign.read("/webhooks")
    yousign.call("PATCH", f"/webhooks/{made['id']}", json={"enabled": False}).raise_for_status()
    yousign.start("no_otp")
    assert yousign.call("DELETE", f"/webhooks/{made['id']}").status_code == 204
    yousign.start("no_otp")
    assert yousign.control.get("deliveries") == []


def end(yousign: Caller, started: Started, how: str) -> None:
    if how == "canceled":
        yousign.post(f"/signature_requests/{started.id}/cancel", {"reason": "other"}).raise_for_status()
    else:
        order = {"signature_request": started.id}
        yousign.control.post({"expired": "expire", "declined": "decline"}[how], order)


@pytest.mark.parametrize("how", ["canceled", "expired", "declined"])
def test_every_other_end_is_told(yousign: Caller, receiver: Receiver, how: str) -> None:
    end(yousign, yousign.start("no_otp"), how)
    receiver.wait(lambda calls: calls[-1:] != [] and receiver.names()[-1] == f"signature_request.{how}")
    assert receiver.calls[-1].event["data"]["signature_request"]["status"] == how


def test_reminders_are_told(yousign: Caller, receiver: Receiver) -> None:
    started = yousign.start("no_otp")
    yousign.post(f"/signature_requests/{started.id}/signers/{started.signers[0]}/send_reminder")
    yousign.control.post("remind", {"signature_request": started.id})
    receiver.wait_for(4)
    assert receiver.names()[2:] == [
        "signature_request.reminder_executed",
        "signature_request.automatic_reminder_executed",
    ]


def test_forgotten_events_are_not_sent_and_can_be_delivered_later(
    yousign: Caller, receiver: Receiver
) -> None:
    yousign.control.post("webhooks", {"mode": "forget"})
    started = yousign.start("no_otp")
    yousign.sign(started)
    assert {one["status"] for one in yousign.control.get("deliveries")} == {"forgotten"}
    (told,) = yousign.control.post("deliver", {"event_name": "signature_request.done"})
    assert (told["status"], receiver.names()) == ("delivered", ["signature_request.done"])


def test_duplicates_are_the_same_bytes(yousign: Caller, receiver: Receiver) -> None:
    order = {"mode": "duplicate", "events": ["signature_request.activated"], "count": 3}
    yousign.control.post("webhooks", order)
    yousign.start("no_otp")
    calls = receiver.wait_for(4)
    assert len({call.raw for call in calls[:3]}) == 1
    assert receiver.names()[3] == "signer.notified"


def test_held_events_come_last_first(yousign: Caller, receiver: Receiver) -> None:
    yousign.control.post("webhooks", {"mode": "reorder", "count": 5})
    yousign.sign(yousign.start("no_otp"))
    receiver.wait_for(5)
    assert receiver.names() == [
        *("signature_request.done", "signer.done", "signer.link_opened", "signer.notified"),
        "signature_request.activated",
    ]


def test_a_corrupt_signature_is_well_formed_and_wrong(yousign: Caller, receiver: Receiver) -> None:
    yousign.control.post("webhooks", {"mode": "corrupt", "times": 1})
    yousign.start("no_otp")
    corrupt, right = receiver.wait_for(2)
    assert len(corrupt.headers["X-Yousign-Signature-256"]) == len(signature(b""))
    assert corrupt.headers["X-Yousign-Signature-256"] != signature(corrupt.raw)
    assert right.headers["X-Yousign-Signature-256"] == signature(right.raw)


def test_a_stale_event_is_dated_back(yousign: Caller, receiver: Receiver) -> None:
    yousign.control.post("webhooks", {"mode": "stale", "seconds": 3600, "times": 1})
    yousign.start("no_otp")
    stale = receiver.wait_for(1)[0]
    assert int(stale.event["event_time"]) == pytest.approx(time.time() - 3600, abs=60)
    assert stale.headers["X-Yousign-Signature-256"] == signature(stale.raw)


def test_an_event_of_no_known_kind_can_be_sent(yousign: Caller, receiver: Receiver) -> None:
    started = yousign.start("no_otp")
    yousign.control.post("deliver", {"unknown": True, "signature_request": started.id})

    def unknown(calls: list[Call]) -> bool:
        return any(call.event["event_name"] not in EVENTS for call in calls)

    receiver.wait(unknown)


def test_a_past_event_can_be_sent_again_with_a_spoilt_signature(yousign: Caller, receiver: Receiver) -> None:
    yousign.start("no_otp")
    first = receiver.wait_for(2)[0]
    order = {"event_name": "signature_request.activated", "corrupt": True, "times": 2}
    assert len(yousign.control.post("deliver", order)) == 2
    again = [call for call in receiver.calls[2:] if call.raw == first.raw]
    assert len(again) == 2
    assert all(call.headers["X-Yousign-Signature-256"] != signature(call.raw) for call in again)


def test_an_endpoint_that_is_away_is_tried_eight_times_more_over_four_days() -> None:
    away = Delivery("s", "http://127.0.0.1:9/away", SECRET, True, "e", "signer.done", "r", b"{}")
    delays = [away.attempt() for _ in range(9)]
    assert delays == [120, 360, 1800, 3600, 18_000, 64_800, 86_400, 172_800, None]
    assert away.outcome == "failed"
    assert SECRET not in str(told(away))


def test_a_misspelt_mischief_is_refused(yousign: Caller) -> None:
    for order in ({"mode": "lose"}, {"mode": "forget", "evnts": []}, {}):
        url = f"{yousign.control.url}/_control/webhooks"
        assert yousign.client.post(url, json=order).status_code == 400
