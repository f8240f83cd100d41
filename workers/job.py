"""What RQ calls: one step id, in the process that ``workers.worker`` has set up."""

from __future__ import annotations

from workers.engine import run_step
from workers.runtime import Runtime

_runtime: list[Runtime] = []


def use(runtime: Runtime) -> None:
    """Called once by the worker process before it takes jobs."""
    _runtime[:] = [runtime]


def run(step_id: str) -> None:
    run_step(_runtime[0], step_id)
