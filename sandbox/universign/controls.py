"""What tests and the demo do to the stand-in besides the common switches.

==========================================  =======================================================
``GET ca.pem``                              the root that verifiers must trust
``GET signature_requests``                  ids, name, status, fields, signers with their links
``POST open|sign|decline``                  act as ``{"request", "signer": e-mail or "all"}``
``POST expire|remind``                      time passes: expiry, automatic reminder
``GET code?signer=``, ``GET messages``      what would have been sent by SMS and e-mail
``POST keys``                               ``{"accepted": [...] or null}``
``POST rotate``                             sign with a new key; the one before stays published
``POST not_ready``                          archives answer 404 for ``calls`` or ``seconds``
``POST webhooks``, ``DELETE webhooks``      order a mischief (see ``mischief.py``), or end them all
``GET deliveries``, ``POST deliver``        what was sent; send again, corrupt or unknown
==========================================  =======================================================
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request

from sandbox.signing.mischief import Mischief
from sandbox.universign.desk import Desk
from sandbox.universign.refusals import Refusal, answer_refusal, bad_request, not_found
from sandbox.universign.state import Participant, Transaction, now

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
            return [_summary(one, desk.link_base) for one in state.transactions.values()]

    @control.get("/messages")
    def messages() -> list[dict[str, Any]]:
        with state.lock:
            return [asdict(one) for one in state.messages]

    @control.get("/code")
    def code() -> dict[str, Any]:
        with state.lock:
            for transaction in state.transactions.values():
                if one := transaction.participant(request.args.get("signer", "")):
                    return {"code": one.code}
        raise not_found("Participant")


def _acting(control: Blueprint, desk: Desk) -> None:
    lifecycle = desk.lifecycle

    @control.post("/open")
    def open_link() -> dict[str, Any]:
        with desk.state.lock:
            within, signers = _chosen(desk)
            for signer in signers:
                lifecycle.open(signer, HERE)
            return _summary(within, desk.link_base)

    @control.post("/sign")
    def sign() -> dict[str, Any]:
        with desk.state.lock:
            within, signers = _chosen(desk)
            for signer in signers:
                lifecycle.open(signer, HERE)
                lifecycle.consent(within, signer)
                lifecycle.sign(within, signer, signer.code)
            return _summary(within, desk.link_base)

    @control.post("/decline")
    def decline() -> dict[str, Any]:
        with desk.state.lock:
            within, signers = _chosen(desk)
            for signer in signers[:1]:
                lifecycle.refuse(within, signer)
            return _summary(within, desk.link_base)

    @control.post("/expire")
    def expire() -> dict[str, Any]:
        with desk.state.lock:
            within = _transaction(desk, _order())
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
    state = desk.state

    @control.post("/keys")
    def accept_keys() -> dict[str, Any]:
        accepted = _order().get("accepted")
        with state.lock:
            state.switchboard.keys = None if accepted is None else set(accepted)
        return {}

    @control.post("/rotate")
    def rotate() -> dict[str, Any]:
        with state.lock:
            return {"kid": desk.keys.rotate().kid}

    @control.post("/not_ready")
    def delay_files() -> dict[str, Any]:
        order = _order()
        with state.lock:
            state.switchboard.not_ready_calls = int(order.get("calls", 0))
            until = now() + timedelta(seconds=float(order.get("seconds", 0)))
            state.switchboard.not_ready_until = until
        return {}

    @control.post("/webhooks")
    def order_mischief() -> tuple[dict[str, Any], int]:
        try:
            ordered = Mischief.from_json(_order())
        except (ValueError, KeyError, TypeError) as wrong:
            raise bad_request(f"not a mischief: {wrong}") from wrong
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
        """Send again what matches ``event_id``, ``event_name`` and ``request``, ``times`` over, and wait
        for the answers; with ``unknown`` queue an event of no known kind."""
        order = _order()
        with desk.state.lock:
            if order.get("unknown"):
                desk.webhooks.send_unknown(_transaction(desk, order))
                return []
            wanted = {key: order[key] for key in order.keys() & {"event_id", "event_name"}}
            if "request" in order:
                wanted["transaction_id"] = order["request"]
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
        raise bad_request("a JSON object is required")
    return content


def _transaction(desk: Desk, order: dict[str, Any]) -> Transaction:
    return desk.transaction(str(order.get("request") or order.get("signature_request")))


def _chosen(desk: Desk) -> tuple[Transaction, list[Participant]]:
    """The transaction and the participants that the order names: one, or all who are still to sign, in
    their order (the default)."""
    order = _order()
    within, chosen = _transaction(desk, order), str(order.get("signer", ALL))
    if chosen == ALL:
        return within, [one for one in within.signers if one.is_pending]
    return within, [desk.participant(within, chosen)]


def _summary(of: Transaction, link_base: str) -> dict[str, Any]:
    return {
        "id": of.id,
        "name": of.name,
        "status": of.state,
        "was_started": of.started_at is not None,
        "documents": len(of.documents),
        "expires_at": of.expires_at.isoformat(),
        "signers": [
            {
                "id": one.email,  # what the orders above take
                "email": one.email,
                "name": one.name,
                "status": one.status,
                "link": f"{link_base}/{one.token}",
            }
            for one in of.signers
        ],
    }
