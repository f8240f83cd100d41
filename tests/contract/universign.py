"""Universign under contract: how its stand-in is pointed at, provoked and called back from.

The suite's secrets are names of keys here: a connector that the suite points nowhere reads the public ones
of those it is given from ``published_keys``, a server of this process.
"""

from __future__ import annotations

import base64
import json
import socket
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.hashes import SHA256
from pydantic import SecretStr

from connectors.signature.universign import Universign, UniversignConfig
from connectors.signature.universign_answers import signer_ref
from domain.signature import CallbackKind
from tests.archives.memory import Memory
from tests.fixtures.sandbox import Control
from tests.http.wire import Wire, answer, serving

NOWHERE = "http://127.0.0.1:9"
TRANSACTION, EMAIL = "tx_Y0K9egJm6VBL", "john@company.example"

SEND_CALLS = (
    ("POST", r"/v1/transactions$"),
    ("POST", r"/v1/files$"),
    ("POST", r"/documents$"),
    ("POST", r"/fields$"),
    ("POST", r"/signatures$"),
    ("POST", r"/participants$"),
    ("POST", r"/start$"),
)
_MOVING = (
    *(f"transaction.lifecycle.{event}" for event in ("started", "paused", "cancelled", "expired")),
    *("transaction.lifecycle.completed", "action.opened", "action.closed", "action.stalled"),
)
_SILENT = (
    *("transaction.lifecycle.created", "action.reminder.sent", "action.manualreminder.sent"),
    *("action.waitingperiod.cancelled", "action.waitingperiod.ended"),
)
EVENTS = {
    **dict.fromkeys(_MOVING, CallbackKind.MOVED),
    **dict.fromkeys(_SILENT, CallbackKind.IRRELEVANT),
}


def build(url: str, secrets: tuple[str, ...], key: str = "bac-a-sable") -> Universign:
    keys_url = f"{published_keys()}/{','.join(filter(None, secrets))}" if url == NOWHERE else None
    config = UniversignConfig(api_key=SecretStr(key), url=f"{url}/v1", keys_url=keys_url)
    return Universign(config, Memory().services())


def key_refused(url: str) -> Universign:
    return build(url, (), key="refusee")


def sign(raw: bytes, secret: str, **header: Any) -> dict[str, str]:
    about = {"alg": "PS256", "kid": kid(secret)} | header
    signed = encoded(json.dumps(about).encode()) + b"." + encoded(raw)
    made = private_key(secret).sign(signed, PSS(MGF1(SHA256()), SHA256.digest_size), SHA256())
    return {"x-jws-signature": b".".join((signed.split(b".")[0], b"", encoded(made))).decode()}


def encoded(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def kid(secret: str) -> str:
    return f"scd_{secret}"


@cache
def private_key(secret: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def jwk(secret: str) -> dict[str, str]:
    numbers = private_key(secret).public_key().public_numbers()
    number = {name: encoded(value.to_bytes(256, "big")).decode() for name, value in vars_of(numbers).items()}
    return {"kty": "RSA", "use": "sig", "alg": "PS256", "kid": kid(secret)} | number


def vars_of(numbers: rsa.RSAPublicNumbers) -> dict[str, int]:
    return {"n": numbers.n, "e": numbers.e}


@cache
def published_keys() -> str:
    """Where ``GET <this>/<secret>,<secret>/webhooks/jwks.json`` publishes the keys of these secrets; it lasts
    as long as the tests."""

    def publish(wire: Wire, connection: socket.socket) -> None:
        names = wire.received[-1].split(b" ")[1].decode().split("/")[1]
        keys = [jwk(name) for name in names.split(",") if name]
        answer(200, json.dumps({"keys": keys}).encode())(wire, connection)

    context = serving(publish)
    _kept.append(context)
    return context.__enter__().url


_kept: list[Any] = []


def callback_settings(secret: str) -> dict[str, str]:
    return {"PARAPHE_UNIVERSIGN_KEYS_URL": f"{published_keys()}/{secret}"}


def callback(event: str) -> bytes:
    """A callback as the guides describe it: the transaction, or what names an action."""
    subject: dict[str, Any] = {"object": "transaction", "id": TRANSACTION, "state": "started"}
    if event.startswith("action."):
        subject = {
            "participant_email": EMAIL,
            "action_id": "act_oX393gobbrK31",
            "transaction_id": TRANSACTION,
        }
    if event == "action.stalled":
        subject["stalled_reason"] = "signature_refusal"
    content = {
        "object": "event",
        "id": f"evt_{event}",
        "type": event,
        "createdAt": 1772366400,
        "payload": {"object": subject},
    }
    return json.dumps(content).encode()


class UniversignHands:
    """Acts through the stand-in's control interface."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def _all(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._control.get("signature_requests")
        return found

    def live(self, reference: str) -> list[str]:
        return [
            one["id"] for one in self._all() if one["name"].endswith(f" {reference}") and one["was_started"]
        ]

    def drafts(self) -> list[str]:
        """Those that hold a document: an empty one, whose creation was not answered, is nobody's, and
        Universign deletes it after seven days."""
        return [one["id"] for one in self._all() if one["status"] == "draft" and one["documents"]]

    def invitations(self) -> int:
        return sum(message["kind"] == "invitation" for message in self._control.get("messages"))

    def bin_drafts(self) -> None:
        for one in self._all():
            if one["status"] == "draft":
                url = f"{self._control.url}/v1/transactions/{one['id']}/cancel"
                self._control.client.post(url, auth=("bac-a-sable", "")).raise_for_status()

    def sign(self, ref: str, signer_ref: str) -> None:
        self._control.post("sign", {"signature_request": ref, "signer": self._email(ref, signer_ref)})

    def decline(self, ref: str, signer_ref: str, reason: str) -> None:
        self._control.post("decline", {"signature_request": ref, "signer": self._email(ref, signer_ref)})

    def expire(self, ref: str) -> None:
        self._control.post("expire", {"signature_request": ref})

    def callback_secret(self, told: str) -> str:
        return told.rsplit(maxsplit=1)[-1]

    def not_ready(self, calls: int) -> None:
        self._control.post("not_ready", {"calls": calls})

    def _email(self, ref: str, wanted: str) -> str:
        (request,) = [one for one in self._all() if one["id"] == ref]
        (email,) = [one["email"] for one in request["signers"] if signer_ref(ref, one["email"]) == wanted]
        return str(email)
