"""Connect: which configuration is told what, by which bytes, and how often.

With acknowledgement required a failed message holds back the ones behind it: one try a day, ten at most,
and the first that succeeds lets the queue go in order. Without, a message is tried once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sandbox.docusign import answers
from sandbox.docusign.state import ACCOUNT_ID, USER_ID, Envelope, Signer, State, now
from sandbox.signing.courier import Try, new_id, post
from sandbox.signing.dispatch import Dispatch

TIMEOUT_SECONDS = 100.0
RETRY_SECONDS, MAX_RETRIES = 86_400.0, 10
UNKNOWN_EVENT = "envelope-bac-a-sable"


@dataclass
class Delivery:
    """Satisfies ``sandbox.signing.dispatch.Callback``. ``keys`` are the Connect keys active when the
    message was made: one signature header each, none when the configuration does not ask for them."""

    subscription_id: str
    endpoint: str
    keys: tuple[str, ...]
    is_acknowledged: bool
    is_json: bool
    event_name: str
    signature_request_id: str
    content: dict[str, Any]
    event_id: str = ""
    corrupt: bool = False
    outcome: str = "pending"
    tries: list[Try] = field(default_factory=list)
    id: str = field(default_factory=new_id)

    @property
    def body(self) -> bytes:
        """Not the same at every try: it counts them."""
        if not self.is_json:
            status = self.content["data"]["envelopeSummary"]["status"]
            return (
                '<?xml version="1.0" encoding="utf-8"?><DocuSignEnvelopeInformation '
                'xmlns="http://www.docusign.net/API/3.0"><EnvelopeStatus><EnvelopeID>'
                f"{self.signature_request_id}</EnvelopeID><Status>{status.capitalize()}</Status></EnvelopeStatus>"
                "</DocuSignEnvelopeInformation>"
            ).encode()
        counted = self.content | {"retryCount": len(self.tries)}
        return json.dumps(counted, ensure_ascii=False, separators=(",", ":")).encode()

    def attempt(self) -> float | None:
        body = self.body
        kind = "application/json" if self.is_json else "text/xml"
        headers = {"Content-Type": f"{kind}; charset=utf-8", **self._signatures(body)}
        one = post(self.endpoint, body, headers, TIMEOUT_SECONDS)
        self.tries.append(one)
        if one.status is not None and one.status < 300:
            self.outcome = "delivered"
        elif self.is_acknowledged and len(self.tries) <= MAX_RETRIES:
            return RETRY_SECONDS
        else:
            self.outcome = "failed"
        return None

    def _signatures(self, body: bytes) -> dict[str, str]:
        made = [base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()) for key in self.keys]
        if self.corrupt:
            made = [base64.b64encode(hashlib.sha256(one).digest()) for one in made]
        headers = {f"X-DocuSign-Signature-{rank}": one.decode() for rank, one in enumerate(made, 1)}
        return headers | ({"X-Authorization-Digest": "HMACSHA256"} if made else {})


class Connect(Dispatch[Delivery]):
    """Called with the state's lock held."""

    def __init__(self, state: State, retry_scale: float) -> None:
        super().__init__(retry_scale, in_order=True)
        self._state = state

    def emit(self, event: str, envelope: Envelope, signer: Signer | None) -> None:
        """Tell every configuration that wants it, unless a mischief decides otherwise."""
        for one in self._state.configurations.values():
            publishes = one["allowEnvelopePublish"] == one["allUsers"] == "true"
            if publishes and event in one["events"]:
                self.queue(self._delivery(one, event, envelope, signer))

    def send_unknown(self, envelope: Envelope) -> None:
        """A well-signed event of a kind that no documentation names."""
        for one in self._state.configurations.values():
            self.send(self._delivery(one, UNKNOWN_EVENT, envelope, None))

    def repeat(self, delivery: Delivery, *, corrupt: bool) -> Delivery:
        again = super().repeat(delivery, corrupt=corrupt)
        again.is_acknowledged = False
        return again

    def _delivery(
        self, asked: dict[str, Any], event: str, envelope: Envelope, signer: Signer | None
    ) -> Delivery:
        at = now() - timedelta(seconds=self.seconds_back(event))
        keys = tuple(self._state.connect_keys) if asked["includeHMAC"] == "true" else ()
        return Delivery(
            subscription_id=asked["connectId"],
            endpoint=asked["urlToPublishTo"],
            keys=keys,
            is_acknowledged=asked["requiresAcknowledgement"] == "true",
            is_json=asked["eventData"]["version"] == "restv2.1",
            event_name=event,
            signature_request_id=envelope.id,
            content={
                "event": event,
                "uri": answers.uri(envelope),
                "retryCount": 0,
                "configurationId": int(asked["connectId"]),
                "apiVersion": "v2.1",
                "generatedDateTime": answers.moment(at),
                "data": _data(asked, envelope, signer),
            },
            corrupt=self.is_corrupt(event),
        )


def _data(asked: dict[str, Any], envelope: Envelope, signer: Signer | None) -> dict[str, Any]:
    return {
        "accountId": ACCOUNT_ID,
        "userId": USER_ID,
        **({"recipientId": signer.id} if signer else {}),
        "envelopeId": envelope.id,
        "envelopeSummary": answers.envelope(envelope, asked["eventData"]["includeData"]),
    }
