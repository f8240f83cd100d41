"""What the Acrobat Sign stand-in remembers: documents, agreements, webhooks, tokens. Memory only."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import RLock
from typing import Any

from sandbox.signing import remembered

TIMEZONE = "Europe/Paris"
PREPARING, OUT, SIGNED, CANCELLED, EXPIRED = (
    *("DOCUMENTS_NOT_YET_PROCESSED", "OUT_FOR_SIGNATURE", "SIGNED", "CANCELLED", "EXPIRED"),
)


def new_id(prefix: str = "CBJCHBCAABAA") -> str:
    """Of the length and the letters that Adobe's have."""
    return prefix + secrets.token_urlsafe(24)


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Transient:
    name: str
    content: bytes
    id: str = field(default_factory=lambda: new_id("3AAABLblqZh") + "*")


@dataclass(frozen=True)
class Field:
    """Where a participant signs: points from the top left corner of the page (counted from 1)."""

    rank: int
    page: int
    x: int
    y: int
    width: int
    height: int


@dataclass
class Participant:
    """One participant set with its one member. ``rank`` is the one that text tags name; ``order`` the turn.
    ``state`` is unseen, asked, accepted (on the signing page), signed, declined or over; ``token`` the secret
    of the signing link, ``code`` the one-time code last sent."""

    rank: int
    order: int
    name: str | None
    email: str
    phone: str | None
    signer_name: str
    id: str = field(default_factory=new_id)
    member_id: str = field(default_factory=new_id)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    state: str = "unseen"
    opened_at: datetime | None = None
    accepted_at: datetime | None = None
    verified_at: datetime | None = None
    signed_at: datetime | None = None
    ip_address: str | None = None
    code: str | None = None
    wrong_codes: int = 0

    @property
    def is_waiting(self) -> bool:
        return self.state in ("unseen", "asked", "accepted")

    @property
    def may_act(self) -> bool:
        return self.state in ("asked", "accepted")


@dataclass
class Agreement:
    """``asked`` is the creation body; ``content`` what Adobe made of the document, ``sealed`` its final
    form; ``looks`` how often it still answers that it is being prepared."""

    asked: dict[str, Any]
    file_name: str
    content: bytes
    participants: list[Participant]
    expires_at: datetime
    looks: int
    id: str = field(default_factory=new_id)
    status: str = PREPARING
    created_at: datetime = field(default_factory=now)
    completed_at: datetime | None = None
    fields: list[Field] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    sealed: bytes | None = None

    def __post_init__(self) -> None:
        self.sha256 = hashlib.sha256(self.content).hexdigest()

    @property
    def external_id(self) -> str | None:
        return (self.asked.get("externalId") or {}).get("id")


@dataclass
class Webhook:
    """A subscription as ``POST /webhooks`` makes it."""

    asked: dict[str, Any]
    id: str = field(default_factory=lambda: new_id("CBJCHBCAABAAw"))
    status: str = "ACTIVE"

    @property
    def url(self) -> str:
        url: str = self.asked["webhookUrlInfo"]["url"]
        return url

    def wants(self, event: str) -> bool:
        events = self.asked["webhookSubscriptionEvents"]
        return self.status == "ACTIVE" and (event in events or "AGREEMENT_ALL" in events)


@dataclass
class Switchboard(remembered.Switchboard):
    """``moved``: calls are refused until the access point is asked again; ``looks``: how
    often the next agreements still answer that they are being prepared."""

    moved: bool = False
    looks: int = 0
    refuses_changes: int = 0


class State:
    """Everything, under one lock: whoever reads or changes it holds ``lock``."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.clear()

    def clear(self) -> None:
        with self.lock:
            self.transients: dict[str, Transient] = {}
            self.agreements: dict[str, Agreement] = {}
            self.webhooks: dict[str, Webhook] = {}
            self.messages: list[remembered.Message] = []
            self.tokens: set[str] = set()
            self.switchboard = Switchboard()
