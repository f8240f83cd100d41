"""Every callback that a stand-in sent or kept back, and what was ordered to go wrong with them."""

from __future__ import annotations

import copy
from typing import Any, Generic, Protocol, TypeVar

from sandbox.signing.courier import Courier, Delivery, new_id, tries_told
from sandbox.signing.mischief import Mischief, Mode


class Callback(Delivery, Protocol):
    """``event_id`` is empty where the provider gives its events no name of their own."""

    signature_request_id: str
    event_id: str


D = TypeVar("D", bound=Callback)


class Dispatch(Generic[D]):
    """One courier per subscription. Called with the stand-in's lock held."""

    def __init__(self, retry_scale: float, *, in_order: bool = False) -> None:
        self._retry_scale, self._in_order = retry_scale, in_order
        self._couriers: dict[str, Courier] = {}
        self.deliveries: list[D] = []
        self.mischiefs: list[Mischief] = []

    def clear(self) -> None:
        """Forget all; what was still to be sent is not."""
        for courier in self._couriers.values():
            courier.stop()
        self._couriers, self.deliveries = {}, []
        self.mischiefs.clear()

    def seconds_back(self, event: str) -> float:
        """By how much an order dates this event back; counts the orders down."""
        return sum(one.seconds for one in self.mischiefs if one.mode is Mode.STALE and one.strikes(event))

    def is_corrupt(self, event: str) -> bool:
        """Whether an order spoils this event's signature; counts the orders down."""
        return any(one.mode is Mode.CORRUPT and one.strikes(event) for one in self.mischiefs)

    def queue(self, delivery: D) -> None:
        """Send it, unless a mischief decides otherwise."""
        self.deliveries.append(delivery)
        going = [delivery]
        for mischief in self.mischiefs:
            if mischief.mode in (Mode.STALE, Mode.CORRUPT) or not mischief.strikes(delivery.event_name):
                continue
            if mischief.mode is Mode.FORGET:
                delivery.outcome, going = "forgotten", []
            elif mischief.mode is Mode.DUPLICATE:
                twins = [copy.copy(delivery) for _ in range(mischief.count - 1)]
                for twin in twins:
                    twin.tries, twin.id = [], new_id()
                self.deliveries += twins
                going = [*going, *twins] if going else []
            elif mischief.mode is Mode.REORDER and going:
                going = mischief.hold(delivery)
        for one in going:
            self.courier(one.subscription_id).add(one)

    def send(self, delivery: D) -> None:
        """Send it whatever was ordered."""
        self.deliveries.append(delivery)
        self.courier(delivery.subscription_id).add(delivery)

    def repeat(self, delivery: D, *, corrupt: bool) -> D:
        """A copy of it, to be sent once more on the caller's thread; it tells how that went."""
        again = copy.copy(delivery)
        again.tries, again.outcome, again.id = [], "pending", new_id()
        again.corrupt = corrupt
        self.deliveries.append(again)
        return again

    def courier(self, subscription_id: str) -> Courier:
        if subscription_id not in self._couriers:
            self._couriers[subscription_id] = Courier(self._retry_scale, in_order=self._in_order)
        return self._couriers[subscription_id]


def told(one: Callback) -> dict[str, Any]:
    """As ``GET _control/deliveries`` shows it; addresses, secrets and bodies stay here."""
    return {
        "id": one.id,
        "subscription_id": one.subscription_id,
        "signature_request_id": one.signature_request_id,
        "event_id": one.event_id,
        "event_name": one.event_name,
        "status": one.outcome,
        "tries": tries_told(one.tries),
    }
