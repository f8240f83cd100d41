"""What tests and the demo do to the stand-in besides what all providers' stand-ins are told.

==========================================  =======================================================
``POST preparing``                          new agreements are being prepared for ``looks`` readings
``POST moved``                              calls are refused until ``baseUris`` is asked
``POST changed``                            the next ``times`` changes are told that they come too late
==========================================  =======================================================
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from sandbox.adobe_sign.counter import Counter
from sandbox.adobe_sign.desk import Desk
from sandbox.adobe_sign.refusals import Refusal, answer_refusal
from sandbox.signing.controls import posted
from sandbox.signing.controls import routes as common


def routes(desk: Desk) -> Blueprint:
    state = desk.state
    control = common(Counter(desk), desk.context, state, desk.webhooks)
    control.register_error_handler(Refusal, answer_refusal)

    @control.post("/preparing")
    def delay_documents() -> dict[str, Any]:
        with state.lock:
            state.switchboard.looks = int(posted().get("looks", 0))
        return {}

    @control.post("/moved")
    def move() -> dict[str, Any]:
        with state.lock:
            state.switchboard.moved = True
        return {}

    @control.post("/changed")
    def refuse_changes() -> dict[str, Any]:
        with state.lock:
            state.switchboard.refuses_changes = int(posted().get("times", 1))
        return {}

    return control
