"""Yousign under contract: how its stand-in is pointed at, provoked and called back from."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from pydantic import SecretStr

from connectors.signature.yousign import Yousign, YousignConfig
from domain.signature import CallbackKind
from tests.fixtures.sandbox import Control
from tests.fixtures.services import services

REQUEST, SIGNER = "5b9b5e1c-54f1-4ad5-8dd6-f6f3a7a9e0a1", "0d4c5a0e-1f05-4f3c-8a2e-9f3b3a1c7f10"

SEND_CALLS = (
    ("POST", r"/v3/signature_requests$"),
    ("POST", r"/documents$"),
    ("POST", r"/signers$"),
    ("POST", r"/activate$"),
)

_MOVING = (
    *(f"signature_request.{event}" for event in ("activated", "approved", "done", "declined", "rejected")),
    *(f"signature_request.{event}" for event in ("canceled", "expired", "reactivated", "paused", "resumed")),
    *(f"signature_request.{event}" for event in ("deleted", "permanently_deleted")),
    *(f"signer.{event}" for event in ("notified", "done", "declined", "error")),
    *(f"signer.identification_{event}" for event in ("succeeded", "failed", "blocked", "expired")),
    *("signer.notification_delivery_failed", "approver.approved", "approver.rejected"),
)
_SILENT = (
    *("signature_request.reminder_executed", "signature_request.automatic_reminder_executed"),
    *("signer.sender_contacted", "signer.identity_saved"),
    *("approver.notified", "approver.notification_delivery_failed"),
)
EVENTS = {
    "signer.link_opened": CallbackKind.OPENED,
    **dict.fromkeys(_MOVING, CallbackKind.MOVED),
    **dict.fromkeys(_SILENT, CallbackKind.IRRELEVANT),
}


def build(url: str, secrets: tuple[str, ...], key: str = "bac-a-sable") -> Yousign:
    current, previous = (*(SecretStr(secret) for secret in secrets), None, None)[:2]
    config = YousignConfig(
        api_key=SecretStr(key), url=f"{url}/v3", webhook_secret=current, webhook_secret_previous=previous
    )
    return Yousign(config, services())


def key_refused(url: str) -> Yousign:
    return build(url, (), key="refusee")


def sign(raw: bytes, secret: str) -> dict[str, str]:
    made = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return {"X-Yousign-Signature-256": f"sha256={made}", "X-Yousign-Retry": "0"}


def callback_settings(secret: str) -> dict[str, str]:
    return {"PARAPHE_YOUSIGN_WEBHOOK_SECRET": secret}


def callback(event: str) -> bytes:
    """A callback as the reference describes it."""
    data: dict[str, Any] = {"signature_request": {"id": REQUEST, "external_id": "cv_0193.1"}}
    if event.startswith("signer."):
        data["signer"] = {"id": SIGNER, "status": "notified"}
    content = {
        "event_id": f"id-of-{event}",
        "event_name": event,
        "event_time": "1772366400",
        "subscription_id": SIGNER,
        "subscription_description": "hub",
        "sandbox": True,
        "data": data,
    }
    return json.dumps(content).encode()


class YousignHands:
    """Acts through the stand-in's control interface."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def _requests(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._control.get("signature_requests")
        return found

    def live(self, reference: str) -> list[str]:
        return [
            one["id"]
            for one in self._requests()
            if one["external_id"] == reference and one["status"] not in ("draft", "deleted")
        ]

    def drafts(self) -> list[str]:
        return [one["id"] for one in self._requests() if one["status"] == "draft"]

    def invitations(self) -> int:
        return sum(message["kind"] == "invitation" for message in self._control.get("messages"))

    def bin_drafts(self) -> None:
        for ref in self.drafts():
            url = f"{self._control.url}/v3/signature_requests/{ref}"
            headers = {"Authorization": "Bearer bac-a-sable"}
            self._control.client.delete(url, headers=headers).raise_for_status()

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
