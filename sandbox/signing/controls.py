"""What every stand-in of a signature provider is told the same way, under ``_control``.

==========================================  =======================================================
``GET ca.pem``                              the root that verifiers must trust
``GET signature_requests``                  ids, name, status, signers with their links
``POST open|sign|decline``                  act as ``{"signature_request", "signer": id or "all"}``
``POST expire``                             time passes
``GET code?signer=``, ``GET messages``      what would have been sent by SMS and e-mail
``POST not_ready``                          files are not ready for ``calls`` or ``seconds`` (``status``)
``POST webhooks``, ``DELETE webhooks``      order a mischief (see ``mischief.py``), or end them all
``GET deliveries``, ``POST deliver``        what was sent; send again, corrupt or unknown
==========================================  =======================================================
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, NotFound

from sandbox.context import Context
from sandbox.signing.counter import Counter, R, S
from sandbox.signing.dispatch import Callback, told
from sandbox.signing.mischief import Mischief
from sandbox.signing.remembered import KeyedSwitchboard, Message, Switchboard

HERE = "127.0.0.1"
ALL = "all"


class Remembered(Protocol):
    """A stand-in's state, as far as the controls go."""

    @property
    def lock(self) -> AbstractContextManager[object]: ...

    @property
    def messages(self) -> list[Message]: ...

    @property
    def switchboard(self) -> Switchboard: ...


class Keyed(Protocol):
    @property
    def lock(self) -> AbstractContextManager[object]: ...

    @property
    def switchboard(self) -> KeyedSwitchboard: ...


class Callbacks(Protocol):
    """A provider's ``sandbox.signing.dispatch.Dispatch``."""

    deliveries: list[Any]  # Callback
    mischiefs: list[Mischief]

    def send_unknown(self, request: Any, /) -> None: ...

    def repeat(self, delivery: Any, /, *, corrupt: bool) -> Any: ...


def routes(counter: Counter[R, S], context: Context, state: Remembered, callbacks: Callbacks) -> Blueprint:
    """A provider adds its own controls to it."""
    control = Blueprint("controls", __name__, url_prefix="/_control")

    @control.get("/ca.pem")
    def trusted_root() -> Response:
        return Response(context.authority.root.certificate_pem, mimetype="application/x-pem-file")

    _looking(control, counter, state)
    _acting(control, counter)
    _ordering(control, state, callbacks)
    _delivering(control, counter, callbacks)
    return control


def reminded(control: Blueprint, counter: Counter[R, S], remind: Callable[..., None]) -> None:
    """``POST remind``: the time of the provider's own reminder has come."""

    @control.post("/remind")
    def remind_now() -> dict[str, Any]:
        with counter.lock:
            within, signers = chosen(counter)
            for signer in signers:
                remind(within, signer, automatic=True)
            return counter.summary(within)


def keyed(control: Blueprint, state: Keyed) -> None:
    """``POST keys``: ``{"accepted": [...] or null}``, the API keys."""

    @control.post("/keys")
    def accept_keys() -> dict[str, Any]:
        accepted = posted().get("accepted")
        with state.lock:
            state.switchboard.keys = None if accepted is None else set(accepted)
        return {}


def posted() -> dict[str, Any]:
    """The JSON object of a ``POST _control/...``."""
    content = request.get_json(silent=True)
    if not isinstance(content, dict):
        raise BadRequest("expected a JSON object")
    return content


def chosen(counter: Counter[R, S]) -> tuple[R, list[S]]:
    """The request and the signers that the order names: one by its id, or ``all`` still to act, in their
    order (the default)."""
    order = posted()
    within, wanted = _named(counter), order.get("signer", ALL)
    if wanted == ALL:
        return within, [one for one in counter.signers(within) if one.is_waiting]
    return within, [_signer(counter, within, str(wanted))]


def _named(counter: Counter[R, S]) -> R:
    return counter.request(str(posted().get("signature_request")))


def _signer(counter: Counter[R, S], within: R, signer_id: str) -> S:
    found = next((one for one in counter.signers(within) if one.id == signer_id), None)
    if found is None:
        raise NotFound
    return found


