"""What the Yousign stand-in remembers: requests, documents, signers, subscriptions. Memory only."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import RLock
from typing import Any

from sandbox.signing import remembered
from sandbox.yousign.anchors import Anchor

#: signer statuses from which a signature may still come
WAITING = ("initiated", "notified", "verified", "consent_given")


def new_id() -> str:
    return str(uuid.uuid4())


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Document:
    """One uploaded PDF; ``sealed`` is its final form, once everybody has signed."""

    name: str
    nature: str
    content: bytes
    sha256: str
    pages: int
    is_signed: bool
    anchors: tuple[Anchor, ...]
    id: str = field(default_factory=new_id)
    created_at: datetime = field(default_factory=now)
    sealed: bytes | None = None

    @property
    def is_signable(self) -> bool:
        return self.nature == "signable_document"


@dataclass(frozen=True)
class Field:
    """A place to sign: points from the top left corner of the page (counted from 1)."""

    document_id: str
    page: int
    x: int
    y: int
    width: int
    height: int
    reason: str | None = None
    id: str = field(default_factory=new_id)


@dataclass
class Signer:
    """``token`` is the secret of the signing link; ``code`` the one-time code last sent."""

    info: dict[str, Any]
    level: str
    authentication: str | None
    fields: tuple[Field, ...]
    asked: dict[str, Any]
    id: str = field(default_factory=new_id)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    status: str = "initiated"
    opened_at: datetime | None = None
    consent_at: datetime | None = None
    verified_at: datetime | None = None
    signed_at: datetime | None = None
    ip_address: str | None = None
    code: str | None = None
    wrong_codes: int = 0

    @property
    def name(self) -> str:
        return f"{self.info['first_name']} {self.info['last_name']}"

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITING


@dataclass
class SignatureRequest:
    """``asked`` is the creation body, defaults filled in."""

    asked: dict[str, Any]
    expires_at: datetime
    id: str = field(default_factory=new_id)
    status: str = "draft"
    created_at: datetime = field(default_factory=now)
    activated_at: datetime | None = None
    completed_at: datetime | None = None
    documents: list[Document] = field(default_factory=list)
    signers: list[Signer] = field(default_factory=list)
    decline: dict[str, str] | None = None

    @property
    def signable(self) -> list[Document]:
        return [document for document in self.documents if document.is_signable]

    def fields_of(self, signer: Signer) -> list[Field]:
        """The signer's own fields, then those that anchors of that rank make (rank is 1 for ``s1``)."""
        rank = self.signers.index(signer) + 1
        return [*signer.fields] + [
            Field(
                document.id,
                anchor.page,
                anchor.x,
                anchor.y,
                anchor.width,
                anchor.height,
                id=str(uuid.uuid5(uuid.UUID(document.id), f"{rank}/{anchor.page}/{anchor.x}/{anchor.y}")),
            )
            for document in self.signable
            for anchor in document.anchors
            if anchor.signer == rank
        ]


@dataclass
class Subscription:
    """A webhook subscription as ``POST /webhooks`` makes it."""

    endpoint: str
    events: list[str]
    secret_key: str
    asked: dict[str, Any]
    id: str = field(default_factory=new_id)
    created_at: datetime = field(default_factory=now)
    updated_at: datetime | None = None

    def wants(self, event: str) -> bool:
        return bool(self.asked["enabled"]) and (event in self.events or "*" in self.events)


@dataclass
class Switchboard(remembered.KeyedSwitchboard):
    """How what is downloaded is ``spoiled`` (``spoiling.py``)."""

    spoiled: str | None = None


class State:
    """Everything, under one lock: whoever reads or changes it holds ``lock``."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.workspace_id = new_id()
        self.user_id = new_id()
        self.clear()

    def clear(self) -> None:
        with self.lock:
            self.requests: dict[str, SignatureRequest] = {}
            self.subscriptions: dict[str, Subscription] = {}
            self.messages: list[remembered.Message] = []
            self.switchboard = Switchboard()
