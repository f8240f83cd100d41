"""Acrobat Sign's callbacks: from our subscription or not, and what they hint at. Pure; whatever comes in,
nothing raises.

The body is not signed, so nothing in it is believed: every event that may have changed something only makes
the hub ask, an opening included (``GET .../events`` tells of it).
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from connectors import QUERY
from connectors.signature.callback_json import body_of, mapping, text
from domain.signature import Callback, CallbackKind

CLIENT_ID = "X-AdobeSign-ClientId"
#: the parameter of the callback address that carries our token
TOKEN = "token"  # noqa: S105 # its name, not its value

#: what a subscription asks for: each event costs a callback, so those that change nothing stay out
SUBSCRIBED = tuple(
    f"AGREEMENT_{name}"
    for name in (
        *("CREATED", "ACTION_REQUESTED", "EMAIL_VIEWED", "ACTION_COMPLETED", "WORKFLOW_COMPLETED"),
        *("REJECTED", "RECALLED", "EXPIRED", "AUTO_CANCELLED_CONVERSION_PROBLEM", "EMAIL_BOUNCED"),
        *("ACTION_DELEGATED", "ACTION_REPLACED_SIGNER", "MODIFIED", "DOCUMENTS_DELETED"),
    )
)
#: published later than what a subscription may name by the description at hand
_ALSO_MOVING = tuple(
    f"AGREEMENT_{name}"
    for name in (
        *("DOCUMENTS_VIEWED", "DOCUMENTS_VIEWED_PASSWORD_PROTECTED", "PARTICIPANT_COMPLETED"),
        *("RECALLED_MAX_SIGNING_EMAIL_OTP_ATTEMPTS", "PARTICIPANT_REPLACED", "RESTARTED", "DELETED"),
        *("EXPIRATION_UPDATED", "KBA_AUTHENTICATED", "WEB_IDENTITY_AUTHENTICATED", "EMAIL_OTP_AUTHENTICATED"),
        *("USER_ACK_AGREEMENT_MODIFIED", "SIGNER_NAME_CHANGED_BY_SIGNER"),
    )
)
_SILENT = tuple(
    f"AGREEMENT_{name}"
    for name in (
        *("REMINDER_INITIATED", "REMINDER_SENT", "SHARED", "UNSHARED", "UNSHARED_AUTO", "OFFLINE_SYNC"),
        *("UPLOADED_BY_SENDER", "READY_TO_NOTARIZE", "READY_TO_VAULT", "VAULTED"),
    )
)
EVENTS: Mapping[str, CallbackKind] = {
    **dict.fromkeys((*SUBSCRIBED, *_ALSO_MOVING), CallbackKind.MOVED),
    **dict.fromkeys(_SILENT, CallbackKind.IRRELEVANT),
}

_ID = re.compile(r"[0-9A-Za-z_*-]{1,200}")
_EVENT_ID = re.compile(r"[\x21-\x7e]{1,200}")
_REFERENCE = re.compile(r"[\x21-\x7e]{1,255}")


def subscription_body(callback_url: str) -> dict[str, Any]:
    """The least payload: the agreement's id is all that is used, and names and addresses need not travel."""
    nothing = dict.fromkeys(
        ("includeDetailedInfo", "includeParticipantsInfo", "includeDocumentsInfo", "includeSignedDocuments"),
        False,
    )
    return {
        "name": "Paraphe",
        "scope": "ACCOUNT",
        "state": "ACTIVE",
        "webhookSubscriptionEvents": list(SUBSCRIBED),
        "webhookUrlInfo": {"url": callback_url},
        "webhookConditionalParams": {"webhookAgreementEvents": nothing},
    }


def known_client(accepted: Iterable[str], headers: Mapping[str, str]) -> str | None:
    """The accepted client id that the caller names, or None."""
    given = _header(headers, CLIENT_ID)
    return next((one for one in accepted if one and _same(given, one)), None)


def has_token(secrets: Iterable[str], headers: Mapping[str, str]) -> bool:
    """Whether the address that was called carries one of ``secrets``; each is tried, in constant time."""
    given = token_in(_header(headers, QUERY))
    return True in [_same(given, secret) for secret in secrets]


def token_in(query: str) -> str:
    return dict(parse_qsl(query)).get(TOKEN, "")


def _header(headers: Mapping[str, str], wanted: str) -> str:
    return next((value for name, value in headers.items() if name.lower() == wanted.lower()), "")


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())


def event_id(raw: bytes) -> str | None:
    return text(body_of(raw), "webhookNotificationId", _EVENT_ID)


def callback(raw: bytes) -> Callback | None:
    content = body_of(raw)
    event = content.get("event")
    kind = EVENTS.get(event) if isinstance(event, str) else None
    agreement = mapping(content, "agreement")
    provider_ref = text(agreement, "id", _ID)
    if kind is None or provider_ref is None:
        return None
    reference = text(mapping(agreement, "externalId"), "id", _REFERENCE)
    return Callback(kind, provider_ref, reference, None, _moment(content.get("eventDate")))


def _moment(value: object) -> datetime | None:
    """ISO 8601 with its zone."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
