"""What tests and the demo do to the stand-in besides what all providers' stand-ins are told. Signers are
known by their e-mail.

==========================================  =======================================================
``POST rotate``                             sign with a new key; the one before stays published
==========================================  =======================================================
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from sandbox.signing.controls import keyed, reminded
from sandbox.signing.controls import routes as common
from sandbox.universign.counter import Counter
from sandbox.universign.desk import Desk
from sandbox.universign.refusals import Refusal, answer_refusal


def routes(desk: Desk) -> Blueprint:
    counter, state = Counter(desk), desk.state
    control = common(counter, desk.context, state, desk.webhooks)
    control.register_error_handler(Refusal, answer_refusal)

    reminded(control, counter, desk.lifecycle.remind)
    keyed(control, state)

    @control.post("/rotate")
    def rotate() -> dict[str, Any]:
        with state.lock:
            return {"kid": desk.keys.rotate().kid}

    return control
