"""The webhook events that a subscription may ask for, and the payload of one."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sandbox.yousign import answers
from sandbox.yousign.state import SignatureRequest, Signer, State, Subscription

_OF_REQUEST = (
    *("activated", "approved", "automatic_reminder_executed", "canceled", "declined", "deleted", "done"),
    *("expired", "paused", "permanently_deleted", "reactivated", "rejected", "reminder_executed", "resumed"),
)
_OF_SIGNER = (
    *("declined", "done", "error", "identification_blocked", "identification_expired"),
    *("identification_failed", "identification_succeeded", "identity_saved", "link_opened"),
    *("notification_delivery_failed", "notified", "sender_contacted"),
)
_OF_APPROVER = ("approved", "notification_delivery_failed", "notified", "rejected")
EVENTS = frozenset(
    [f"signature_request.{name}" for name in _OF_REQUEST]
    + [f"signer.{name}" for name in _OF_SIGNER]
    + [f"approver.{name}" for name in _OF_APPROVER]
)
SCOPES = frozenset({"app", "public_api", "connector_zapier_api"})


def subject(state: State, request: SignatureRequest, signer: Signer | None) -> dict[str, Any]:
    """The ``data`` of an event, as things stand at this moment."""
    data = {"signature_request": answers.request(state, request)}
    return data | {"signer": answers.signer(request, signer)} if signer else data


def body(subscription: Subscription, event_id: str, name: str, at: datetime, data: dict[str, Any]) -> bytes:
    """The raw bytes that are signed and sent, the same at every try."""
    payload = {
        "event_id": event_id,
        "event_name": name,
        "event_time": str(int(at.timestamp())),
        "subscription_id": subscription.id,
        "subscription_description": subscription.asked.get("description"),
        "sandbox": subscription.asked["sandbox"],
        "data": data,
    }
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
