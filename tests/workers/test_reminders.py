"""Reminders by themselves: at D+1, D+3 and D+7, never twice, never to who has signed."""

from __future__ import annotations

import pytest

from domain.steps import StepKind
from tests.fixtures.sandbox import Control, Sandbox
from tests.workers.desk import Desk
from workers.clock import tick

HOUR = 3600


@pytest.fixture
def provider(sandbox: Sandbox) -> Control:
    return sandbox.control("yousign")


def reminders(provider: Control) -> list[str]:
    return [one["signer_id"] for one in provider.get("messages") if one["kind"] == "reminder"]


def after(desk: Desk, hours: float) -> None:
    """The clock looks, twice, and the workers do what it wrote."""
    desk.later(hours * HOUR)
    for _ in range(2):
        tick(desk.runtime)
        desk.work()


def test_each_signer_is_reminded_in_turn_until_all_have_signed(served: Desk, provider: Control) -> None:
    convention_id = served.ask()
    served.work()
    (request,) = provider.get("signature_requests")
    after(served, 23)
    assert reminders(provider) == []
    after(served, 2)
    after(served, 1)
    assert len(reminders(provider)) == 1, "D+1, to the first signer alone"
    after(served, 48)
    assert len(reminders(provider)) == 2, "D+3"

    provider.post("sign", {"signature_request": request["id"], "signer": request["signers"][0]["id"]})
    after(served, 2)
    assert len(reminders(provider)) == 2, "the lawyer's turn has just come"
    after(served, 25)
    assert len(reminders(provider)) == 3, "D+1 of his own"
    first, _, second = reminders(provider)
    assert first != second

    provider.post("sign", {"signature_request": request["id"], "signer": "all"})
    after(served, 24 * 30)
    assert len(reminders(provider)) == 3
    assert served.shown(convention_id)["state"] == "archived"
    assert served.events(convention_id).count("convention.reminded") == 3


def test_who_signed_a_minute_ago_is_not_reminded(served: Desk, provider: Control) -> None:
    """No callback came: only the provider knows."""
    convention_id = served.ask()
    served.work()
    served.later(24 * HOUR)
    tick(served.runtime)
    (planned,) = served.due(StepKind.REMIND)
    (request,) = provider.get("signature_requests")
    provider.post("sign", {"signature_request": request["id"], "signer": request["signers"][0]["id"]})
    served.run(planned)
    assert reminders(provider) == []
    assert "convention.reminded" not in served.events(convention_id)


def test_after_a_stop_of_a_week_one_reminder_goes_out(served: Desk, provider: Control) -> None:
    served.ask()
    served.work()
    after(served, 24 * 8)
    assert len(reminders(provider)) == 1


def test_nobody_is_reminded_of_what_was_cancelled(served: Desk, provider: Control) -> None:
    convention_id = served.ask()
    served.work()
    served.post(f"/{convention_id}/cancel")
    served.work()
    after(served, 24 * 8)
    assert reminders(provider) == []


def test_a_reminder_whose_worker_died_is_not_sent_again(served: Desk, provider: Control) -> None:
    served.ask()
    served.work()
    served.later(24 * HOUR)
    tick(served.runtime)
    (planned,) = served.due(StepKind.REMIND)
    served.claim(planned)
    served.lease_runs_out()
    served.work()
    assert reminders(provider) == []
