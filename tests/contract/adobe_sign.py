"""Acrobat Sign under contract: how its stand-in is pointed at, provoked and called back from.

``webhook_payloads.json`` are Adobe's own empty templates of its notifications (MIT, see NOTICE beside them).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from connectors.signature.adobe_sign import AdobeSign
from connectors.signature.adobe_sign_api import AdobeSignConfig
from domain.signature import CallbackKind
from tests.fixtures.sandbox import Control
from tests.fixtures.services import services

CLIENT_ID, AGREEMENT = "CBJCHBCAABAAbacASable", "CBJCHBCAABAAp2NjOkIHzSGJLuW4ur5VMgGkvYOCvBSf"
TEMPLATES: dict[str, Any] = json.loads(
    Path("tests/vectors/adobe_sign/webhook_payloads.json").read_text(encoding="utf-8")
)

#: what creates; what is read afterwards only fails as readings do
SEND_CALLS = (("POST", r"/transientDocuments$"), ("POST", r"/agreements$"))

_SILENT = (
    *("REMINDER_INITIATED", "REMINDER_SENT", "SHARED", "OFFLINE_SYNC", "UPLOADED_BY_SENDER"),
    *("READY_TO_NOTARIZE", "READY_TO_VAULT", "VAULTED"),
)
#: every event that Adobe publishes a template of: none is believed to be an opening
EVENTS = {
    name: CallbackKind.IRRELEVANT if name.removeprefix("AGREEMENT_") in _SILENT else CallbackKind.MOVED
    for name in TEMPLATES
}


def build(url: str, secrets: tuple[str, ...], refresh_token: str = "actualisation") -> AdobeSign:
    current, previous = (*(SecretStr(secret) for secret in secrets), None, None)[:2]
    config = AdobeSignConfig(
        client_id=CLIENT_ID,
        client_secret=SecretStr("secret-de-l-application"),
        refresh_token=SecretStr(refresh_token),
        url=url,
        webhook_secret=current,
        webhook_secret_previous=previous,
        webhook_client_ids="another-application, CBJCHBCAABAAother",
    )
    return AdobeSign(config, services())


def with_key(url: str, key: str) -> AdobeSign:
    config = AdobeSignConfig(client_id=CLIENT_ID, integration_key=SecretStr(key), url=url)
    return AdobeSign(config, services())


def key_refused(url: str) -> AdobeSign:
    return build(url, (), refresh_token="refuse")  # what the stand-in refuses


def sign(_raw: bytes, secret: str) -> dict[str, str]:
    """Nothing of the body: who calls, and the address that was called."""
    return {"X-ADOBESIGN-CLIENTID": CLIENT_ID, ":query": f"token={secret}"}


def callback_settings(secret: str) -> dict[str, str]:
    return {"PARAPHE_ADOBE_SIGN_WEBHOOK_SECRET": secret, "PARAPHE_ADOBE_SIGN_WEBHOOK_CLIENT_IDS": CLIENT_ID}


def callback(event: str) -> bytes:
    """Adobe's template of this event, filled in."""
    content = json.loads(json.dumps(TEMPLATES[event]))
    content |= {
        "webhookNotificationId": f"id-of-{event}",
        "event": event,
        "eventDate": "2026-03-01T12:00:00Z",
        "eventResourceType": "agreement",
    }
    content["agreement"] |= {"id": AGREEMENT, "status": "OUT_FOR_SIGNATURE"}
    return json.dumps(content).encode()


class AdobeSignHands:
    """Acts through the stand-in's control interface."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def live(self, reference: str) -> list[str]:
        requests: list[dict[str, Any]] = self._control.get("signature_requests")
        return [one["id"] for one in requests if one["external_id"] == reference]

    def drafts(self) -> list[str]:
        """An agreement is created and sent in one call: there are none."""
        return []

    def invitations(self) -> int:
        return sum(message["kind"] == "invitation" for message in self._control.get("messages"))

    def bin_drafts(self) -> None: ...

    def sign(self, ref: str, signer_ref: str) -> None:
        self._control.post("sign", {"signature_request": ref, "signer": signer_ref})

    def decline(self, ref: str, signer_ref: str, reason: str) -> None:
        self._control.post("decline", {"signature_request": ref, "signer": signer_ref, "reason": reason})

    def expire(self, ref: str) -> None:
        self._control.post("expire", {"signature_request": ref})

    def callback_secret(self, told: str) -> str:
        return told.rsplit(maxsplit=1)[-1]

    def not_ready(self, calls: int) -> None:
        self._control.post("not_ready", {"calls": calls})
