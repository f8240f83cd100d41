"""The hub before a provider in bad weather: every fault, at every call, ends in the right state, and the
signers are asked once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.signature import CallbackKind
from store import steps
from tests.contract.hands import Hands
from tests.contract.providers import CASES, SECRET, Case
from tests.fixtures.sandbox import Control, Sandbox
from tests.fixtures.waiting import wait_for
from tests.workers.desk import Desk

#: how long the hub waits for an answer that is late on purpose, in seconds, how late that is, and how long it
#: waits otherwise: a busy machine is no bad weather
PATIENCE, LATE, LONG = 0.8, 1.2, 20
WEATHER: dict[str, dict[str, Any]] = {
    "429 with Retry-After": {"kind": "error", "status": 429, "headers": {"Retry-After": "30"}},
    "429": {"kind": "error", "status": 429},
    "500": {"kind": "error", "status": 500},
    "503": {"kind": "error", "status": 503},
    "time out, acted late": {"kind": "delay", "seconds": LATE},
    "time out, acted before": {"kind": "delay_after", "seconds": LATE},
    "cut before it acted": {"kind": "cut_before"},
    "cut after it acted": {"kind": "cut_after"},
    "half of the answer": {"kind": "truncate"},
}


class Provider:
    """A desk whose conventions go to this provider, and that provider's stand-in."""

    def __init__(self, case: Case, folder: Path, sandbox: Sandbox, patience: float) -> None:
        self.case = case
        self.control: Control = sandbox.control(case.name)
        self.hands: Hands = case.hands(self.control)
        prefix = f"PARAPHE_{case.name.upper()}"
        settings = {
            "PARAPHE_PROVIDER": case.name,
            "PARAPHE_RETRY_BASE_SECONDS": "0.001",
            f"{prefix}_TIMEOUT_SECONDS": str(patience),
        }
        self.desk = Desk(
            folder, PARAPHE_SANDBOX_URL=sandbox.url, **settings, **case.callback_settings(SECRET)
        )

    def strike(self, weather: dict[str, Any], *calls: tuple[str, str]) -> None:
        for method, path in calls:
            self.control.fault(method=method, path=path, **weather)

    def until(self, convention_id: str, state: str, *, late: bool) -> None:
        """Work as long as it takes; what acts late has acted before the next try."""
        for _ in range(30):
            self.desk.work()
            if self.desk.shown(convention_id)["state"] == state:
                return
            if late:
                wait_for(self._settled, 10, "the stand-in has answered everything")
            self.desk.later(31)
            with self.desk.runtime.database.transaction() as tx:
                steps.ask_provider(tx, self.desk.now, convention_id)
        raise AssertionError(self.desk.shown(convention_id))

    def _settled(self) -> bool:
        return all(one["status"] is not None for one in self.control.requests())

    def sign_all(self, convention_id: str) -> None:
        (ref,) = self.hands.live(convention_id)
        for signer in self.desk.row(convention_id).signers:
            self.hands.sign(ref, signer.provider_ref or "")


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def provider(request: pytest.FixtureRequest, tmp_path: Path, sandbox: Sandbox) -> Iterator[Provider]:
    weather = request.node.callspec.params.get("weather", {})
    made = Provider(request.param, tmp_path, sandbox, PATIENCE if "seconds" in weather else LONG)
    yield made
    made.desk.close()


@pytest.mark.parametrize("weather", WEATHER.values(), ids=WEATHER)
def test_a_fault_at_every_call_ends_archived_once(provider: Provider, weather: dict[str, Any]) -> None:
    case = provider.case
    provider.strike(weather, *case.send_calls)
    convention_id = provider.desk.ask(signature={"order": "parallel"})
    late = "seconds" in weather
    provider.until(convention_id, "sent", late=late)
    asked, invited = provider.hands.live(convention_id), provider.hands.invitations()
    assert (len(asked), invited) == (1, 2)
    provider.sign_all(convention_id)
    provider.strike(weather, case.reading_call, case.signed_file_call, case.proof_call)
    provider.until(convention_id, "archived", late=late)
    assert (provider.hands.live(convention_id), provider.hands.invitations()) == (asked, invited)
    filed = [path.name for path in (provider.desk.folder / "archive").rglob("*") if path.is_file()]
    assert len(filed) == 1 + len(case.build("http://127.0.0.1:9", (SECRET,)).capabilities.proof_formats)
    for event in ("sent", "signed", "archived"):
        assert provider.desk.events(convention_id).count(f"convention.{event}") == 1


def test_a_callback_forged_stale_unknown_or_repeated_changes_nothing(provider: Provider) -> None:
    """At most it makes the hub ask the provider, who says that nothing has happened."""
    case, desk = provider.case, provider.desk
    convention_id = desk.ask()
    desk.work()
    before = desk.shown(convention_id)
    ours = (desk.row(convention_id).provider_ref or "").encode()
    connector = case.build("http://127.0.0.1:9", (SECRET,))

    def about_ours(event: str) -> bytes:
        raw = case.callback(event)
        (told,) = connector.parse(raw)
        return raw.replace(told.provider_ref.encode(), ours)

    stale = about_ours(next(event for event, kind in case.events.items() if kind is CallbackKind.MOVED))
    unknown = b'{"event": "never.heard.of", "data": {}}'
    sent: list[tuple[bytes, str, Callable[[int], bool]]] = [
        (stale, "another-secret", lambda status: status == 401),
        (stale, SECRET, lambda status: status == 204),
        (stale, SECRET, lambda status: status == 204),
        (unknown, SECRET, lambda status: status == 204),
    ]
    for raw, secret, expected in sent:
        headers = case.sign(raw, secret)
        query = headers.pop(":query", "")
        answer = desk.client.post(f"/v1/callbacks/{case.name}?{query}", data=raw, headers=headers)
        assert expected(answer.status_code), answer.text
    if case.signs_body:
        headers = case.sign(stale, SECRET)
        answer = desk.client.post(f"/v1/callbacks/{case.name}", data=stale + b" ", headers=headers)
        assert answer.status_code == 401
    desk.work()
    after = desk.shown(convention_id)
    assert (after["state"], after["signers"]) == (before["state"], before["signers"])
    assert len(provider.hands.live(convention_id)) == 1
