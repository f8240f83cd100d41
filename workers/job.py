"""What RQ calls: one step id, in the process that ``workers.worker`` has set up."""

from __future__ import annotations

import logs
from workers.engine import run_step
from workers.runtime import Runtime

_log = logs.get("worker")
_runtime: list[Runtime] = []


def use(runtime: Runtime) -> None:
    """Called once by the worker process before it takes jobs."""
    _runtime[:] = [runtime]


def run(step_id: str) -> None:
    """What even the engine could not record (no database) must not reach RQ, which would keep the
    exception's text in Redis: the step's lease runs out, and the clock hands it over again."""
    try:
        run_step(_runtime[0], step_id)
    except Exception:  # noqa: BLE001 - the top of a job
        _log.exception("step_unrecorded", extra={"step": step_id})
