"""The worker process: ``python -m workers.worker``. Takes step ids from the queue, one at a time.

Jobs run in this very process (no fork): the office stays warm, and a killed worker leaves nothing
running behind it. If Redis is away it waits for it, however long.
"""

from __future__ import annotations

import signal
import sys
import time
from types import FrameType

from redis.exceptions import RedisError
from rq.serializers import JSONSerializer
from rq.worker import SimpleWorker

import logs
from settings import SettingsError
from workers import job
from workers.queue import NAME, connection
from workers.runtime import Runtime
from workers.start import load_runtime

_log = logs.get("worker")
_LOOK_AGAIN_SECONDS = 2.0


def main() -> int:
    try:
        runtime = load_runtime()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    job.use(runtime)
    _log.info("worker_started")
    try:
        while not _worked(runtime):
            time.sleep(_LOOK_AGAIN_SECONDS)
    finally:
        runtime.close()
    return 0


class _Worker(SimpleWorker):
    """RQ leaves its loop for many reasons (a time-out of Redis, a job that it cannot read) and says nothing
    of which; only a signal should end ours."""

    asked_to_stop = False

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]  # RQ is typed in part


def _worked(runtime: Runtime) -> bool:
    """Work until asked to stop; False when RQ gave up, or Redis went away in the middle of its bookkeeping.
    What the step did stands in the database all the same."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    try:
        worker = _Worker(
            [NAME],
            connection=connection(runtime.settings, patient=True),
            serializer=JSONSerializer,
            log_job_description=False,
        )
        # of its own RQ would look again up to a minute after Redis is back
        worker.max_connection_wait_time = _LOOK_AGAIN_SECONDS
        worker.work(logging_level="WARNING", with_scheduler=False)
    except RedisError:
        _log.warning("queue_unavailable")
        return False
    return worker.asked_to_stop


if __name__ == "__main__":
    sys.exit(main())
