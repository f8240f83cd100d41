"""Faults that a test orders: which requests they strike and what they do to the answer."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock
from typing import Any


class Kind(StrEnum):
    """``delay`` waits, then acts; ``delay_after`` acts, then waits before it answers; ``error``
    answers without acting; ``cut_before`` closes the connection without acting; ``cut_after`` acts,
    then closes it without an answer; ``truncate`` sends half of the body then closes; ``drip`` sends
    the body in small pieces over ``seconds``."""

    DELAY = "delay"
    DELAY_AFTER = "delay_after"
    ERROR = "error"
    CUT_BEFORE = "cut_before"
    CUT_AFTER = "cut_after"
    TRUNCATE = "truncate"
    DRIP = "drip"


@dataclass
class Fault:
    """``times`` counts down at each strike; None strikes until cleared."""

    kind: Kind
    method: str | None = None
    path: re.Pattern[str] = field(default_factory=lambda: re.compile(""))
    seconds: float = 1.0
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    times: int | None = 1

    @classmethod
    def from_json(cls, order: Any) -> Fault:
        """Read ``POST _control/faults``; a key that is not known raises ValueError, as a test that
        misspells one would otherwise prove nothing."""
        if not isinstance(order, dict):
            raise ValueError("not an object")
        unknown = order.keys() - {"kind", "method", "path", "seconds", "status", "headers", "body", "times"}
        if unknown:
            raise ValueError(f"unknown keys: {', '.join(sorted(unknown))}")
        body = order.get("body", "")
        headers = dict(order.get("headers") or {})
        if not isinstance(body, str):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        method = order.get("method")
        times = order.get("times", 1)
        return cls(
            kind=Kind(order["kind"]),
            method=None if method in (None, "*") else str(method).upper(),
            path=re.compile(order.get("path") or ""),
            seconds=float(order.get("seconds", 1.0)),
            status=int(order.get("status", 500)),
            headers=headers,
            body=body.encode(),
            times=None if times is None else int(times),
        )

    def strikes(self, method: str, path: str) -> bool:
        return (
            self.method in (None, method)
            and (self.times is None or self.times > 0)
            and self.path.search(path) is not None
        )


class Faults:
    """The faults standing, oldest first; one request is struck by at most one of them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._standing: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._standing.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._standing.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this request, counted down; None when none strikes."""
        with self._lock:
            for fault in self._standing:
                if fault.strikes(method, path):
                    if fault.times is not None:
                        fault.times -= 1
                    return fault
        return None
