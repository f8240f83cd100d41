"""Outgoing events: signed, once per listener, repeated until taken, never to a private address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from tests.fixtures.databases import on_postgresql
from tests.fixtures.hub import Hub
from tests.fixtures.waiting import wait_for
from tests.flows.ask import airtable_request, create, sign_all

pytestmark = on_postgresql


class Listener:
    """A caller's webhook: ``statuses`` are answered in turn, then 200."""

    def __init__(self) -> None:
        self.received: list[tuple[str, dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                listener.received.append((self.path, headers, raw))
                self.send_response(listener.statuses.pop(0) if listener.statuses else 200)
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def types(self) -> list[str]:
        return [json.loads(raw)["type"] for _, _, raw in self.received]


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener()
    yield listening
    listening.server.shutdown()
    listening.server.server_close()


def test_a_hook_receives_every_event_signed_and_in_the_shape_that_is_polled(
    hub: Hub, listener: Listener
) -> None:
    hub.start()
    hook = hub.post("/v1/hooks", {"url": f"{listener.url}/hook"}).json()
    convention_id = create(hub, airtable_request(), Prefer="wait=25")
    sign_all(hub)
    hub.until(convention_id, "archived")
    wait_for(lambda: "convention.archived" in listener.types(), 30, "the last event arrived")
    polled = {event["id"]: event for event in hub.get("/v1/events").json()}
    wait_for(lambda: len(listener.received) >= len(polled), 30, "every event arrived")
    assert len(listener.received) == len(polled)
    for _, headers, raw in listener.received:
        assert Webhook(hook["secret"]).verify(raw, headers) == polled[headers["webhook-id"]]
    first = next(e for e in polled.values() if e["type"] == "convention.rendered")
    assert hub.get(f"/v1/events?since={first['id']}").json()[-1]["sequence"] == 2


def test_a_listener_that_fails_is_called_again_with_the_same_event(hub: Hub, listener: Listener) -> None:
    listener.statuses = [503, 404]
    hub.start()
    hub.post("/v1/hooks", {"url": listener.url, "events": ["convention.rendered"]})
    create(hub, airtable_request(until="rendered"), Prefer="wait=25")
    wait_for(lambda: len(listener.received) >= 3, 40, "called until it answers 2xx")
    assert len({headers["webhook-id"] for _, headers, _ in listener.received}) == 1
    assert [headers["x-paraphe-attempt"] for _, headers, _ in listener.received] == ["1", "2", "3"]


def test_a_listener_that_is_gone_is_forgotten(hub: Hub, listener: Listener) -> None:
    listener.statuses = [410]
    hub.start()
    hub.post("/v1/hooks", {"url": listener.url})
    create(hub, airtable_request(until="rendered"), Prefer="wait=25")
    wait_for(lambda: not hub.get("/v1/hooks").json()["items"], 30, "the subscription ended")
    assert len(listener.received) == 1


def test_resume_url_is_called_once_with_the_outcome(hub: Hub, listener: Listener) -> None:
    hub.start()
    body = airtable_request(resume_url=f"{listener.url}/resume?signature=abc", external_id="run-7")
    create(hub, body, Prefer="wait=25")
    wait_for(lambda: listener.received, 30, "the caller is resumed")
    path, headers, raw = listener.received[0]
    assert path == "/resume?signature=abc"
    event = json.loads(raw)
    assert (event["type"], event["data"]["external_id"]) == ("convention.sent", "run-7")
    secret = hub.environ["PARAPHE_EVENTS_SECRET"]
    assert Webhook(secret).verify(raw, headers) == event
    sign_all(hub)
    wait_for(lambda: "convention.archived" in _event_types(hub), 40, "the convention is archived")
    assert len(listener.received) == 1


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://[::1]/", "http://169.254.169.254/latest", "http://0x7f.1/"]
)
def test_a_private_address_is_refused_before_anything_is_written(hub: Hub, url: str) -> None:
    hub.environ["PARAPHE_ALLOWED_NETWORKS"] = "198.51.100.0/24"
    hub.start("web")
    for path, body in [("/v1/conventions", airtable_request(resume_url=url)), ("/v1/hooks", {"url": url})]:
        answer = hub.post(path, body)
        assert (answer.status_code, answer.json()["code"]) == (422, "url_not_allowed")
    assert hub.get("/v1/conventions").json()["items"] == []


def _event_types(hub: Hub) -> list[str]:
    return [event["type"] for event in hub.get("/v1/events").json()]
