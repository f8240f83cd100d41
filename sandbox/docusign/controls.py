"""What tests and the demo do to the stand-in besides the common switches (``sandbox/signing/controls.py``).

==========================================  =======================================================
``GET signature_requests``                  envelopes: ids, external_id, status, signers with their links
``POST open|sign|decline``                  act as ``{"signature_request", "signer": id or "all"}``
``POST expire``                             the envelope's time has passed
``GET code?request=&signer=``, ``messages`` what would have been sent by SMS and e-mail
``POST account``                            ``{"has_consent", "has_phone_workflow": bool}``
``POST tokens``                             every access token is revoked
``POST connect_keys``                       ``{"keys": [...]}``: the active Connect keys
``POST not_ready``                          downloads answer ``status`` for ``calls``
``GET deliveries``, ``POST deliver``        what was sent; send again, corrupt or unknown
==========================================  =======================================================
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, request

from sandbox.docusign.answers import moment
from sandbox.docusign.desk import Desk
from sandbox.docusign.refusals import Refusal, answer_refusal
from sandbox.docusign.state import Envelope, Signer
from sandbox.signing.controls import common, posted

HERE = "127.0.0.1"
ALL = "all"


def routes(desk: Desk) -> Blueprint:
    control = Blueprint("controls", __name__, url_prefix="/_control")
    control.register_error_handler(Refusal, answer_refusal)
    common(control, desk.context, desk.state.lock, desk.connect.mischiefs)
    _looking(control, desk)
    _acting(control, desk)
    _ordering(control, desk)
    _delivering(control, desk)
    return control


def _looking(control: Blueprint, desk: Desk) -> None:
    state = desk.state

    @control.get("/signature_requests")
    def summaries() -> list[dict[str, Any]]:
        with state.lock:
            return [_summary(one, desk.link_base) for one in state.envelopes.values()]

    @control.get("/messages")
    def messages() -> list[dict[str, Any]]:
        with state.lock:
            return [asdict(one) for one in state.messages]

    @control.get("/code")
    def code() -> dict[str, Any]:
        with state.lock:
            return {"code": desk.signer(request.args["request"], request.args["signer"])[1].code}


def _acting(control: Blueprint, desk: Desk) -> None:
    lifecycle = desk.lifecycle

    @control.post("/open")
    def open_link() -> dict[str, Any]:
        with desk.state.lock:
            envelope, signers = _chosen(desk)
            for signer in signers:
                lifecycle.open(envelope, signer, HERE)
            return _summary(envelope, desk.link_base)

    @control.post("/sign")
    def sign() -> dict[str, Any]:
        with desk.state.lock:
            envelope, signers = _chosen(desk)
            for signer in signers:
                lifecycle.open(envelope, signer, HERE)
                lifecycle.consent(envelope, signer)
                lifecycle.sign(envelope, signer, signer.code)
            return _summary(envelope, desk.link_base)

    @control.post("/decline")
    def decline() -> dict[str, Any]:
        with desk.state.lock:
            envelope, signers = _chosen(desk)
            for signer in signers[:1]:
                reason = str(posted().get("reason", "Je ne souhaite pas signer."))
                lifecycle.decline(envelope, signer, reason)
            return _summary(envelope, desk.link_base)

    @control.post("/expire")
    def expire() -> dict[str, Any]:
        with desk.state.lock:
            envelope = desk.envelope(str(posted().get("signature_request")))
            lifecycle.expire(envelope)
            return _summary(envelope, desk.link_base)


def _ordering(control: Blueprint, desk: Desk) -> None:
    state = desk.state

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

    @control.post("/not_ready")
    def delay_files() -> dict[str, Any]:
        order = posted()
        with state.lock:
            state.switchboard.not_ready_calls = int(order.get("calls", 0))
            state.switchboard.not_ready_status = int(order.get("status", 404))
        return {}


def _delivering(control: Blueprint, desk: Desk) -> None:
    @control.get("/deliveries")
    def deliveries() -> list[dict[str, Any]]:
        with desk.state.lock:
            return [one.told() for one in desk.connect.deliveries]

    @control.post("/deliver")
    def deliver() -> list[dict[str, Any]]:
        """Send again what matches ``event_name`` and ``signature_request``, ``times`` over, and wait for the
        answers; with ``unknown`` queue an event of no known kind."""
        order = posted()
        with desk.state.lock:
            if order.get("unknown"):
                desk.connect.send_unknown(desk.envelope(str(order.get("signature_request"))))
                return []
            wanted = {"event_name": order.get("event_name"), "envelope_id": order.get("signature_request")}
            chosen = [
                one
                for one in desk.connect.deliveries
                if all(value in (None, getattr(one, key)) for key, value in wanted.items())
            ]
            copies = [
                desk.connect.repeat(one, corrupt=bool(order.get("corrupt")))
                for one in chosen
                for _ in range(int(order.get("times", 1)))
            ]
        for one in copies:
            one.attempt()
        return [one.told() for one in copies]


def _chosen(desk: Desk) -> tuple[Envelope, list[Signer]]:
    """The envelope and the signers that the order names: one by its id, or ``all`` still to act, in their
    order (the default)."""
    order = posted()
    envelope = desk.envelope(str(order.get("signature_request")))
    chosen = order.get("signer", ALL)
    if chosen == ALL:
        return envelope, [signer for signer in envelope.signers if signer.status != "completed"]
    return envelope, [desk.signer(envelope.id, str(chosen))[1]]


def _summary(of: Envelope, link_base: str) -> dict[str, Any]:
    return {
        "id": of.id,
        "external_id": of.external_id,
        "name": of.asked["emailSubject"],
        "status": of.status,
        "expiration_date": moment(of.expires_at),
        "signers": [
            {"id": one.id, "name": one.name, "status": one.status, "link": f"{link_base}/{one.token}"}
            for one in of.signers
        ],
    }
