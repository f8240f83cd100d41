"""What the stand-in of every signature provider remembers beside its requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

REFUSED_KEY = "refusee"


@dataclass(frozen=True)
class Message:
    """An e-mail or SMS that the provider would have sent: ``kind`` is invitation, reminder, code, end, or
    one of the provider's own."""

    kind: str
    channel: str
    to: str
    signer_id: str
    at: str


@dataclass
class Switchboard:
    """What tests set: how often, or until when, files are still "not ready", and with what status."""

    not_ready_calls: int = 0
    not_ready_status: int = 404
    not_ready_until: datetime | None = None

    def still_preparing(self) -> bool:
        """Whether this call must be told "not ready yet"; counts the calls down."""
        if self.not_ready_calls > 0:
            self.not_ready_calls -= 1
            return True
        return self.not_ready_until is not None and datetime.now(UTC) < self.not_ready_until


@dataclass
class KeyedSwitchboard(Switchboard):
    """Also the API ``keys`` that are accepted; None: all but ``refusee``."""

    keys: set[str] | None = None

    def accepts(self, key: str) -> bool:
        return bool(key) and (key != REFUSED_KEY if self.keys is None else key in self.keys)
