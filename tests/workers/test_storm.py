"""Everybody at once, in an order drawn by chance: callers, buttons pressed twice, callbacks, three workers
and a clock. Nothing is a 5xx, nothing is stuck, and the provider and the hub agree in the end."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from domain.journal import broken_at
from domain.lifecycle import AT_PROVIDER, ENDED, State
from domain.steps import StepState
from store import journal
from tests.fixtures.sandbox import Control, Sandbox
from tests.handlers.callbacks import signed
from tests.pages.application import sample
from tests.workers.desk import Desk
from workers import clock

CONVENTIONS, ROUNDS = 5, 25
#: what the provider may say of a request when the convention is in this state
AGREED: dict[State, set[str | None]] = {
    State.SENT: {"ongoing"},
    State.OPENED: {"ongoing"},
    State.ARCHIVED: {"done"},
    State.CANCELLED: {"canceled", None},
}


class Storm:
    def __init__(self, desk: Desk, provider: Control, seed: int) -> None:
        self.desk, self.provider, self.chance = desk, provider, random.Random(seed)
        self.known: dict[str, str] = {}
        self.answers: list[tuple[str, int]] = []
        self.broken: list[Exception] = []
        self.over = Event()

    def rage(self) -> None:
        callers = [Thread(target=self._rounds, args=(self._call,)) for _ in range(3)]
        callers.append(Thread(target=self._rounds, args=(self._sign_or_call_back,)))
        others = [Thread(target=self._until_over, args=(act,)) for act in (self._work,) * 3 + (self._tick,)]
        for thread in (*callers, *others):
            thread.start()
        for thread in callers:
            thread.join()
        self.over.set()
        for thread in others:
            thread.join()

    def _rounds(self, act: Callable[[], None]) -> None:
        with self._telling():
            for _ in range(ROUNDS):
                act()

    def _until_over(self, act: Callable[[], None]) -> None:
        with self._telling():
            while not self.over.is_set():
                act()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What breaks in a thread must break the test."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - told by the test
            self.broken.append(error)

    def _call(self) -> None:
        number = f"D2026-{self.chance.randrange(CONVENTIONS):04}"
        if number not in self.known or self.chance.random() < 0.3:
            fields = {**sample(), "N° dossier": number}
            answer = self.desk.post("", {"source": {"kind": "inline", "fields": fields}})
            self.answers.append(("create", answer.status_code))
            if answer.status_code < 300:
                self.known[number] = answer.get_json()["id"]
            return
        action = self.chance.choice(["send", "remind", "archive", "retry", "send", "cancel"])
        answer = self.desk.post(f"/{self.known[number]}/{action}")
        self.answers.append((action, answer.status_code))
        self.desk.shown(self.known[number])

    def _sign_or_call_back(self) -> None:
        for request in self._requests():
            if request["status"] == "ongoing" and self.chance.random() < 0.1:
                act = {"signature_request": request["id"], "signer": "all"}
                self.provider.client.post(f"{self.provider.url}/_control/sign", json=act)
            content: dict[str, Any] = {
                "event_name": "signer.done",
                "event_id": str(self.chance.randrange(500)),
            }
            raw, headers = signed({**content, "data": {"signature_request": {"id": request["id"]}}})
            answer = self.desk.client.post("/v1/callbacks/yousign", data=raw, headers=headers)
            self.answers.append(("callback", answer.status_code))

    def _work(self) -> None:
        for step_id in self.desk.due()[:5]:
            self.desk.run(step_id)

    def _tick(self) -> None:
        clock.tick(self.desk.runtime)

    def _requests(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.provider.get("signature_requests")
        return found

    def settle(self) -> None:
        """The wind falls: everything that was begun is brought to its end."""
        for _ in range(12):
            clock.tick(self.desk.runtime)
            self.desk.work()
            self.desk.later(600)

    def statuses(self, convention_id: str) -> list[str]:
        return [one["status"] for one in self._requests() if one["external_id"] == convention_id]


def test_everybody_at_once(served: Desk, sandbox: Sandbox) -> None:
    storm = Storm(served, sandbox.control("yousign"), seed=20261215)
    storm.rage()
    assert storm.broken == []
    assert [answer for answer in storm.answers if answer[1] >= 500] == []
    storm.settle()
    items = served.client.get("/v1/conventions?limit=200", headers=served.authorised).get_json()["items"]
    assert {item["state"] for item in items} - {"cancelled"}, "something but cancellations happened"
    for item in items:
        _sound(served, storm, item)


def _sound(desk: Desk, storm: Storm, item: dict[str, Any]) -> None:
    state, said = State(item["state"]), storm.statuses(item["id"])
    assert state in ENDED | AT_PROVIDER, item
    assert len([one for one in said if one != "draft"]) <= 1, (item, said)
    assert (said[0] if said else None) in AGREED[state], (item, said)
    assert item.get("problem") is None or item["problem"]["step"] in ("cancel", "remind"), item
    unfinished = [
        step for step in desk.steps(item["id"]) if step.state in (StepState.WAITING, StepState.RUNNING)
    ]
    assert unfinished == []
    assert desk.events(item["id"]).count("convention.sent") <= 1
    with desk.runtime.database.reading() as session:
        assert broken_at(journal.entries(session, item["id"])) is None
