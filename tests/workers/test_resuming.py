"""``resume_url``: every call that waits is told once, with the outcome of what it asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from domain.errors import Permanent
from domain.lifecycle import Move
from domain.steps import StepKind
from store import conventions, resumes
from tests.pages.application import sample
from tests.workers.desk import Desk, done, failing

AIRTABLE = {"kind": "airtable", "base": "app" + "a" * 14, "table": "t", "record": "rec" + "b" * 14}


class Callers:
    """The callers' own addresses: ``told`` holds (path, event type, convention) in order."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, str]] = []
        callers = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                event: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["content-length"])))
                callers.told.append((self.path, event["type"], event["data"]["id"]))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def callers() -> Iterator[Callers]:
    listening = Callers()
    yield listening
    listening.server.shutdown()
    listening.server.server_close()


def _work(desk: Desk) -> None:
    for _ in range(3):
        desk.work()
        desk.later(5)


def test_two_scenarios_that_wait_for_one_record_are_both_told_once(desk: Desk, callers: Callers) -> None:
    desk.table[StepKind.SEND] = done
    first = desk.ask(until="rendered", resume_url=f"{callers.url}/one")
    assert desk.ask(until="rendered", resume_url=f"{callers.url}/two") == first
    _work(desk)
    assert sorted(callers.told) == [
        ("/one", "convention.rendered", first),
        ("/two", "convention.rendered", first),
    ]


def test_who_asks_when_it_is_done_already_is_told_at_once(desk: Desk, callers: Callers) -> None:
    first = desk.ask(until="rendered")
    _work(desk)
    desk.ask(until="rendered", resume_url=f"{callers.url}/late")
    _work(desk)
    assert callers.told == [("/late", "convention.rendered", first)]


def test_a_fixed_address_is_told_of_each_call(desk: Desk, callers: Callers) -> None:
    """Make's webhooks have one address for all runs: rendered today, sent tomorrow."""
    first = desk.ask(until="rendered", resume_url=f"{callers.url}/hook")
    _work(desk)
    desk.table[StepKind.SEND] = failing(Permanent("refused", "Non."))
    desk.ask(resume_url=f"{callers.url}/hook")
    _work(desk)
    assert callers.told == [("/hook", "convention.rendered", first), ("/hook", "convention.failed", first)]


def test_a_record_read_twice_tells_each_caller_of_the_one_convention(desk: Desk, callers: Callers) -> None:
    """The second request turns out to repeat the first: its caller is told of what stands, not that its own
    was superseded, and the first caller is left alone."""
    standing = desk.ask(until="rendered", resume_url=f"{callers.url}/first")
    repeated = desk.ask(source=AIRTABLE, until="rendered", resume_url=f"{callers.url}/second")
    with desk.runtime.database.transaction() as tx:
        row, kept = conventions.lock(tx, repeated), conventions.lock(tx, standing)
        resumes.hand_over(tx, desk.now, row, kept)
        row.duplicate_of = standing
        conventions.move(tx, desk.now, row, Move.SUPERSEDED, "hub")
    _work(desk)
    assert sorted(callers.told) == [
        ("/first", "convention.rendered", standing),
        ("/second", "convention.rendered", standing),
    ]


def test_at_the_end_means_at_the_end(desk: Desk, callers: Callers) -> None:
    first = desk.ask(until="rendered", resume_url=f"{callers.url}/end", resume_at="end")
    _work(desk)
    assert callers.told == []
    desk.post(f"/{first}/cancel")
    _work(desk)
    assert callers.told == [("/end", "convention.cancelled", first)]


def test_a_loop_of_callers_is_refused_before_it_swells_the_convention(desk: Desk) -> None:
    for number in range(100):
        desk.ask(resume_url=f"http://127.0.0.1:9/{number}", resume_at="end")
    body = {"source": {"kind": "inline", "fields": sample()}, "resume_url": "http://127.0.0.1:9/more"}
    answer = desk.post("", {**body, "resume_at": "end", "archive": ["folder"]})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "too_many_waiting")
