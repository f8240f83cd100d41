"""DocuSign under contract: how its stand-in is pointed at, provoked and called back from."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr

from connectors.signature.docusign import Docusign
from connectors.signature.docusign_session import DocusignConfig
from domain.signature import CallbackKind
from tests.fixtures.sandbox import Control
from tests.fixtures.services import services

ENVELOPE, RECIPIENT_GUID = "5b9b5e1c-54f1-4ad5-8dd6-f6f3a7a9e0a1", "0d4c5a0e-1f05-4f3c-8a2e-9f3b3a1c7f10"
KEY_OF_THE_ACCOUNT = "une-cle-tiree-par-docusign"

SEND_CALLS = (("POST", r"/envelopes$"),)

_MOVING = (
    *(f"envelope-{event}" for event in ("sent", "delivered", "completed", "declined", "voided")),
    *(f"envelope-{event}" for event in ("corrected", "purge", "deleted", "removed", "discard")),
    *(f"recipient-{event}" for event in ("sent", "completed", "declined", "authenticationfailed")),
    *(f"recipient-{event}" for event in ("autoresponded", "reassign", "delegate")),
)
_SILENT = (
    *(f"envelope-{event}" for event in ("created", "resent", "reminder-sent")),
    *(f"recipient-{event}" for event in ("resent", "finish-later")),
)
EVENTS = {
    "recipient-delivered": CallbackKind.OPENED,
    **dict.fromkeys(_MOVING, CallbackKind.MOVED),
    **dict.fromkeys(_SILENT, CallbackKind.IRRELEVANT),
}


@cache
def trial() -> dict[str, str]:
    """The sandbox's identity, as ``sandbox/hub.env`` gives it to the hub."""
    lines = Path("sandbox/hub.env").read_text(encoding="utf-8").splitlines()
    known = dict(line.split("=", 1) for line in lines if line.startswith("PARAPHE_DOCUSIGN_"))
    return {name.removeprefix("PARAPHE_DOCUSIGN_").lower(): value for name, value in known.items()}


@cache
def another_key() -> str:
    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@cache  # a key takes long to check
def config(url: str, secrets: tuple[str, ...] = (), **changes: str) -> DocusignConfig:
    current, previous = (*(SecretStr(secret) for secret in secrets), None, None)[:2]
    identity = {key: trial()[key] for key in ("integration_key", "user_id", "private_key")}
    mine = {"oauth_url": url, "connect_key": current, "connect_key_previous": previous}
    return DocusignConfig.model_validate(identity | mine | changes)


def build(url: str, secrets: tuple[str, ...]) -> Docusign:
    return Docusign(config(url, secrets), services())


def key_refused(url: str) -> Docusign:
    return Docusign(config(url, private_key=another_key()), services())


def sign(raw: bytes, secret: str) -> dict[str, str]:
    """DocuSign signs with every active key of the account: ours comes second."""
    made = [hmac.new(key.encode(), raw, hashlib.sha256).digest() for key in ("of-another-hub", secret)]
    return {f"X-DocuSign-Signature-{n}": base64.b64encode(one).decode() for n, one in enumerate(made, 1)}


def callback_settings(secret: str) -> dict[str, str]:
    return {"PARAPHE_DOCUSIGN_CONNECT_KEY": secret}


def callback(event: str, repeat: int = 0) -> bytes:
    """A message as the reference describes it."""
    signer = {"recipientId": "1", "recipientIdGuid": RECIPIENT_GUID, "status": "sent"}
    fields = [{"fieldId": "1", "name": "external_id", "value": "cv_0193.1"}]
    summary = {
        "status": "sent",
        "recipients": {"signers": [signer]},
        "customFields": {"textCustomFields": fields},
    }
    data: dict[str, Any] = {
        "accountId": "a",
        "userId": "u",
        "envelopeId": ENVELOPE,
        "envelopeSummary": summary,
    }
    if event.startswith("recipient-"):
        data["recipientId"] = "1"
    content = {
        "event": event,
        "uri": f"/restapi/v2.1/accounts/a/envelopes/{ENVELOPE}",
        "retryCount": repeat,
        "configurationId": 12345,
        "apiVersion": "v2.1",
        "generatedDateTime": "2026-03-01T12:00:00.1234567Z",
        "data": data,
    }
    return json.dumps(content).encode()


class DocusignHands:
    """Acts through the stand-in's control interface."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def _envelopes(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._control.get("signature_requests")
        return found

    def live(self, reference: str) -> list[str]:
        return [
            one["id"]
            for one in self._envelopes()
            if one["external_id"] == reference and one["status"] != "created"
        ]

    def drafts(self) -> list[str]:
        return [one["id"] for one in self._envelopes() if one["status"] == "created"]

    def invitations(self) -> int:
        return sum(message["kind"] == "invitation" for message in self._control.get("messages"))

    def bin_drafts(self) -> None:
        assert not self.drafts(), "an envelope is created and sent in one call"

    def sign(self, ref: str, signer_ref: str) -> None:
        self._control.post("sign", {"signature_request": ref, "signer": signer_ref})

    def decline(self, ref: str, signer_ref: str, reason: str) -> None:
        self._control.post("decline", {"signature_request": ref, "signer": signer_ref, "reason": reason})

    def expire(self, ref: str) -> None:
        self._control.post("expire", {"signature_request": ref})

    def not_ready(self, calls: int) -> None:
        self._control.post("not_ready", {"calls": calls})

    def callback_secret(self, told: str) -> str:
        """DocuSign draws the key in its pages and shows it there alone."""
        assert KEY_OF_THE_ACCOUNT not in told
        self._control.post("connect_keys", {"keys": ["of-another-hub", KEY_OF_THE_ACCOUNT]})
        return KEY_OF_THE_ACCOUNT
