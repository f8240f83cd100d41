"""What Universign answers, as typed shapes in the hub's vocabulary; an unknown state of a transaction is
not guessed at. Pure.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from pydantic import AliasChoices, AwareDatetime, BaseModel, Field

from domain.errors import NotFound, Permanent, Refused, Retryable
from domain.signature import (
    Progress,
    RequestStatus,
    Sent,
    SentSigner,
    Signer,
    SignerProgress,
    SignerStatus,
)

_STATES = {
    "draft": RequestStatus.DRAFT,
    **dict.fromkeys(("started", "paused"), RequestStatus.ONGOING),
    "completed": RequestStatus.COMPLETED,
    "expired": RequestStatus.EXPIRED,
    "cancelled": RequestStatus.CANCELLED,
}
_REFUSALS = frozenset({"signature_refusal", "action_refusal", "consultation_refusal", "review_refusal"})
_NOT_READY_SECONDS = 60.0
ID = re.compile(r"[a-z]{2,5}_[0-9A-Za-z]{1,60}")


class Created(BaseModel):
    """What any creation answers, of which only the identifier is needed."""

    id: str = Field(pattern=ID.pattern)


class Participant(BaseModel):
    email: str


class Action(BaseModel):
    """What one participant has to do; its words other than ``url`` and ``stalled_reason`` are not published,
    so all may be missing."""

    email: str | None = Field(None, validation_alias=AliasChoices("participant_email", "email"))
    state: str | None = None
    url: str | None = None
    stalled_reason: str | None = None
    closed_at: AwareDatetime | None = None

    @property
    def status(self) -> SignerStatus:
        if self.state == "closed":
            return SignerStatus.SIGNED
        if self.stalled_reason in _REFUSALS:
            return SignerStatus.DECLINED
        # a participant who is only slow is flagged too, and may still sign
        return SignerStatus.NOTIFIED if self.state in ("opened", "open", "stalled") else SignerStatus.WAITING


class Transaction(BaseModel):
    id: str = Field(pattern=r"tx_[0-9A-Za-z]{1,60}")
    state: str = Field(pattern=f"^({'|'.join(_STATES)})$")
    started_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    participants: list[Participant] = []
    documents: list[Created] = []
    actions: list[Action] = []

    @property
    def status(self) -> RequestStatus:
        """A refusal only stalls the transaction at Universign; here it ends it."""
        status = _STATES[self.state]
        refused = any(one.status is SignerStatus.DECLINED for one in self.actions)
        is_unsigned = status in (RequestStatus.ONGOING, RequestStatus.CANCELLED)
        return RequestStatus.DECLINED if refused and is_unsigned else status

    @property
    def is_open(self) -> bool:
        """Whether somebody could still sign, or be asked to."""
        return _STATES[self.state] in (RequestStatus.DRAFT, RequestStatus.ONGOING)

    @property
    def is_live(self) -> bool:
        """Whether the signers were asked and it has not ended without them, a mere refusal included."""
        return self.state in ("started", "paused", "completed")

    @property
    def was_started(self) -> bool:
        """Whether the signers were ever asked; a draft thrown away reads as cancelled and was not."""
        return self.started_at is not None or self.state not in ("draft", "cancelled")

    def progress(self, status: RequestStatus) -> Progress:
        signers = tuple(self._signer(one.email, status) for one in self.participants)
        return Progress(status, signers, self.completed_at)

    def signer_status(self, email: str) -> SignerStatus:
        action = self._action(email)
        return action.status if action else SignerStatus.WAITING

    def sent(self, signers: Iterable[Signer]) -> Sent:
        """Raises Permanent when these are no longer the signers."""
        emails = {signer.key: signer.email for signer in signers}
        if {one.email.casefold() for one in self.participants} != {e.casefold() for e in emails.values()}:
            raise Permanent(
                "universign_signers_differ",
                "Les signataires ont été changés dans Universign : vérifiez la transaction dans Universign, "
                "puis annulez-la et renvoyez la convention.",
            )
        return Sent(self.id, tuple(self._sent(key, email) for key, email in emails.items()))

    def sent_by_rank(self) -> Sent:
        ranked = enumerate(self.participants, 1)
        return Sent(self.id, tuple(self._sent(f"s{rank}", one.email) for rank, one in ranked))

    def _sent(self, key: str, email: str) -> SentSigner:
        action = self._action(email)
        return SentSigner(key, signer_ref(self.id, email), action.url if action else None)

    def _signer(self, email: str, status: RequestStatus) -> SignerProgress:
        action = self._action(email)
        signed = status is RequestStatus.COMPLETED
        return SignerProgress(
            signer_ref(self.id, email),
            SignerStatus.SIGNED if signed else self.signer_status(email),
            action.closed_at if action else None,
        )

    def _action(self, email: str) -> Action | None:
        wanted = email.casefold()
        return next((one for one in self.actions if (one.email or "").casefold() == wanted), None)


def signer_ref(transaction: str, email: str) -> str:
    """Ours for a participant: Universign knows a participant by the address alone, and an address has no
    place in an identifier that is stored and compared in the open."""
    digest = hashlib.sha256(f"{transaction} {email.casefold()}".encode("utf-8", "surrogatepass"))
    return f"pt_{digest.hexdigest()[:24]}"


def whole_pdf(content: bytes) -> bytes:
    """Raises Retryable for anything but a PDF with both its ends."""
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return content
    raise not_ready()


def require_completed(status: RequestStatus) -> None:
    """Raises what a download before its time is told."""
    if status is RequestStatus.ONGOING:
        raise not_ready()
    if status is not RequestStatus.COMPLETED:
        raise Refused(
            "not_signed", "Cette demande s'est terminée sans signature : il n'y a rien à télécharger."
        )


def not_ready() -> Retryable:
    return Retryable(
        "universign_not_ready",
        "Universign prépare encore les fichiers signés ; ils seront redemandés automatiquement.",
        _NOT_READY_SECONDS,
    )


def path(ref: str) -> str:
    """Raises NotFound for what is not an identifier of a transaction, and would call something else."""
    return f"/transactions/{identifier(ref)}"


def identifier(ref: str) -> str:
    if ref.startswith("tx_") and ID.fullmatch(ref):
        return ref
    raise not_found()


def already_signed() -> Refused:
    return Refused("already_signed", "La convention est déjà signée : elle ne peut plus être annulée.")


def not_found() -> NotFound:
    return NotFound("universign_not_found", "Universign ne connaît pas (ou plus) cet élément.")
