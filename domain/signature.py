"""One vocabulary for every signature provider: what is asked of it and what it answers.

The mapping from each provider's own words stands in its connector
(``connectors/signature/<provider>.py``) and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

#: how most providers are shown where to put a signature: text of the document itself, printed unseen.
#: ``key`` is the signer's (``s1``), ``rank`` its number
ANCHOR = "{{{{{key}|signature|180|60}}}}"


class Level(StrEnum):
    """eIDAS level (règlement UE 910/2014, art. 3, 26, 28)."""

    SIMPLE = "simple"
    ADVANCED = "advanced"
    QUALIFIED = "qualified"


class Authentication(StrEnum):
    """How the signer is checked, beyond having received the link."""

    NONE = "none"
    EMAIL_CODE = "otp_email"
    SMS_CODE = "otp_sms"
    IDENTITY = "identity"


class Order(StrEnum):
    SEQUENTIAL = "sequential"
    PARALLEL = "parallel"


@dataclass(frozen=True)
class Place:
    """Where a signature goes: ``page`` from 1, the anchor's top left corner in points (1/72 inch) from the
    top left of the page."""

    page: int
    x: float
    y: float


@dataclass(frozen=True)
class Signer:
    """One person who must sign. ``key`` (``s1``, ``s2``...) ties the person to the anchor in the PDF
    and gives the rank in a sequential order."""

    key: str
    role: str  # client | co_contractant | representant_legal | garant | avocat
    first_name: str
    last_name: str
    email: str
    phone: str | None  # E.164
    authentication: Authentication
    place: Place | None = None  # known once the document is made

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class SigningOrder:
    """Everything a provider needs to put one PDF before its signers.

    ``reference`` is ours, unique per convention and version, and comes back in callbacks: it is what
    an unknown outcome is looked up by. ``title`` never names a person or the matter.
    """

    reference: str
    title: str
    file_name: str
    pdf: bytes
    pages: int
    signers: tuple[Signer, ...]
    level: Level
    order: Order
    expires_on: date
    language: str = "fr"


@dataclass(frozen=True)
class SentSigner:
    key: str
    provider_ref: str
    link: str | None


@dataclass(frozen=True)
class Sent:
    """The provider has it and the signers can be (or have been) invited."""

    provider_ref: str
    signers: tuple[SentSigner, ...]


class RequestStatus(StrEnum):
    DRAFT = "draft"
    ONGOING = "ongoing"
    COMPLETED = "completed"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class SignerStatus(StrEnum):
    WAITING = "waiting"  # not this signer's turn yet
    NOTIFIED = "notified"
    OPENED = "opened"
    SIGNED = "signed"
    DECLINED = "declined"
    FAILED = "failed"


#: it is this signer's turn: the only ones whom a reminder is for
INVITED = frozenset({SignerStatus.NOTIFIED, SignerStatus.OPENED})


@dataclass(frozen=True)
class SignerProgress:
    provider_ref: str
    status: SignerStatus
    signed_at: datetime | None = None


@dataclass(frozen=True)
class Progress:
    """The provider's own answer to a GET: the truth that a callback only hints at.

    ``completed_at`` is the last required signature; ``reason`` is what a signer wrote when declining
    (personal data: stored encrypted, never logged).
    """

    status: RequestStatus
    signers: tuple[SignerProgress, ...]
    completed_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True)
class ProofFile:
    """One evidence file as the provider delivered it: ``format`` is ``pdf`` or ``json``."""

    format: str
    content: bytes


class Verdict(StrEnum):
    """What checking a callback's authenticity gave. Malformed input is INVALID, never an exception."""

    VERIFIED = "verified"
    INVALID = "invalid"
    NOT_CONFIGURED = "not_configured"


class CallbackKind(StrEnum):
    """A callback is a signal: all but OPENED only make the hub ask the provider again."""

    OPENED = "opened"
    MOVED = "moved"  # anything that may have changed the request or a signer
    IRRELEVANT = "irrelevant"


@dataclass(frozen=True)
class Callback:
    """``reference`` is our own when the provider returns it, else None: match on ``provider_ref``."""

    kind: CallbackKind
    provider_ref: str
    reference: str | None
    signer_ref: str | None
    occurred_at: datetime | None
