"""Cancelling, at every moment: no request outlives its convention, and nothing is sent after the wish."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from domain.steps import StepKind
from store import steps
from tests.fixtures.sandbox import Control, Sandbox
from tests.workers.desk import Desk


@pytest.fixture
def provider(sandbox: Sandbox) -> Control:
    return sandbox.control("yousign")


def at_provider(provider: Control) -> list[str]:
    requests: list[dict[str, Any]] = provider.get("signature_requests")
    return [one["status"] for one in requests]


def test_before_anything_is_sent_it_ends_at_once(served: Desk, provider: Control) -> None:
    convention_id = served.ask()
    served.work(StepKind.FETCH, StepKind.RENDER)
    assert served.post(f"/{convention_id}/cancel").get_json()["state"] == "cancelled"
    served.work()
    assert at_provider(provider) == []
    assert served.events(convention_id) == ["convention.rendered", "convention.cancelled"]


def test_what_was_sent_is_cancelled_at_the_provider_too(served: Desk, provider: Control) -> None:
    convention_id = served.ask()
    served.work()
    assert at_provider(provider) == ["ongoing"]
    served.post(f"/{convention_id}/cancel")
    served.post(f"/{convention_id}/cancel")
    served.work()
    assert at_provider(provider) == ["canceled"]
    assert served.events(convention_id).count("convention.cancelled") == 1


def test_a_sending_that_waits_for_the_provider_is_never_made(served: Desk, provider: Control) -> None:
    """Cancelled while the provider is down: when it comes back, the client must not be invited."""
    provider.fault("error", "POST", "/signature_requests$", status=503)
    convention_id = served.ask()
    served.work()
    assert served.shown(convention_id)["retrying"][0]["step"] == "send"
    served.post(f"/{convention_id}/cancel")
    served.later(7200)
    served.work()
    assert served.shown(convention_id)["state"] == "cancelled"
    assert at_provider(provider) == []
    assert provider.get("messages") == []


def test_a_sending_whose_answer_was_lost_is_found_and_cancelled(served: Desk, provider: Control) -> None:
    provider.fault("cut_after", "POST", "/activate$")
    convention_id = served.ask()
    served.work()
    assert at_provider(provider) == ["ongoing"]
    served.post(f"/{convention_id}/cancel")
    served.work()
    assert at_provider(provider) == ["canceled"]
    assert served.shown(convention_id)["state"] == "cancelled"


def test_a_sending_under_way_is_waited_for_then_cancelled(served: Desk, provider: Control) -> None:
    convention_id = served.ask()
    served.work(StepKind.FETCH, StepKind.RENDER)
    sending = served.step(convention_id, StepKind.SEND)
    served.claim(sending.id)  # a worker has it, and is killed without a word
    served.post(f"/{convention_id}/cancel")
    served.work(StepKind.CANCEL)
    assert served.shown(convention_id)["state"] == "rendered"
    served.lease_runs_out()
    served.work()
    served.later(60)
    served.work()
    assert served.shown(convention_id)["state"] == "cancelled"
    assert at_provider(provider) == []


def test_a_sending_taken_at_the_very_moment_of_the_wish_is_not_overlooked(served: Desk) -> None:
    """The worker's claim is not committed yet when the cancellation looks at the steps."""
    convention_id = served.ask()
    served.work(StepKind.FETCH, StepKind.RENDER)
    sending = served.step(convention_id, StepKind.SEND)
    with ThreadPoolExecutor(1) as pool:
        with served.runtime.database.transaction() as tx:
            assert steps.claim(tx, served.now, sending.id, 60)
            tx.flush()
            asked = pool.submit(served.post, f"/{convention_id}/cancel")
            with pytest.raises(TimeoutError):
                asked.result(0.3)  # it waits for us
        assert asked.result(20).get_json()["state"] == "rendered"
    assert served.step(convention_id, StepKind.CANCEL).state == "waiting"


def test_a_cancellation_that_gave_up_is_taken_up_when_asked_again(served: Desk, provider: Control) -> None:
    convention_id = served.ask()
    served.work()
    provider.fault("error", "POST", "/cancel$", status=403)
    served.post(f"/{convention_id}/cancel")
    served.work()
    assert served.shown(convention_id)["problem"]["step"] == "cancel"
    served.post(f"/{convention_id}/cancel")
    served.work()
    shown = served.shown(convention_id)
    assert (shown["state"], shown.get("problem")) == ("cancelled", None)


def test_a_wish_that_comes_too_late_leaves_the_signed_agreement(served: Desk, provider: Control) -> None:
    convention_id = served.ask()
    served.work()
    served.post(f"/{convention_id}/cancel")
    provider.post("sign", {"signature_request": provider.get("signature_requests")[0]["id"], "signer": "all"})
    served.work(StepKind.CANCEL)
    assert served.shown(convention_id)["problem"]["code"] == "already_signed"
    with served.runtime.database.transaction() as tx:
        steps.ask_provider(tx, served.now, convention_id)
    served.work()
    shown = served.shown(convention_id)
    assert (shown["state"], shown.get("problem")) == ("archived", None)
    assert served.post(f"/{convention_id}/cancel").status_code == 422
