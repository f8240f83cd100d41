"""Redis holds nothing that the database does not: flushed, stopped or restarted, nothing is lost."""

from __future__ import annotations

import time

from tests.fixtures.hub import Hub
from tests.fixtures.redis_server import RedisServer
from tests.fixtures.waiting import wait_for
from tests.flows.ask import airtable_request, assert_archived_once, create, requests_at_provider, sign_all


def test_a_flushed_redis_loses_nothing(hub: Hub, redis_server: RedisServer) -> None:
    hub.start("web")
    convention_id = create(hub, airtable_request())
    redis_server.flush()
    hub.start("worker", "clock")
    hub.until(convention_id, "sent")
    sign_all(hub)
    redis_server.flush()
    assert_archived_once(hub, convention_id)


def test_while_redis_is_stopped_everything_is_taken_in_and_later_done(
    hub: Hub, redis_server: RedisServer
) -> None:
    hub.start()
    waiting = create(hub, airtable_request(), Prefer="wait=25")
    assert hub.state(waiting) == "sent"
    redis_server.stop()
    assert hub.get("/readyz").json()["queue"] is False
    began = time.monotonic()
    sign_all(hub)
    wait_for(lambda: _callbacks_answered(hub) >= 3, 20, "the provider's callbacks were answered 2xx")
    assert time.monotonic() - began < 15
    # the question asked right after the sending may have been on its way when Redis stopped
    assert hub.state(waiting) in {"sent", "opened"}
    redis_server.start()
    assert_archived_once(hub, waiting)
    assert len(requests_at_provider(hub)) == 1


def _callbacks_answered(hub: Hub) -> int:
    """Signatures told by the provider and acknowledged."""
    told = hub.sandbox.control("yousign").get("deliveries")
    done = [d for d in told if d["event_name"].endswith(".done")]
    return sum(1 for d in done if any(one["status"] == 204 for one in d["tries"]))
