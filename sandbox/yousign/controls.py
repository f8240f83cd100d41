"""What tests and the demo do to the stand-in besides what all providers' stand-ins are told.

==========================================  =======================================================
``POST spoiled``                            hand out wrong files: ``{"how"}`` (see ``spoiling.py``) or null
==========================================  =======================================================
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from sandbox.signing.controls import keyed, posted, reminded
from sandbox.signing.controls import routes as common
from sandbox.yousign import spoiling
from sandbox.yousign.counter import Counter
from sandbox.yousign.desk import Desk
from sandbox.yousign.refusals import Refusal, answer_refusal, bad_request


def routes(desk: Desk) -> Blueprint:
    counter, state = Counter(desk), desk.state
    control = common(counter, desk.context, state, desk.webhooks)
    control.register_error_handler(Refusal, answer_refusal)

    reminded(control, counter, desk.lifecycle.remind)
    keyed(control, state)

    @control.post("/spoiled")
    def spoil() -> dict[str, Any]:
        how = posted().get("how")
        if how is not None and how not in spoiling.WAYS:
            raise bad_request(f"how: one of {', '.join(spoiling.WAYS)}")
        with state.lock:
            state.switchboard.spoiled = how
        return {}

    return control
