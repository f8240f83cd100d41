"""What a test orders to go wrong with webhooks, before they are queued.

``forget`` keeps an event to itself, ``duplicate`` queues it ``count`` times, ``reorder`` holds ``count``
of them and queues them last first, ``corrupt`` spoils the signature, ``stale`` dates the event back by
``seconds``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

D = TypeVar("D")


class Mode(StrEnum):
    FORGET = "forget"
    DUPLICATE = "duplicate"
    REORDER = "reorder"
    CORRUPT = "corrupt"
    STALE = "stale"


@dataclass
class Mischief:
    """``events`` are the names it strikes (None: all); ``times`` counts down (None: until cleared)."""

    mode: Mode
    events: frozenset[str] | None = None
    count: int = 2
    seconds: float = 7 * 86_400
    times: int | None = None
    held: list[Any] = field(default_factory=list)

    @classmethod
    def from_json(cls, order: dict[str, Any]) -> Mischief:
        unknown = order.keys() - {"mode", "events", "count", "seconds", "times"}
        if unknown:
            raise ValueError(f"unknown keys: {', '.join(sorted(unknown))}")
        events, times = order.get("events"), order.get("times")
        return cls(
            mode=Mode(order["mode"]),
            events=None if events is None else frozenset(events),
            count=int(order.get("count", 2)),
            seconds=float(order.get("seconds", 7 * 86_400)),
            times=None if times is None else int(times),
        )

    def strikes(self, event: str) -> bool:
        """Whether this event is struck; counts down."""
        if self.events is not None and event not in self.events:
            return False
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0

    def hold(self, delivery: D) -> list[D]:
        """Keep it until ``count`` are held, then give them back last first."""
        self.held.append(delivery)
        if len(self.held) < self.count:
            return []
        released, self.held = self.held[::-1], []
        return released
