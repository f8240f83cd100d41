"""What the DocuSign stand-in remembers: envelopes, their signers, Connect configurations. Memory only."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import RLock
from typing import Any

from sandbox.signing import remembered

#: the fixed identity of the sandbox's account; none of these is a secret
INTEGRATION_KEY = "bac0a5ab-1e00-4000-8000-000000000001"
USER_ID = "bac0a5ab-1e00-4000-8000-000000000002"
ACCOUNT_ID = "bac0a5ab-1e00-4000-8000-000000000003"
PHONE_WORKFLOW = "c368e411-1592-4001-a3df-dca94ac539ae"
CONNECT_KEY = "secret-du-bac-a-sable-0123456789"
SIGNATURE_PROVIDERS = ("universalsignaturepen_default", "bac_a_sable_avance", "bac_a_sable_qualifie")


def new_id() -> str:
    return str(uuid.uuid4())


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Tab:
    """A place to sign: points from the top left corner of the page (counted from 1)."""

    page: int
    x: float
    y: float


@dataclass
class Signer:
    """``asked`` is the recipient as it was sent. ``token`` is the secret of the signing link; ``code`` the
    one-time code last sent, to ``phone`` (E.164), when the signer is checked by SMS."""

    asked: dict[str, Any]
    tabs: tuple[Tab, ...]
    phone: str | None
    guid: str = field(default_factory=new_id)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    status: str = "created"
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    consent_at: datetime | None = None
    verified_at: datetime | None = None
    signed_at: datetime | None = None
    declined_at: datetime | None = None
    declined_reason: str | None = None
    ip_address: str | None = None
    code: str | None = None
    wrong_codes: int = 0

    @property
    def id(self) -> str:
        return str(self.asked["recipientId"])

    @property
    def name(self) -> str:
        return str(self.asked["name"])

    @property
    def email(self) -> str:
        return str(self.asked["email"])

    @property
    def routing_order(self) -> int:
        return int(self.asked["routingOrder"])

    @property
    def is_waiting(self) -> bool:
        return self.status != "completed"

    @property
    def is_current(self) -> bool:
        """Asked, and nothing decided yet."""
        return self.status in ("sent", "delivered")


@dataclass
class Envelope:
    """``asked`` is the creation body, defaults filled in, without the document itself."""

    asked: dict[str, Any]
    document_name: str
    content: bytes
    sha256: str
    signers: list[Signer]
    expires_at: datetime
    id: str = field(default_factory=new_id)
    status: str = "created"
    created_at: datetime = field(default_factory=now)
    changed_at: datetime = field(default_factory=now)
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    completed_at: datetime | None = None
    declined_at: datetime | None = None
    voided_at: datetime | None = None
    voided_reason: str | None = None
    sealed: bytes | None = None
    history: list[dict[str, str]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.status in ("sent", "delivered")

    @property
    def custom_fields(self) -> list[dict[str, str]]:
        return list((self.asked.get("customFields") or {}).get("textCustomFields") or [])

    @property
    def external_id(self) -> str | None:
        return next((one["value"] for one in self.custom_fields if one["name"] == "external_id"), None)


@dataclass
class Switchboard(remembered.Switchboard):
    """Whether the user has consented, and whether the account sells SMS codes."""

    has_consent: bool = True
    has_phone_workflow: bool = True


class State:
    """Everything, under one lock: whoever reads or changes it holds ``lock``."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.clear()

    def clear(self) -> None:
        with self.lock:
            self.envelopes: dict[str, Envelope] = {}
            self.configurations: dict[str, dict[str, Any]] = {}
            self.connect_keys: list[str] = [CONNECT_KEY]
            self.tokens: dict[str, datetime] = {}
            self.messages: list[remembered.Message] = []
            self.switchboard = Switchboard()
