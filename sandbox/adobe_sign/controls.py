"""What tests and the demo do to the stand-in besides the common switches.

==========================================  =======================================================
``GET ca.pem``                              the root that verifiers must trust
``GET signature_requests``                  ids, external_id, status, signers with their links
``POST open|sign|decline``                  act as ``{"signature_request", "signer": id or "all"}``
``POST expire``                             time passes
``GET code?signer=``, ``GET messages``      what would have been sent by SMS and e-mail
``POST not_ready``                          downloads are not available for ``calls``
``POST preparing``                          new agreements are being prepared for ``looks`` readings
``POST moved``                              calls are refused until ``baseUris`` is asked
``POST changed``                            the next ``times`` changes are told that they come too late
``POST webhooks``, ``DELETE webhooks``      order a mischief (see ``mischief.py``), or end them all
``GET deliveries``, ``POST deliver``        what was sent; send again, corrupt or unknown
==========================================  =======================================================
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, request

from sandbox.adobe_sign.answers import moment, security
from sandbox.adobe_sign.desk import Desk
from sandbox.adobe_sign.refusals import Refusal, answer_refusal, bad_request, not_found
from sandbox.adobe_sign.state import Agreement, Participant
from sandbox.signing.mischief import Mischief

HERE = "127.0.0.1"
ALL = "all"


def routes(desk: Desk) -> Blueprint:
    control = Blueprint("controls", __name__, url_prefix="/_control")
    control.register_error_handler(Refusal, answer_refusal)
    _looking(control, desk)
    _acting(control, desk)
    _ordering(control, desk)
    _delivering(control, desk)
    return control


def _looking(control: Blueprint, desk: Desk) -> None:
    state = desk.state

    @control.get("/ca.pem")
    def trusted_root() -> Response:
        return Response(desk.context.authority.root.certificate_pem, mimetype="application/x-pem-file")

    @control.get("/signature_requests")
    def summaries() -> list[dict[str, Any]]:
        with state.lock:
            return [_summary(one, desk.link_base) for one in state.agreements.values()]

    @control.get("/messages")
    def messages() -> list[dict[str, Any]]:
        with state.lock:
            return [asdict(one) for one in state.messages]

    @control.get("/code")
    def code() -> dict[str, Any]:
        with state.lock:
            for _, one in state.participants():
                if one.id == request.args.get("signer"):
                    return {"code": one.code}
        raise not_found("INVALID_PARTICIPANT_ID", "no such signer")


def _acting(control: Blueprint, desk: Desk) -> None:
    lifecycle = desk.lifecycle

    @control.post("/open")
    def open_link() -> dict[str, Any]:
        with desk.state.lock:
            within, ones = _chosen(desk)
            for one in ones:
                lifecycle.open(within, one, HERE)
            return _summary(within, desk.link_base)

    @control.post("/sign")
    def sign() -> dict[str, Any]:
        with desk.state.lock:
            within, ones = _chosen(desk)
            for one in ones:
                lifecycle.open(within, one, HERE)
                lifecycle.accept(within, one)
                lifecycle.sign(within, one, one.code)
            return _summary(within, desk.link_base)

    @control.post("/decline")
    def decline() -> dict[str, Any]:
        with desk.state.lock:
            within, ones = _chosen(desk)
            for one in ones[:1]:
                lifecycle.decline(within, one, str(_order().get("reason", "Je ne souhaite pas signer.")))
            return _summary(within, desk.link_base)

    @control.post("/expire")
    def expire() -> dict[str, Any]:
        with desk.state.lock:
            within = desk.agreement(_asked_for())
            lifecycle.expire(within)
            return _summary(within, desk.link_base)


def _ordering(control: Blueprint, desk: Desk) -> None:
    state = desk.state

    @control.post("/not_ready")
    def delay_files() -> dict[str, Any]:
        with state.lock:
            state.switchboard.not_ready_calls = int(_order().get("calls", 0))
        return {}

    @control.post("/preparing")
    def delay_documents() -> dict[str, Any]:
        with state.lock:
            state.switchboard.looks = int(_order().get("looks", 0))
        return {}

    @control.post("/moved")
    def move() -> dict[str, Any]:
        with state.lock:
            state.switchboard.moved = True
        return {}

    @control.post("/changed")
    def refuse_changes() -> dict[str, Any]:
        with state.lock:
            state.switchboard.refuses_changes = int(_order().get("times", 1))
        return {}

    @control.post("/webhooks")
    def order_mischief() -> tuple[dict[str, Any], int]:
        try:
            ordered = Mischief.from_json(_order())
        except (ValueError, KeyError, TypeError) as wrong:
            raise bad_request("INVALID_ARGUMENTS", f"not a mischief: {wrong}") from wrong
        with state.lock:
            desk.webhooks.mischiefs.append(ordered)
        return {}, 201

    @control.delete("/webhooks")
    def end_mischief() -> dict[str, Any]:
        with state.lock:
            desk.webhooks.mischiefs.clear()
        return {}


def _delivering(control: Blueprint, desk: Desk) -> None:
    @control.get("/deliveries")
    def deliveries() -> list[dict[str, Any]]:
        with desk.state.lock:
            return [one.told() for one in desk.webhooks.deliveries]

    @control.post("/deliver")
    def deliver() -> list[dict[str, Any]]:
        """Send again what matches ``event_id`` and ``event_name``, ``times`` over, and wait for the answers;
        with ``unknown`` queue an event of no known kind."""
        order = _order()
        with desk.state.lock:
            if order.get("unknown"):
                desk.webhooks.send_unknown(desk.agreement(_asked_for()))
                return []
            wanted = {key: order[key] for key in order.keys() & {"event_id", "event_name"}}
            chosen = {
                one.event_id: one
                for one in desk.webhooks.deliveries
                if all(getattr(one, key) == value for key, value in wanted.items())
            }
            copies = [
                desk.webhooks.repeat(one, corrupt=bool(order.get("corrupt")))
                for one in chosen.values()
                for _ in range(int(order.get("times", 1)))
            ]
        for one in copies:
            one.attempt()
        return [one.told() for one in copies]


def _order() -> dict[str, Any]:
    content = request.get_json(silent=True)
    if not isinstance(content, dict):
        raise bad_request("INVALID_JSON", "expected a JSON object")
    return content


def _asked_for() -> str:
    order = _order()
    return str(order.get("signature_request") or order.get("request"))


def _chosen(desk: Desk) -> tuple[Agreement, list[Participant]]:
    """The agreement and the signers that the order names: one by its id, or ``all`` still to act, in their
    order (the default)."""
    within = desk.agreement(_asked_for())
    chosen = _order().get("signer", ALL)
    if chosen == ALL:
        left = [one for one in within.participants if one.is_waiting]
        return within, sorted(left, key=lambda one: one.order)
    return within, [desk.participant(within.id, str(chosen))[1]]


def _summary(of: Agreement, link_base: str) -> dict[str, Any]:
    return {
        "id": of.id,
        "external_id": of.external_id,
        "name": of.asked["name"],
        "status": of.status,
        "expiration_date": moment(of.expires_at),
        "signers": [
            {
                "id": one.id,
                "name": one.signer_name,
                "status": one.state,
                "authentication": security(one)["authenticationMethod"],
                "link": f"{link_base}/{one.token}",
            }
            for one in of.participants
        ],
    }
