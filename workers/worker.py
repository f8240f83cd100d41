"""The worker process: ``python -m workers.worker``. Takes step ids from the queue, one at a time.

Jobs run in this very process (no fork): the office stays warm, and a killed worker leaves nothing
running behind it. If Redis is away it waits for it, however long.
"""

from __future__ import annotations

import sys

from rq.serializers import JSONSerializer
from rq.worker import SimpleWorker

import logs
from settings import SettingsError
from workers import job
from workers.queue import NAME, connection
from workers.start import load_runtime


def main() -> int:
    try:
        runtime = load_runtime()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    job.use(runtime)
    logs.get("worker").info("worker_started")
    worker = SimpleWorker(
        [NAME],
        connection=connection(runtime.settings, patient=True),
        serializer=JSONSerializer,
        log_job_description=False,
    )
    worker.max_connection_wait_time = 5.0  # of its own it would look again up to a minute after Redis is back
    try:
        worker.work(logging_level="WARNING", with_scheduler=False)
    finally:
        runtime.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
