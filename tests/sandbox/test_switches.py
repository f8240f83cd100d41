"""The control interface common to all stand-ins, around a small app of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import httpx
import pytest
from flask import Flask
from werkzeug.serving import make_server

from sandbox.context import StandIn
from sandbox.switches import Switches
from tests.fixtures.sandbox import Control


@pytest.fixture
def acted() -> list[str]:
    return []


@pytest.fixture
def control(acted: list[str]) -> Iterator[Control]:
    app = Flask("small")

    @app.post("/things")
    def add() -> tuple[str, int]:
        acted.append("thing")
        return "made " * 200, 201

    @app.get("/_control/own")
    def own() -> dict[str, bool]:
        return {"own": True}

    server = make_server("127.0.0.1", 0, Switches(StandIn(app, acted.clear)), threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    with httpx.Client(trust_env=False, timeout=10) as client:
        yield Control(f"http://127.0.0.1:{server.server_port}", client)
    server.shutdown()
    thread.join()
    server.server_close()


def add_thing(control: Control, timeout: float = 10) -> httpx.Response:
    return control.client.post(f"{control.url}/things?key=secret", content=b"x" * 100_000, timeout=timeout)


def test_requests_are_recorded_without_their_query_values(control: Control) -> None:
    add_thing(control)
    (received,) = control.requests("POST", "/things")
    assert (received["n"], received["query_keys"], received["status"]) == (1, ["key"], 201)
    assert "secret" not in str(received)


def test_controls_are_not_recorded_and_suffer_no_fault(control: Control) -> None:
    control.fault("error", times=None)
    assert control.get("own") == {"own": True}
    assert control.requests() == []


def test_an_error_is_answered_as_often_as_ordered_and_nothing_is_done(
    control: Control, acted: list[str]
) -> None:
    control.fault(
        "error", "POST", "^/things$", status=429, headers={"Retry-After": "7"}, body={"a": 1}, times=2
    )
    first, second, third = add_thing(control), add_thing(control), add_thing(control)
    assert (first.status_code, first.headers["Retry-After"], first.json()) == (429, "7", {"a": 1})
    assert (second.status_code, third.status_code) == (429, 201)
    assert acted == ["thing"]


def test_cut_before_closes_the_connection_and_does_nothing(control: Control, acted: list[str]) -> None:
    control.fault("cut_before")
    with pytest.raises(httpx.RemoteProtocolError):
        add_thing(control)
    assert acted == []


def test_cut_after_acts_and_closes_the_connection_without_an_answer(
    control: Control, acted: list[str]
) -> None:
    control.fault("cut_after")
    with pytest.raises(httpx.RemoteProtocolError):
        add_thing(control)
    assert acted == ["thing"]
    assert control.requests()[0]["status"] is None


def test_a_truncated_body_announces_more_than_it_gives(control: Control) -> None:
    control.fault("truncate")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        add_thing(control)


def test_a_dripped_body_takes_its_time_and_is_whole(control: Control) -> None:
    control.fault("drip", seconds=0.3)
    answer = add_thing(control)
    assert len(answer.content) == 1000
    assert answer.elapsed.total_seconds() >= 0.25


@pytest.mark.parametrize("kind", ["delay", "delay_after"])
def test_a_delayed_answer_outlasts_a_short_timeout(control: Control, kind: str) -> None:
    control.fault(kind, seconds=0.5)
    with pytest.raises(httpx.ReadTimeout):
        add_thing(control, timeout=0.1)


def test_a_fault_strikes_only_its_method_and_path(control: Control) -> None:
    control.fault("error", "GET", "things")
    control.fault("error", "POST", "others")
    assert add_thing(control).status_code == 201


def test_clear_takes_the_faults_away(control: Control) -> None:
    control.fault("error", times=None)
    control.clear()
    assert add_thing(control).status_code == 201


def test_reset_empties_the_state_the_record_and_the_faults(control: Control, acted: list[str]) -> None:
    add_thing(control)
    control.fault("error", times=None)
    control.reset()
    assert (acted, control.requests()) == ([], [])
    assert add_thing(control).status_code == 201


@pytest.mark.parametrize("order", [{"kind": "explode"}, {"kind": "error", "stauts": 500}, {}, []])
def test_a_misspelt_fault_is_refused(control: Control, order: object) -> None:
    answer = control.client.post(f"{control.url}/_control/faults", json=order)
    assert answer.status_code == 400


def test_the_process_announces_its_url_and_resets_as_a_whole(sandbox: object) -> None:
    assert getattr(sandbox, "url", "").startswith("http://127.0.0.1:")
