"""What tests and the demo do to the stand-in besides what all providers' stand-ins are told. Signers are
numbered anew in each envelope: ``GET code`` wants the ``signature_request`` too.

==========================================  =======================================================
``POST account``                            ``{"has_consent", "has_phone_workflow": bool}``
``POST tokens``                             every access token is revoked
``POST connect_keys``                       ``{"keys": [...]}``: the active Connect keys
==========================================  =======================================================
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from sandbox.docusign.counter import Counter
from sandbox.docusign.desk import Desk
from sandbox.docusign.refusals import Refusal, answer_refusal
from sandbox.signing.controls import posted
from sandbox.signing.controls import routes as common


def routes(desk: Desk) -> Blueprint:
    state = desk.state
    control = common(Counter(desk), desk.context, state, desk.connect)
    control.register_error_handler(Refusal, answer_refusal)

    @control.post("/account")
    def change_account() -> dict[str, Any]:
        order = posted()
        with state.lock:
            state.switchboard.has_consent = bool(order.get("has_consent", True))
            state.switchboard.has_phone_workflow = bool(order.get("has_phone_workflow", True))
        return {}

    @control.post("/tokens")
    def revoke() -> dict[str, Any]:
        with state.lock:
            state.tokens.clear()
        return {}

    @control.post("/connect_keys")
    def change_keys() -> dict[str, Any]:
        with state.lock:
            state.connect_keys = [str(key) for key in posted()["keys"]]
        return {}

    return control
