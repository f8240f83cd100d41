"""DocuSign's Connect messages: authentic or not, and what they say. Pure; whatever comes in, nothing
raises.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.signature.callback_json import body_of, mapping, mappings, text
from connectors.signature.docusign_requests import REFERENCE_FIELD
from domain.signature import Callback, CallbackKind

_MOVED = (
    *("envelope-sent", "envelope-completed", "envelope-declined", "envelope-voided", "envelope-delivered"),
    *("envelope-corrected", "envelope-purge", "envelope-deleted", "envelope-removed", "envelope-discard"),
    *("recipient-sent", "recipient-completed", "recipient-declined", "recipient-authenticationfailed"),
    *("recipient-autoresponded", "recipient-reassign", "recipient-delegate"),
)
_IRRELEVANT = (
    *("envelope-created", "envelope-resent", "envelope-reminder-sent"),
    *("recipient-resent", "recipient-finish-later"),
)
EVENTS: Mapping[str, CallbackKind] = {
    "recipient-delivered": CallbackKind.OPENED,  # opened in the browser
    **dict.fromkeys(_MOVED, CallbackKind.MOVED),
    **dict.fromkeys(_IRRELEVANT, CallbackKind.IRRELEVANT),
}
#: what a subscription asks for: what changes something, of the names that older accounts know too
SUBSCRIBED = (
    *("envelope-sent", "envelope-completed", "envelope-declined", "envelope-voided", "envelope-corrected"),
    *("envelope-purge", "envelope-deleted", "recipient-sent", "recipient-delivered", "recipient-completed"),
    *("recipient-declined", "recipient-authenticationfailed", "recipient-autoresponded"),
    *("recipient-reassign", "recipient-delegate"),
)

_SIGNATURE = re.compile(r"x-docusign-signature-\d{1,3}", re.IGNORECASE)
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_REFERENCE = re.compile(r"[\w\-@.%+]{1,255}")
_TEXT = re.compile(r"[\x21-\x7e]{1,100}")


def is_signed(keys: Iterable[bytes], headers: Mapping[str, str], raw: bytes) -> bool:
    """Whether one of ``keys`` made one of the signatures (DocuSign sends one per active key of its own);
    each pair is tried, in constant time."""
    given = [value for name, value in headers.items() if _SIGNATURE.fullmatch(name)]
    expected = [base64.b64encode(hmac.new(key, raw, hashlib.sha256).digest()) for key in keys]
    matches = [
        hmac.compare_digest(value.encode("utf-8", "surrogatepass"), one)
        for value in given
        for one in expected
    ]
    return any(matches)


def event_key(raw: bytes) -> str:
    """There is no message id, and a repeat differs by its ``retryCount``: what the event is about instead."""
    content = body_of(raw)
    data = mapping(content, "data")
    parts = [
        text(content, "event", _TEXT),
        text(content, "generatedDateTime", _TEXT),
        text(data, "envelopeId", _TEXT),
    ]
    if None in parts:
        return hashlib.sha256(raw).hexdigest()
    return hashlib.sha256(json.dumps([*parts, text(data, "recipientId", _TEXT)]).encode()).hexdigest()


def callback(raw: bytes) -> Callback | None:
    content = body_of(raw)
    event = content.get("event")
    kind = EVENTS.get(event.lower()) if isinstance(event, str) else None
    data = mapping(content, "data")
    summary = mapping(data, "envelopeSummary")
    provider_ref = text(data, "envelopeId", _ID)
    if kind is None or provider_ref is None:
        return None
    return Callback(kind, provider_ref, _reference(summary), _signer(data, summary), _moment(content))


def _reference(summary: Mapping[str, Any]) -> str | None:
    for one in mappings(mapping(summary, "customFields"), "textCustomFields"):
        if one.get("name") == REFERENCE_FIELD:
            return text(one, "value", _REFERENCE)
    return None


def _signer(data: Mapping[str, Any], summary: Mapping[str, Any]) -> str | None:
    """The number that we gave the signer, also when DocuSign tells its own identifier."""
    told = text(data, "recipientId", _ID)
    for one in mappings(mapping(summary, "recipients"), "signers"):
        if told and told == text(one, "recipientIdGuid", _ID):
            return text(one, "recipientId", _ID)
    return told


def _moment(content: Mapping[str, Any]) -> datetime | None:
    value = content.get("generatedDateTime")
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if moment is None or moment.tzinfo:
        return moment
    return moment.replace(tzinfo=UTC)
