"""The webhooks: which endpoint is told what, by which bytes, how they are signed and repeated."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sandbox.signing.courier import Try, post
from sandbox.signing.dispatch import Dispatch
from sandbox.universign import answers
from sandbox.universign.keys import KeyRing
from sandbox.universign.state import Endpoint, Participant, State, Transaction, new_id, now

TIMEOUT_SECONDS = 10.0  # not published
#: 1 min, 5 min, 30 min, 2 h, 6 h, 24 h, 48 h
RETRY_DELAYS_SECONDS = (60, 300, 1_800, 7_200, 21_600, 86_400, 172_800)


@dataclass
class Delivery:
    """Satisfies ``sandbox.signing.dispatch.Callback``."""

    subscription_id: str
    url: str
    event_id: str
    event_name: str
    signature_request_id: str
    body: bytes
    keys: KeyRing
    corrupt: bool = False
    repeats: bool = True
    outcome: str = "pending"
    tries: list[Try] = field(default_factory=list)
    id: str = field(default_factory=lambda: new_id("dlv"))

    @property
    def signature(self) -> str:
        signed = self.keys.sign(self.body)
        if not self.corrupt:
            return signed
        middle = signed.index("..") + 12
        return signed[:middle] + ("A" if signed[middle] != "A" else "B") + signed[middle + 1 :]

    def attempt(self) -> float | None:
        headers = {"Content-Type": "application/json", "x-jws-signature": self.signature}
        one = post(self.url, self.body, headers, TIMEOUT_SECONDS)
        self.tries.append(one)
        if one.status is not None and one.status < 300:
            self.outcome = "delivered"
            return None
        if self.repeats and len(self.tries) <= len(RETRY_DELAYS_SECONDS):
            return RETRY_DELAYS_SECONDS[len(self.tries) - 1]
        self.outcome = "failed"
        return None


class Webhooks(Dispatch[Delivery]):
    """Called with the state's lock held."""

    def __init__(self, state: State, keys: KeyRing, link_base: str, retry_scale: float) -> None:
        super().__init__(retry_scale)
        self._state, self._keys, self._link_base = state, keys, link_base

    def emit(self, name: str, transaction: Transaction, participant: Participant | None) -> None:
        """Tell every endpoint that wants it, unless a mischief decides otherwise."""
        for endpoint in self._state.endpoints.values():
            if name in endpoint.events:
                self.queue(self._delivery(endpoint, name, transaction, participant))

    def send_unknown(self, transaction: Transaction) -> None:
        """A well-signed event of a kind that no documentation names."""
        for endpoint in self._state.endpoints.values():
            self.send(self._delivery(endpoint, "transaction.bac.a.sable", transaction, None))

    def repeat(self, delivery: Delivery, *, corrupt: bool) -> Delivery:
        again = super().repeat(delivery, corrupt=corrupt)
        again.repeats = False
        return again

    def _delivery(
        self, endpoint: Endpoint, name: str, transaction: Transaction, participant: Participant | None
    ) -> Delivery:
        event_id = new_id("evt")
        content = {
            "object": "event",
            "id": event_id,
            "type": name,
            "createdAt": int((now() - timedelta(seconds=self.seconds_back(name))).timestamp()),
            "payload": {"object": self._subject(transaction, participant)},
        }
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        about = (endpoint.id, endpoint.url, event_id, name, transaction.id)
        return Delivery(*about, body, self._keys, corrupt=self.is_corrupt(name))

    def _subject(self, transaction: Transaction, participant: Participant | None) -> dict[str, Any]:
        if participant is None:
            return answers.transaction(transaction, self._link_base)
        told = {
            "participant_email": participant.email,
            "action_id": participant.action_id,
            "transaction_id": transaction.id,
        }
        return told | ({"stalled_reason": participant.refusal} if participant.refusal else {})
