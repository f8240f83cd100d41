"""The worker process itself, against a Redis that fails it."""

from __future__ import annotations

import pytest
from redis import Redis

from tests.fixtures.databases import one_database
from tests.fixtures.hub import Hub
from tests.fixtures.redis_server import RedisServer
from tests.fixtures.waiting import wait_for
from tests.flows.ask import airtable_request, create

pytestmark = one_database


def test_a_job_that_cannot_be_read_does_not_end_the_worker(hub: Hub, redis_server: RedisServer) -> None:
    """A shared Redis, an older version's job: RQ then leaves its loop as if it had been asked to stop."""
    redis = Redis.from_url(redis_server.url)
    redis.hset("rq:job:odd", mapping={"created_at": "yesterday", "data": b"\xff", "timeout": "soon"})
    redis.rpush("rq:queue:steps", "odd")
    hub.start("worker")
    wait_for(lambda: redis.llen("rq:queue:steps") == 0, 20, "the worker took it")
    hub.start("web", "clock")
    hub.until(create(hub, airtable_request(until="rendered")), "rendered")


@pytest.mark.parametrize("failure", ["flushed", "cut off", "stopped a moment"])
def test_a_redis_that_fails_in_the_middle_of_a_job_does_not_end_the_worker(
    hub: Hub, redis_server: RedisServer, failure: str
) -> None:
    hub.start()
    airtable = hub.sandbox.control("airtable")
    airtable.fault("delay", "GET", "/v0/", seconds=3)
    convention_id = create(hub, airtable_request(until="rendered"))
    wait_for(lambda: airtable.requests("GET"), 20, "the worker is in the middle of a step")
    if failure == "flushed":
        redis_server.flush()
    elif failure == "cut off":
        redis = Redis.from_url(redis_server.url)
        for connection in redis.client_list():
            redis.client_kill_filter(_id=connection["id"])
    else:
        redis_server.stop()
        redis_server.start()
    hub.until(convention_id, "rendered")
