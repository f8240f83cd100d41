"""Acrobat Sign's answers in the hub's vocabulary. Pure.

Its agreement says only that it is cancelled, whoever ended it: the list of events says who, why, and when
each signer opened and signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from connectors.signature.adobe_sign_shapes import (
    ASKED,
    ID,
    UNREADABLE,
    Agreement,
    Event,
    Events,
    Members,
    ParticipantSet,
)
from domain.errors import NotFound, Permanent, Retryable
from domain.signature import (
    Progress,
    RequestStatus,
    Sent,
    SentSigner,
    SignerProgress,
    SignerStatus,
    SigningOrder,
)

_SIGNED = ("ACTION_COMPLETED", "DIGSIGNED", "WRITTEN_SIGNED", "ESIGNED", "SIGNED")  # how such events begin
_REJECTED = "REJECTED"
#: why an agreement ended that nobody ended on purpose
_REASONS = {
    UNREADABLE: "Adobe n'a pas pu convertir le document.",
    "RECALLED_MAX_SIGNING_PHONE_ATTEMPTS": "Adobe a mis fin à la demande : trop de codes par SMS erronés.",
    "RECALLED_MAX_SIGNING_KBA_ATTEMPTS": "Adobe a mis fin à la demande : trop d'essais d'identification.",
    "RECALLED_MAX_SIGNING_PASSWORD_ATTEMPTS": "Adobe a mis fin à la demande : trop de mots de passe erronés.",
}
_ENDINGS = frozenset({_REJECTED, "RECALLED", *_REASONS})
_NOT_READY_SECONDS, _PREPARING_SECONDS = 20.0, 5.0


def ending(events: Events) -> Event | None:
    """What ended the agreement, when somebody or something did."""
    return max((one for one in events.events if one.type in _ENDINGS), key=_date, default=None)


def was_cut_short(events: Events) -> bool:
    """Whether the document could not be converted: nobody was ever asked."""
    end = ending(events)
    return end is not None and end.type == UNREADABLE


def _date(event: Event) -> datetime:
    return event.date


def progress(agreement: Agreement, members: Members, events: Events) -> Progress:
    end, status, reason = ending(events), agreement.status, None
    if status is RequestStatus.CANCELLED and end:
        status = RequestStatus.DECLINED if end.type == _REJECTED else status
        reason = end.comment if end.type == _REJECTED else _REASONS.get(end.type)
    signers = tuple(_signer(one, events) for one in members.sets)
    moments = [one.signed_at for one in signers if one.signed_at]
    completed = max(moments, default=None) if status is RequestStatus.COMPLETED else None
    return Progress(status, signers, completed, reason)


def _signer(of: ParticipantSet, events: Events) -> SignerProgress:
    own = [event for event in events.events if of.is_of(event)]
    signed_at = max((one.date for one in own if one.type.startswith(_SIGNED)), default=None)
    types = {one.type for one in own}
    if of.status == "COMPLETED" or (of.status == "WAITING_FOR_OTHERS" and signed_at):
        return SignerProgress(of.id, SignerStatus.SIGNED, signed_at)
    if of.status in ASKED:
        return SignerProgress(
            of.id, SignerStatus.OPENED if "EMAIL_VIEWED" in types else SignerStatus.NOTIFIED
        )
    if of.status in ("CANCELLED", "EXPIRED"):
        declined = _REJECTED in types
        return SignerProgress(of.id, SignerStatus.DECLINED if declined else SignerStatus.FAILED)
    return SignerProgress(of.id, SignerStatus.WAITING)


def sent(ref: str, members: Members, links: Mapping[str, str]) -> Sent:
    """As our own keys name the sets, or their rank where the name was lost."""
    found = [(one.name or f"s{rank}", one) for rank, one in enumerate(members.sets, 1)]
    return Sent(
        ref, tuple(_sent(key, one, links) for key, one in sorted(found, key=lambda pair: _rank(pair[0])))
    )


def sent_to(order: SigningOrder, ref: str, members: Members, links: Mapping[str, str]) -> Sent:
    """Raises Permanent when these are no longer the signers."""
    sets = {signer.key: _set_of(signer.email, members) for signer in order.signers}
    if None in sets.values() or len(members.sets) != len(sets):
        raise Permanent(
            "adobe_sign_signers_differ",
            "Les signataires ont été changés dans Adobe Acrobat Sign : vérifiez la demande dans Adobe, puis "
            "annulez-la et renvoyez la convention.",
        )
    return Sent(ref, tuple(_sent(key, one, links) for key, one in sets.items() if one))


def _set_of(email: str, members: Members) -> ParticipantSet | None:
    return next((one for one in members.sets if email.casefold() in one.emails), None)


def _sent(key: str, of: ParticipantSet, links: Mapping[str, str]) -> SentSigner:
    return SentSigner(key, of.id, next((links[email] for email in of.emails if email in links), None))


def _rank(key: str) -> tuple[int, str]:
    return len(key), key


def whole_pdf(content: bytes) -> bytes:
    """Raises Retryable for anything but a PDF with both its ends."""
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return content
    raise not_ready()


def not_ready() -> Retryable:
    return Retryable(
        "adobe_sign_not_ready",
        "Adobe Acrobat Sign prépare encore les fichiers signés ; ils seront redemandés automatiquement.",
        _NOT_READY_SECONDS,
    )


def preparing() -> Retryable:
    return Retryable(
        "adobe_sign_preparing",
        "Adobe Acrobat Sign prépare encore le document ; la suite viendra automatiquement.",
        _PREPARING_SECONDS,
    )


def unreadable() -> Permanent:
    return Permanent(
        "adobe_sign_conversion_failed",
        "Adobe Acrobat Sign n'a pas pu convertir le document et a annulé la demande : vérifiez le modèle, "
        "annulez cette convention et recommencez.",
    )


def identifier(ref: str) -> str:
    """An identifier of Adobe's, safe inside a path."""
    if ID.fullmatch(ref):
        return ref
    raise NotFound("adobe_sign_not_found", "Adobe Acrobat Sign ne connaît pas (ou plus) cet élément.")


def path(ref: str) -> str:
    return f"/agreements/{identifier(ref)}"
