"""What Yousign answers, as typed shapes in the hub's vocabulary; an unknown status is not guessed at.
Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field

from domain.errors import NotFound, Permanent, Retryable
from domain.signature import (
    Progress,
    RequestStatus,
    Sent,
    SentSigner,
    SignerProgress,
    SignerStatus,
)

_REQUEST_STATUS = {
    "draft": RequestStatus.DRAFT,
    **dict.fromkeys(("ongoing", "approval", "paused"), RequestStatus.ONGOING),
    "done": RequestStatus.COMPLETED,
    **dict.fromkeys(("declined", "rejected"), RequestStatus.DECLINED),
    "expired": RequestStatus.EXPIRED,
    **dict.fromkeys(("canceled", "deleted"), RequestStatus.CANCELLED),
}
_SIGNER_STATUS = {
    "initiated": SignerStatus.WAITING,
    "notified": SignerStatus.NOTIFIED,
    **dict.fromkeys(("verified", "consent_given", "processing"), SignerStatus.OPENED),
    "signed": SignerStatus.SIGNED,
    "declined": SignerStatus.DECLINED,
    **dict.fromkeys(("aborted", "error"), SignerStatus.FAILED),
}
_NOT_READY_SECONDS = 20.0
ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_LIVELIEST = (
    RequestStatus.ONGOING,
    RequestStatus.COMPLETED,
    RequestStatus.DECLINED,
    RequestStatus.EXPIRED,
    RequestStatus.CANCELLED,
    RequestStatus.DRAFT,
)


def _translated(table: Mapping[str, StrEnum]) -> BeforeValidator:
    def translate(word: object) -> StrEnum:
        if isinstance(word, str) and word in table:
            return table[word]
        raise ValueError("not a status that Yousign documents")

    return BeforeValidator(translate)


class SignerInfo(BaseModel):
    first_name: str
    last_name: str
    email: str

    @property
    def identity(self) -> tuple[str, str, str]:
        return self.first_name.casefold(), self.last_name.casefold(), self.email.casefold()


class RemoteSigner(BaseModel):
    """A signer as Yousign shows it; each kind of answer has its own part of these."""

    id: str = Field(pattern=ID.pattern)
    status: Annotated[SignerStatus, _translated(_SIGNER_STATUS)]
    info: SignerInfo | None = None
    signature_link: str | None = None
    signed_at: AwareDatetime | None = None


class Ending(BaseModel):
    reason: str | None = None


class RemoteRequest(BaseModel):
    id: str = Field(pattern=ID.pattern)
    status: Annotated[RequestStatus, _translated(_REQUEST_STATUS)]
    external_id: str | None = None
    activated_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    signers: list[RemoteSigner] = []
    decline_information: Ending | None = None
    rejection_information: Ending | None = None

    @property
    def was_activated(self) -> bool:
        """Whether the signers were ever asked; a deleted draft reads as cancelled and was not."""
        if self.status is RequestStatus.CANCELLED:
            return self.activated_at is not None
        return self.status is not RequestStatus.DRAFT

    @property
    def rank(self) -> int:
        """Lower is livelier, among several requests for one reference."""
        return _LIVELIEST.index(self.status)

    def progress(self, signers: list[RemoteSigner]) -> Progress:
        ending = self.decline_information or self.rejection_information
        return Progress(
            self.status,
            tuple(SignerProgress(one.id, one.status, one.signed_at) for one in signers),
            self.completed_at,
            ending.reason if ending else None,
        )


class RequestPage(BaseModel):
    data: list[RemoteRequest]


class RemoteDocument(BaseModel):
    total_anchors: int


class Subscription(BaseModel):
    id: str
    endpoint: str
    secret_key: str


def sent_by_rank(ref: str, signers: list[RemoteSigner]) -> Sent:
    return Sent(ref, tuple(_sent(f"s{rank}", one) for rank, one in enumerate(signers, 1)))


def sent_by_name(ref: str, signers: list[RemoteSigner], asked: Mapping[str, SignerInfo]) -> Sent:
    """``asked`` is each signer's key and what Yousign was told of the person. Raises Permanent when
    these are no longer the signers."""
    keys = {info.identity: key for key, info in asked.items()}
    found = {keys.get(one.info.identity): one for one in signers if one.info}
    if set(found) != set(asked) or len(signers) != len(asked):
        raise Permanent(
            "yousign_signers_differ",
            "Les signataires ont été changés dans Yousign : vérifiez la demande dans Yousign, puis "
            "annulez-la et renvoyez la convention.",
        )
    return Sent(ref, tuple(_sent(key, found[key]) for key in asked))


def _sent(key: str, signer: RemoteSigner) -> SentSigner:
    return SentSigner(key, signer.id, signer.signature_link)


def whole_pdf(content: bytes) -> bytes:
    """Raises Retryable for anything but a PDF with both its ends."""
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return content
    raise not_ready()


def combined_trails(ref: str, trails: list[bytes]) -> bytes:
    """One JSON document around the trails, each byte for byte as it came: evidence is not rewritten."""
    try:
        if not all(isinstance(json.loads(trail), dict) for trail in trails):
            raise not_ready()
    except (ValueError, RecursionError):
        raise not_ready() from None
    head = f'{{"signature_request_id":{json.dumps(ref)},"audit_trails":['
    return head.encode() + b",".join(trails) + b"]}"


def not_ready() -> Retryable:
    return Retryable(
        "yousign_not_ready",
        "Yousign prépare encore les fichiers signés ; ils seront redemandés automatiquement.",
        _NOT_READY_SECONDS,
    )


def identifier(ref: str) -> str:
    """An identifier of Yousign's, safe inside a path."""
    if ID.fullmatch(ref):
        return ref
    raise NotFound("yousign_not_found", "Yousign ne connaît pas (ou plus) cet élément.")


def path(ref: str) -> str:
    return f"/signature_requests/{identifier(ref)}"