def _looking(control: Blueprint, counter: Counter[R, S], state: Remembered) -> None:
    @control.get("/signature_requests")
    def summaries() -> list[dict[str, Any]]:
        with counter.lock:
            return [counter.summary(one) for one in counter.requests()]

    @control.get("/messages")
    def messages() -> list[dict[str, Any]]:
        with state.lock:
            return [asdict(one) for one in state.messages]

    @control.get("/code")
    def code() -> dict[str, Any]:
        """Of a signer of any request, or of the one named: some providers number signers anew in each."""
        named = request.args.get("signature_request")
        with counter.lock:
            for within in [counter.request(named)] if named else counter.requests():
                for one in counter.signers(within):
                    if one.id == request.args.get("signer"):
                        return {"code": one.code}
        raise NotFound


def _acting(control: Blueprint, counter: Counter[R, S]) -> None:
    moves = counter.moves

    @control.post("/open")
    def open_link() -> dict[str, Any]:
        with counter.lock:
            within, signers = chosen(counter)
            for signer in signers:
                moves.open(within, signer, HERE)
            return counter.summary(within)

    @control.post("/sign")
    def sign() -> dict[str, Any]:
        with counter.lock:
            within, signers = chosen(counter)
            for signer in signers:
                moves.open(within, signer, HERE)
                moves.consent(within, signer)
                moves.sign(within, signer, signer.code)
            return counter.summary(within)

    @control.post("/decline")
    def decline() -> dict[str, Any]:
        with counter.lock:
            within, signers = chosen(counter)
            for signer in signers[:1]:
                moves.decline(within, signer, str(posted().get("reason", "Je ne souhaite pas signer.")))
            return counter.summary(within)

    @control.post("/expire")
    def expire() -> dict[str, Any]:
        with counter.lock:
            within = _named(counter)
            moves.expire(within)
            return counter.summary(within)


def _ordering(control: Blueprint, state: Remembered, callbacks: Callbacks) -> None:
    @control.post("/not_ready")
    def delay_files() -> dict[str, Any]:
        order = posted()
        with state.lock:
            board = state.switchboard
            board.not_ready_calls = int(order.get("calls", 0))
            board.not_ready_until = datetime.now(UTC) + timedelta(seconds=float(order.get("seconds", 0)))
            board.not_ready_status = int(order.get("status", 404))
        return {}

    @control.post("/webhooks")
    def order_mischief() -> tuple[dict[str, Any], int]:
        try:
            ordered = Mischief.from_json(posted())
        except (ValueError, KeyError, TypeError) as wrong:
            raise BadRequest(f"not a mischief: {wrong}") from wrong
        with state.lock:
            callbacks.mischiefs.append(ordered)
        return {}, 201

    @control.delete("/webhooks")
    def end_mischief() -> dict[str, Any]:
        with state.lock:
            callbacks.mischiefs.clear()
        return {}


def _delivering(control: Blueprint, counter: Counter[R, S], callbacks: Callbacks) -> None:
    @control.get("/deliveries")
    def deliveries() -> list[dict[str, Any]]:
        with counter.lock:
            return [told(one) for one in callbacks.deliveries]

    @control.post("/deliver")
    def deliver() -> list[dict[str, Any]]:
        """Send again what matches ``event_id``, ``event_name`` and ``signature_request``, ``times`` over, and
        wait for the answers; with ``unknown`` queue an event of no known kind."""
        order = posted()
        with counter.lock:
            if order.get("unknown"):
                callbacks.send_unknown(_named(counter))
                return []
            copies = [
                callbacks.repeat(one, corrupt=bool(order.get("corrupt")))
                for one in _matching(callbacks.deliveries, order)
                for _ in range(int(order.get("times", 1)))
            ]
        for one in copies:
            one.attempt()
        return [told(one) for one in copies]


def _matching(deliveries: list[Callback], order: dict[str, Any]) -> list[Callback]:
    """The last delivery of each event that the order names."""
    wanted = {key: order[key] for key in order.keys() & {"event_id", "event_name"}}
    if "signature_request" in order:
        wanted["signature_request_id"] = order["signature_request"]
    found = {}
    for one in deliveries:
        if all(getattr(one, key) == value for key, value in wanted.items()):
            found[one.event_id or one.id] = one
    return list(found.values())
