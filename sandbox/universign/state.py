"""What the Universign stand-in remembers: files, transactions, participants, subscriptions. Memory only."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import RLock

from sandbox.signing import remembered

DRAFT_DAYS = 7
FIELD_WIDTH, FIELD_HEIGHT = 200, 50
TIMEZONE = "Europe/Paris"


def new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(6)}"


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Field:
    """A place to sign; one without a ``page`` is invisible. ``x`` and ``y`` are taken from the top left."""

    type: str
    name: str | None
    page: int | None
    x: int
    y: int
    signers: list[str] = field(default_factory=list)
    id: str = field(default_factory=lambda: new_id("fld"))


@dataclass
class Document:
    name: str
    content: bytes
    sha256: str
    pages: int
    fields: list[Field] = field(default_factory=list)
    id: str = field(default_factory=lambda: new_id("doc"))
    sealed: bytes | None = None


@dataclass
class Participant:
    """Known by ``email``. ``status`` is waiting, notified, confirming (has accepted), signed or refused;
    ``token`` is the secret of the signing link, ``code`` the one-time code last sent."""

    email: str
    full_name: str = ""
    phone_number: str | None = None
    level: str = "level1"
    schedule: list[int] | None = None
    status: str = "waiting"
    action_id: str = field(default_factory=lambda: new_id("act"))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    opened_at: datetime | None = None
    consent_at: datetime | None = None
    signed_at: datetime | None = None
    reminded_at: datetime | None = None
    refusal: str | None = None
    ip_address: str | None = None
    code: str | None = None
    wrong_codes: int = 0

    @property
    def id(self) -> str:
        return self.email

    @property
    def name(self) -> str:
        return self.full_name or self.email

    @property
    def is_waiting(self) -> bool:
        return self.status in ("waiting", "notified", "confirming")


@dataclass
class Transaction:
    """``state`` is draft, started, completed, expired or cancelled; ``before`` holds (first, then) pairs of
    addresses."""

    name: str
    language: str
    duration: int
    id: str = field(default_factory=lambda: new_id("tx"))
    state: str = "draft"
    created_at: datetime = field(default_factory=now)
    started_at: datetime | None = None
    completed_at: datetime | None = None
    expires_at: datetime = field(default_factory=lambda: now() + timedelta(days=DRAFT_DAYS))
    documents: list[Document] = field(default_factory=list)
    participants: list[Participant] = field(default_factory=list)
    before: list[tuple[str, str]] = field(default_factory=list)

    def participant(self, email: str) -> Participant | None:
        wanted = email.casefold()
        return next((one for one in self.participants if one.email.casefold() == wanted), None)

    def fields(self) -> Iterator[tuple[Document, Field]]:
        for document in self.documents:
            for one in document.fields:
                yield document, one

    @property
    def signers(self) -> list[Participant]:
        """Those who have a field to sign."""
        emails = {email.casefold() for _, one in self.fields() for email in one.signers}
        return [one for one in self.participants if one.email.casefold() in emails]

    @property
    def stalled(self) -> bool:
        return any(one.status == "refused" for one in self.participants)


@dataclass
class Endpoint:
    """A webhook subscription."""

    name: str
    url: str
    events: list[str]
    id: str = field(default_factory=lambda: new_id("whe"))


class State:
    """Everything, under one lock: whoever reads or changes it holds ``lock``."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.clear()

    def clear(self) -> None:
        with self.lock:
            self.files: dict[str, tuple[str, bytes]] = {}
            self.transactions: dict[str, Transaction] = {}
            self.endpoints: dict[str, Endpoint] = {}
            self.messages: list[remembered.Message] = []
            self.switchboard = remembered.KeyedSwitchboard()
