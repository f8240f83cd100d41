"""What tests and the demo do to the stand-in besides the common switches.

==========================================  =======================================================
``GET ca.pem``                              the root that verifiers must trust
``GET signature_requests``                  ids, external_id, status, signers with their links
``POST open|sign|decline``                  act as ``{"signature_request", "signer": id or "all"}``
``POST expire|remind``                      time passes: expiry, automatic reminder
``GET code?signer=``, ``GET messages``      what would have been sent by SMS and e-mail
``POST keys``                               ``{"accepted": [...] or null}``
``POST not_ready``                          downloads answer ``status`` for ``calls`` or ``seconds``
``POST spoiled``                            hand out wrong files: ``{"how"}`` (see ``spoiling.py``) or null
``POST webhooks``, ``DELETE webhooks``      order a mischief (see ``mischief.py``), or end them all
``GET deliveries``, ``POST deliver``        what was sent; send again, corrupt or unknown
==========================================  =======================================================
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request

from sandbox.yousign import spoiling
from sandbox.yousign.answers import moment
from sandbox.yousign.desk import Desk
from sandbox.yousign.mischief import Mischief
from sandbox.yousign.refusals import Refusal, answer_refusal, bad_request, not_found
from sandbox.yousign.state import SignatureRequest, Signer, now

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
            return [_summary(one, desk.link_base) for one in state.requests.values()]

    @control.get("/messages")
    def messages() -> list[dict[str, Any]]:
        with state.lock:
            return [asdict(one) for one in state.messages]

    @control.get("/code")
    def code() -> dict[str, Any]:
        with state.lock:
            for _, signer in state.signers():
                if signer.id == request.args.get("signer"):
                    return {"code": signer.code}
        raise not_found("Signer")


def _acting(control: Blueprint, desk: Desk) -> None:
    lifecycle = desk.lifecycle

    @control.post("/open")
    def open_link() -> dict[str, Any]:
        with desk.state.lock:
            within, signers = _chosen(desk)
            for signer in signers:
                lifecycle.open(within, signer, HERE)
            return _summary(within, desk.link_base)

    @control.post("/sign")
    def sign() -> dict[str, Any]:
        with desk.state.lock:
            within, signers = _chosen(desk)
            for signer in signers:
                lifecycle.open(within, signer, HERE)
                lifecycle.consent(within, signer)
                lifecycle.sign(within, signer, signer.code)
            return _summary(within, desk.link_base)

    @control.post("/decline")
    def decline() -> dict[str, Any]:
        with desk.state.lock:
            within, signers = _chosen(desk)
            for signer in signers[:1]:
                lifecycle.decline(within, signer, str(_order().get("reason", "Je ne souhaite pas signer.")))
            return _summary(within, desk.link_base)

    @control.post("/expire")
    def expire() -> dict[str, Any]:
        with desk.state.lock:
            within = desk.request(str(_order().get("signature_request")))
            lifecycle.expire(within)
            return _summary(within, desk.link_base)

    @control.post("/remind")
    def remind() -> dict[str, Any]:
        with desk.state.lock:
            within, signers = _chosen(desk)
            for signer in signers:
                lifecycle.remind(within, signer, automatic=True)
            return _summary(within, desk.link_base)


def _ordering(control: Blueprint, desk: Desk) -> None:
    board = desk.state

    @control.post("/keys")
    def accept_keys() -> dict[str, Any]:
        accepted = _order().get("accepted")
        with board.lock:
            board.switchboard.keys = None if accepted is None else set(accepted)
        return {}

    @control.post("/not_ready")
    def delay_files() -> dict[str, Any]:
        order = _order()
        with board.lock:
            switchboard = board.switchboard
            switchboard.not_ready_calls = int(order.get("calls", 0))
            switchboard.not_ready_until = now() + timedelta(seconds=float(order.get("seconds", 0)))
            switchboard.not_ready_status = int(order.get("status", 404))
        return {}

    @control.post("/spoiled")
    def spoil() -> dict[str, Any]:
        how = _order().get("how")
        if how is not None and how not in spoiling.WAYS:
            raise bad_request(f"how: one of {', '.join(spoiling.WAYS)}")
        with board.lock:
            board.switchboard.spoiled = how
        return {}

    @control.post("/webhooks")
    def order_mischief() -> tuple[dict[str, Any], int]:
        try:
            ordered = Mischief.from_json(_order())
        except (ValueError, KeyError, TypeError) as wrong:
            raise bad_request(f"not a mischief: {wrong}") from wrong
        with board.lock:
            desk.webhooks.mischiefs.append(ordered)
        return {}, 201

    @control.delete("/webhooks")
    def end_mischief() -> dict[str, Any]:
        with board.lock:
            desk.webhooks.mischiefs.clear()
        return {}


def _delivering(control: Blueprint, desk: Desk) -> None:
    @control.get("/deliveries")
    def deliveries() -> list[dict[str, Any]]:
        with desk.state.lock:
            return [one.told() for one in desk.webhooks.deliveries]

    @control.post("/deliver")
    def deliver() -> list[dict[str, Any]]:
        """Send again what matches ``event_id``, ``event_name`` and ``signature_request``, ``times``
        over, and wait for the answers; with ``unknown`` queue an event of no known kind."""
        order = _order()
        with desk.state.lock:
            if order.get("unknown"):
                desk.webhooks.send_unknown(desk.request(str(order.get("signature_request"))))
                return []
            keys = order.keys() & {"event_id", "event_name"}
            wanted = {key: order[key] for key in keys}
            if "signature_request" in order:
                wanted["signature_request_id"] = order["signature_request"]
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
        raise bad_request("expected a JSON object")
    return content


def _chosen(desk: Desk) -> tuple[SignatureRequest, list[Signer]]:
    """The request and the signers that the order names: one by its id, or ``all`` still to act, in
    their order (the default)."""
    order = _order()
    within = desk.request(str(order.get("signature_request")))
    chosen = order.get("signer", ALL)
    if chosen == ALL:
        return within, [signer for signer in within.signers if signer.is_waiting]
    return within, [desk.signer(within.id, str(chosen))[1]]


def _summary(of: SignatureRequest, link_base: str) -> dict[str, Any]:
    return {
        "id": of.id,
        "external_id": of.asked["external_id"],
        "name": of.asked["name"],
        "status": of.status,
        "expiration_date": moment(of.expires_at),
        "signers": [
            {
                "id": one.id,
                "name": one.name,
                "status": one.status,
                "authentication": one.authentication,
                "link": f"{link_base}/{one.token}",
            }
            for one in of.signers
        ],
    }
