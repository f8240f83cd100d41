"""One callback on its way, and the thread that carries those of one subscription."""

from __future__ import annotations

import heapq
import itertools
import time
import uuid
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from threading import Condition, Thread
from typing import Any, Protocol

import httpx

MAX_REDIRECTS = 2


@dataclass(frozen=True)
class Try:
    """``status`` is the answer's, None when there was none; ``fault`` says why. ``headers`` are the
    answer's, lower-case, and ``body`` its first kilobytes."""

    at: str
    status: int | None
    fault: str | None
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def timed_out(self) -> bool:
        return self.fault == "timeout"


class Delivery(Protocol):
    """What a stand-in sends: ``attempt`` sends it once, notes how it went and returns the documented
    delay before the next try in seconds, None when there is none. ``outcome`` is pending, delivered,
    failed (no more tries) or forgotten."""

    id: str
    subscription_id: str
    event_name: str
    outcome: str
    corrupt: bool
    tries: list[Try]

    def attempt(self) -> float | None: ...


def post(url: str, body: bytes, headers: dict[str, str], timeout: float) -> Try:
    """One POST, two redirects followed at most."""
    return exchange("POST", url, body, headers, timeout)


def exchange(method: str, url: str, body: bytes, headers: dict[str, str], timeout: float) -> Try:
    at = datetime.now(UTC).isoformat()
    try:
        with httpx.Client(
            trust_env=False, timeout=timeout, follow_redirects=True, max_redirects=MAX_REDIRECTS
        ) as client:
            answer = client.request(method, url, content=body, headers=headers)
    except httpx.TimeoutException:
        return Try(at, None, "timeout")
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        return Try(at, None, type(fault).__name__)
    told = {name.lower(): value for name, value in answer.headers.items()}
    return Try(at, answer.status_code, None, told, answer.content[:4096])


def tries_told(tries: list[Try]) -> list[dict[str, Any]]:
    """Tries as ``GET _control/deliveries`` shows them."""
    return [{key: asdict(one)[key] for key in ("at", "status", "fault")} for one in tries]


def new_id() -> str:
    return str(uuid.uuid4())


class Courier:
    """The thread of one subscription. A failed delivery waits its delay; the next ones overtake it, and
    that is how events come out of order, unless ``in_order``: then they wait behind it."""

    def __init__(self, retry_scale: float, *, in_order: bool = False) -> None:
        self._retry_scale, self._in_order = retry_scale, in_order
        self._changed = Condition()
        self._queue: list[tuple[float, int, float, Delivery]] = []  # rank, number, due, what
        self._counter = itertools.count()
        self._stopped = False
        Thread(target=self._run, daemon=True).start()

    def add(self, delivery: Delivery) -> None:
        self._push(delivery, next(self._counter), 0.0)

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._queue.clear()
            self._changed.notify()

    def _push(self, delivery: Delivery, number: int, delay: float) -> None:
        due = time.monotonic() + delay
        with self._changed:
            heapq.heappush(self._queue, (0.0 if self._in_order else due, number, due, delivery))
            self._changed.notify()

    def _run(self) -> None:
        while taken := self._next():
            number, delivery = taken
            delay = delivery.attempt()
            if delay is not None and not self._stopped:
                self._push(delivery, number, delay * self._retry_scale)

    def _next(self) -> tuple[int, Delivery] | None:
        """The next delivery once it is due; None when stopped."""
        with self._changed:
            while not self._stopped:
                wait = self._queue[0][2] - time.monotonic() if self._queue else None
                if wait is not None and wait <= 0:
                    _, number, _, delivery = heapq.heappop(self._queue)
                    return number, delivery
                self._changed.wait(wait)
        return None
