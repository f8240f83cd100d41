"""Yousign's callbacks: authentic or not, and what they say. Pure; whatever comes in, nothing
raises.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

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


def _content(raw: bytes) -> Mapping[str, Any]:
    """The body as a mapping, empty when it is anything else; whatever it holds, never an exception."""
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def event_id(raw: bytes) -> str | None:
    return _text(_content(raw), "event_id", _EVENT_ID)


def callback(raw: bytes) -> Callback | None:
    content = _content(raw)
    event = content.get("event_name")
    kind = EVENTS.get(event) if isinstance(event, str) else None
    data = _mapping(content, "data")
    request = _mapping(data, "signature_request")
    provider_ref = _text(request, "id", _ID)
    if kind is None or provider_ref is None:
        return None
    return Callback(
        kind,
        provider_ref,
        _text(request, "external_id", _REFERENCE),
        _text(_mapping(data, "signer"), "id", _ID),
        _moment(content.get("event_time")),
    )


def _mapping(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = content.get(name)
    return value if isinstance(value, dict) else {}


def _text(content: Mapping[str, Any], name: str, form: re.Pattern[str]) -> str | None:
    value = content.get(name)
    return value if isinstance(value, str) and form.fullmatch(value) else None


def _moment(value: object) -> datetime | None:
    """Unix seconds, documented as text."""
    if not isinstance(value, (str, int)) or not str(value).isdecimal():
        return None
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (ValueError, OverflowError, OSError):
        return None
