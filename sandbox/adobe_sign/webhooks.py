"""The webhooks: which of them is told what, by which bytes, and each try to hand them over.

Nothing is signed: the caller names the application's client id in a header, and wants it back with every
answer. On a webhook of the whole account one message that fails holds back those behind it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sandbox.adobe_sign import answers
from sandbox.adobe_sign.lifecycle import SENDER
from sandbox.adobe_sign.state import Agreement, Participant, State, Webhook, now
from sandbox.signing.courier import Try, exchange, new_id
from sandbox.signing.dispatch import Dispatch

#: the application to which every webhook here belongs
CLIENT_ID = "CBJCHBCAABAAbacASable"
CLIENT_ID_HEADER = "X-ADOBESIGN-CLIENTID"
TIMEOUT_SECONDS = 5.0
FIRST_DELAY, LONGEST_DELAY, MAX_TRIES, MAX_SECONDS = 60.0, 12 * 3600.0, 15, 72 * 3600.0


def challenge(url: str) -> bool:
    """The GET by which Adobe tries an address before it uses it."""
    return echoes(exchange("GET", url, b"", {CLIENT_ID_HEADER: CLIENT_ID}, TIMEOUT_SECONDS))


def echoes(answer: Try) -> bool:
    """2xx, and our client id in a header or in the JSON body."""
    if answer.status is None or not 200 <= answer.status < 300:
        return False
    if answer.headers.get(CLIENT_ID_HEADER.lower()) == CLIENT_ID:
        return True
    try:
        content = json.loads(answer.body)
    except ValueError:
        return False
    return isinstance(content, dict) and content.get("xAdobeSignClientId") == CLIENT_ID


@dataclass
class Delivery:
    """Satisfies ``sandbox.signing.dispatch.Callback``. ``given_up`` is called after the last try."""

    subscription_id: str
    endpoint: str
    event_id: str
    event_name: str
    signature_request_id: str
    body: bytes
    given_up: Callable[[], None]
    corrupt: bool = False
    outcome: str = "pending"
    tries: list[Try] = field(default_factory=list)
    id: str = field(default_factory=new_id)

    def attempt(self) -> float | None:
        headers = {
            "Content-Type": "application/json",
            CLIENT_ID_HEADER: "somebody-else" if self.corrupt else CLIENT_ID,
        }
        self.tries.append(exchange("POST", self.endpoint, self.body, headers, TIMEOUT_SECONDS))
        if echoes(self.tries[-1]):
            self.outcome = "delivered"
            return None
        delay = delay_after(len(self.tries))
        if delay is None:
            self.outcome = "failed"
            self.given_up()
        return delay


def delay_after(tries: int) -> float | None:
    """Doubling from a minute, at most 12 hours; None after 15 tries or 72 hours."""
    delays = [min(FIRST_DELAY * 2**rank, LONGEST_DELAY) for rank in range(tries)]
    return None if tries >= MAX_TRIES or sum(delays) > MAX_SECONDS else delays[-1]


class Webhooks(Dispatch[Delivery]):
    """Called with the state's lock held."""

    def __init__(self, state: State, retry_scale: float) -> None:
        super().__init__(retry_scale, in_order=True)
        self._state = state

    def emit(self, name: str, agreement: Agreement, one: Participant | None) -> None:
        """Tell every webhook that wants it, unless a mischief decides otherwise."""
        for webhook in self._state.webhooks.values():
            if webhook.wants(f"AGREEMENT_{name}"):
                self.queue(self._delivery(webhook, f"AGREEMENT_{name}", agreement, one))

    def send_unknown(self, agreement: Agreement) -> None:
        """An event of a kind that no documentation names."""
        for webhook in self._state.webhooks.values():
            self.send(self._delivery(webhook, "AGREEMENT_BAC_A_SABLE", agreement, None))

    def _delivery(
        self, webhook: Webhook, name: str, agreement: Agreement, one: Participant | None
    ) -> Delivery:
        at = now() - timedelta(seconds=self.seconds_back(name))
        event_id = new_id()

        def give_up() -> None:
            with self._state.lock:
                webhook.status = "INACTIVE"

        content = {
            "webhookId": webhook.id,
            "webhookName": webhook.asked["name"],
            "webhookNotificationId": event_id,
            "webhookUrlInfo": webhook.asked["webhookUrlInfo"],
            "webhookScope": webhook.asked["scope"],
            "event": name,
            "eventDate": answers.moment(at),
            "eventResourceType": "agreement",
            "participantUserEmail": one.email if one else SENDER,
            "actingUserEmail": one.email if one else SENDER,
            "initiatingUserEmail": SENDER,
            "agreement": _payload(webhook, agreement),
        }
        body = json.dumps(content, ensure_ascii=False).encode()
        corrupt = self.is_corrupt(name)
        return Delivery(webhook.id, webhook.url, event_id, name, agreement.id, body, give_up, corrupt)


def _payload(webhook: Webhook, agreement: Agreement) -> dict[str, Any]:
    """The least, and what the webhook's conditions add to it."""
    wanted = webhook.asked["webhookConditionalParams"]["webhookAgreementEvents"]
    shown = answers.agreement(agreement)
    people = shown.pop("participantSetsInfo")
    if not wanted["includeDetailedInfo"]:
        shown = {key: shown[key] for key in ("id", "name", "status")}
    if wanted["includeParticipantsInfo"]:
        shown["participantSetsInfo"] = {"participantSets": people}
    return shown
