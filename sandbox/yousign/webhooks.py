"""The webhooks: which subscription is told what, and by which bytes."""

from __future__ import annotations

from datetime import timedelta

from sandbox.signing.dispatch import Dispatch
from sandbox.yousign import events
from sandbox.yousign.deliveries import Delivery
from sandbox.yousign.state import SignatureRequest, Signer, State, Subscription, new_id, now


class Webhooks(Dispatch[Delivery]):
    """Called with the state's lock held."""

    def __init__(self, state: State, retry_scale: float) -> None:
        super().__init__(retry_scale)
        self._state = state

    def emit(self, name: str, request: SignatureRequest, signer: Signer | None) -> None:
        """Tell every subscription that wants it, unless a mischief decides otherwise."""
        for subscription in self._state.subscriptions.values():
            if subscription.wants(name):
                self.queue(self._delivery(subscription, name, request, signer))

    def send_unknown(self, request: SignatureRequest) -> None:
        """A well-signed event of a kind that no documentation names."""
        for subscription in self._state.subscriptions.values():
            self.send(self._delivery(subscription, "signature_request.bac_a_sable", request, None))

    def repeat(self, delivery: Delivery, *, corrupt: bool) -> Delivery:
        again = super().repeat(delivery, corrupt=corrupt)
        again.auto_retry = False
        return again

    def _delivery(
        self, subscription: Subscription, name: str, request: SignatureRequest, signer: Signer | None
    ) -> Delivery:
        at = now() - timedelta(seconds=self.seconds_back(name))
        event_id = new_id()
        data = events.subject(self._state, request, signer)
        return Delivery(
            subscription.id,
            subscription.endpoint,
            subscription.secret_key,
            subscription.asked["auto_retry"],
            event_id,
            name,
            request.id,
            events.body(subscription, event_id, name, at, data),
            corrupt=self.is_corrupt(name),
        )
