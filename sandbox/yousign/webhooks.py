"""Sends the webhooks: one thread per subscription, events in order, failed ones again later."""

from __future__ import annotations

import copy
import heapq
import itertools
import time
from datetime import timedelta
from threading import Condition, Thread

from sandbox.yousign import events
from sandbox.yousign.deliveries import Delivery
from sandbox.yousign.mischief import Mischief, Mode
from sandbox.yousign.state import SignatureRequest, Signer, State, Subscription, new_id, now


class Courier:
    """The thread of one subscription. A failed delivery waits its delay and does not hold up the next
    ones: that, too, is how events come out of order."""

    def __init__(self, retry_scale: float) -> None:
        self._retry_scale = retry_scale
        self._changed = Condition()
        self._queue: list[tuple[float, int, Delivery]] = []
        self._counter = itertools.count()
        self._stopped = False
        Thread(target=self._run, daemon=True).start()

    def add(self, delivery: Delivery, delay: float = 0.0) -> None:
        with self._changed:
            heapq.heappush(self._queue, (time.monotonic() + delay, next(self._counter), delivery))
            self._changed.notify()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._queue.clear()
            self._changed.notify()

    def _run(self) -> None:
        while delivery := self._next():
            delay = delivery.attempt()
            if delay is not None and not self._stopped:
                self.add(delivery, delay * self._retry_scale)

    def _next(self) -> Delivery | None:
        """The next delivery once it is due; None when stopped."""
        with self._changed:
            while not self._stopped:
                wait = self._queue[0][0] - time.monotonic() if self._queue else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._queue)[2]
                self._changed.wait(wait)
        return None


class Webhooks:
    """Everything that was sent or kept back. Called with the state's lock held."""

    def __init__(self, state: State, retry_scale: float) -> None:
        self._state = state
        self._retry_scale = retry_scale
        self._couriers: dict[str, Courier] = {}
        self.deliveries: list[Delivery] = []
        self.mischiefs: list[Mischief] = []

    def clear(self) -> None:
        """Forget all; what was still to be sent is not."""
        for courier in self._couriers.values():
            courier.stop()
        self._couriers, self.deliveries, self.mischiefs = {}, [], []

    def emit(self, name: str, request: SignatureRequest, signer: Signer | None) -> None:
        """Tell every subscription that wants it, unless a mischief decides otherwise."""
        for subscription in self._state.subscriptions.values():
            if subscription.wants(name):
                self._queue(subscription, self._delivery(subscription, name, request, signer))

    def send_unknown(self, request: SignatureRequest) -> None:
        """A well-signed event of a kind that no documentation names."""
        for subscription in self._state.subscriptions.values():
            delivery = self._delivery(subscription, "signature_request.bac_a_sable", request, None)
            self.deliveries.append(delivery)
            self._courier(subscription.id).add(delivery)

    def repeat(self, delivery: Delivery, *, corrupt: bool) -> Delivery:
        """Send the same bytes once more, now, on the caller's thread; the copy tells how it went."""
        again = copy.copy(delivery)
        again.tries, again.outcome, again.id = [], "pending", new_id()
        again.corrupt, again.auto_retry = corrupt, False
        self.deliveries.append(again)
        return again

    def _delivery(
        self, subscription: Subscription, name: str, request: SignatureRequest, signer: Signer | None
    ) -> Delivery:
        back = sum(one.seconds for one in self.mischiefs if one.mode is Mode.STALE and one.strikes(name))
        event_id = new_id()
        data = events.subject(self._state, request, signer)
        body = events.body(subscription, event_id, name, now() - timedelta(seconds=back), data)
        return Delivery(
            subscription.id,
            subscription.endpoint,
            subscription.secret_key,
            subscription.asked["auto_retry"],
            event_id,
            name,
            request.id,
            body,
            corrupt=any(one.mode is Mode.CORRUPT and one.strikes(name) for one in self.mischiefs),
        )

    def _queue(self, subscription: Subscription, delivery: Delivery) -> None:
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
            self._courier(subscription.id).add(one)

    def _courier(self, subscription_id: str) -> Courier:
        if subscription_id not in self._couriers:
            self._couriers[subscription_id] = Courier(self._retry_scale)
        return self._couriers[subscription_id]
