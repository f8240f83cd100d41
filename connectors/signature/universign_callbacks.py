"""Universign's callbacks: what their signature says of itself, and what they say. Pure; whatever comes in,
nothing raises.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.signature.callback_json import body_of, mapping, text
from connectors.signature.universign_answers import ID, signer_ref
from domain.signature import Callback, CallbackKind

_MOVED = (
    *("transaction.lifecycle.started", "transaction.lifecycle.paused", "transaction.lifecycle.cancelled"),
    *("transaction.lifecycle.expired", "transaction.lifecycle.completed"),
    *("action.opened", "action.closed", "action.stalled"),
)
_IRRELEVANT = (
    *("transaction.lifecycle.created", "transaction.chat.message.received"),
    *("action.reminder.sent", "action.manualreminder.sent"),
    *("action.waitingperiod.cancelled", "action.waitingperiod.ended"),
)
EVENTS: Mapping[str, CallbackKind] = {
    **dict.fromkeys(_MOVED, CallbackKind.MOVED),
    **dict.fromkeys(_IRRELEVANT, CallbackKind.IRRELEVANT),
}
#: what a subscription asks for: each event costs a callback, so those that change nothing stay out
SUBSCRIBED = _MOVED

_SIGNATURE = "x-jws-signature"
_DETACHED = re.compile(r"([A-Za-z0-9_-]{1,2000})\.\.([A-Za-z0-9_-]{1,2000})")
_KID = re.compile(r"[\x21-\x7e]{1,200}")
_EVENT_ID = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True)
class Jws:
    """A detached JWS (RFC 7515, appendix F): who says to have signed, over what, and the signature."""

    kid: str
    signed: bytes
    signature: bytes


def subscription(callback_url: str) -> dict[str, str | list[str]]:
    return {"name": "Paraphe", "url": callback_url, "event_types": list(SUBSCRIBED)}


def jws(headers: Mapping[str, str], raw: bytes) -> Jws | None:
    """The callback's signature, None unless it is a well-formed one of the only algorithm accepted."""
    given = next((value for name, value in headers.items() if name.lower() == _SIGNATURE), "")
    match = _DETACHED.fullmatch(given)
    if match is None:
        return None
    header, signature = (_decoded(part) for part in match.groups())
    about = body_of(header or b"")
    kid = text(about, "kid", _KID)
    # "crit" would ask for rules that are not ours; nothing else in the header is believed
    if signature is None or about.get("alg") != "PS256" or "crit" in about or kid is None:
        return None
    return Jws(kid, match[1].encode() + b"." + encoded(raw), signature)


def encoded(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _decoded(text: str) -> bytes | None:
    """Only the one way to write it: whoever changes a letter changes the signature."""
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    return content if encoded(content) == text.encode() else None


def event_id(raw: bytes) -> str | None:
    return text(body_of(raw), "id", _EVENT_ID)


def callback(raw: bytes) -> Callback | None:
    """Lifecycle events carry the transaction, those of an action its identifiers."""
    content = body_of(raw)
    event = content.get("type")
    kind = EVENTS.get(event) if isinstance(event, str) else None
    subject = mapping(mapping(content, "payload"), "object")
    provider_ref = text(subject, "transaction_id", ID) or text(subject, "id", ID)
    if kind is None or provider_ref is None or not provider_ref.startswith("tx_"):
        return None
    email = subject.get("participant_email")
    signer = signer_ref(provider_ref, email) if isinstance(email, str) else None
    return Callback(kind, provider_ref, None, signer, _moment(content.get("createdAt")))


def _moment(value: object) -> datetime | None:
    """Unix seconds."""
    if not isinstance(value, (int, float)) or isinstance(value, bool) or value < 0:
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
