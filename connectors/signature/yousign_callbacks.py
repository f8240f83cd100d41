"""Yousign's callbacks: authentic or not, and what they say. Pure; whatever comes in, nothing
raises.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.signature.callback_json import body_of, mapping, text
from domain.signature import Callback, CallbackKind

_OPENED = ("signer.link_opened",)
_MOVED = (
    *("signature_request.activated", "signature_request.approved", "signature_request.done"),
    *("signature_request.declined", "signature_request.rejected", "signature_request.canceled"),
    *("signature_request.expired", "signature_request.reactivated", "signature_request.paused"),
    *("signature_request.resumed", "signature_request.deleted", "signature_request.permanently_deleted"),
    *("signer.notified", "signer.done", "signer.declined", "signer.error"),
    *("signer.notification_delivery_failed", "signer.identification_succeeded"),
    *("signer.identification_failed", "signer.identification_blocked", "signer.identification_expired"),
    *("approver.approved", "approver.rejected"),
)
_IRRELEVANT = (
    *("signature_request.reminder_executed", "signature_request.automatic_reminder_executed"),
    *("signer.sender_contacted", "signer.identity_saved"),
    *("approver.notified", "approver.notification_delivery_failed"),
)
EVENTS: Mapping[str, CallbackKind] = {
    **dict.fromkeys(_OPENED, CallbackKind.OPENED),
    **dict.fromkeys(_MOVED, CallbackKind.MOVED),
    **dict.fromkeys(_IRRELEVANT, CallbackKind.IRRELEVANT),
}
#: what a subscription asks for: each event costs a callback, so those that change nothing stay out
_SUBSCRIBED = tuple(name for name, kind in EVENTS.items() if kind is not CallbackKind.IRRELEVANT)

_SIGNATURE = "x-yousign-signature-256"
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_REFERENCE = re.compile(r"[\w\-@.%+]{1,255}")
_EVENT_ID = re.compile(r"[\x21-\x7e]{1,200}")


def subscription_body(callback_url: str, sandbox: bool, secret: str | None) -> dict[str, Any]:
    """``secret`` is used when it is of the length that Yousign takes; otherwise Yousign draws one."""
    ours = {"secret_key": secret} if secret and len(secret) == 32 else {}
    return {
        **ours,
        "endpoint": callback_url,
        "description": "Paraphe",
        "sandbox": sandbox,
        "subscribed_events": list(_SUBSCRIBED),
        "scopes": ["*"],
        "workspaces": ["*"],
        "auto_retry": True,
        "enabled": True,
    }


def is_signed(secrets: Iterable[bytes], headers: Mapping[str, str], raw: bytes) -> bool:
    """Whether one of ``secrets`` made the signature; each is tried, in constant time."""
    given = next((value for name, value in headers.items() if name.lower() == _SIGNATURE), "")
    expected = [b"sha256=" + hmac.new(secret, raw, hashlib.sha256).hexdigest().encode() for secret in secrets]
    return any(hmac.compare_digest(given.encode("utf-8", "surrogatepass"), one) for one in expected)


def event_id(raw: bytes) -> str | None:
    return text(body_of(raw), "event_id", _EVENT_ID)


def callback(raw: bytes) -> Callback | None:
    content = body_of(raw)
    event = content.get("event_name")
    kind = EVENTS.get(event) if isinstance(event, str) else None
    data = mapping(content, "data")
    request = mapping(data, "signature_request")
    provider_ref = text(request, "id", _ID)
    if kind is None or provider_ref is None:
        return None
    return Callback(
        kind,
        provider_ref,
        text(request, "external_id", _REFERENCE),
        text(mapping(data, "signer"), "id", _ID),
        _moment(content.get("event_time")),
    )


def _moment(value: object) -> datetime | None:
    """Unix seconds, documented as text."""
    if not isinstance(value, (str, int)) or not str(value).isdecimal():
        return None
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (ValueError, OverflowError, OSError):
        return None
