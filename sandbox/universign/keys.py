"""The keys under which the stand-in signs its callbacks (PS256), as it publishes them, and their rotation."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.hashes import SHA256

from sandbox.universign.state import new_id


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(frozen=True)
class Key:
    private: rsa.RSAPrivateKey
    kid: str = field(default_factory=lambda: new_id("scd"))

    def sign(self, body: bytes) -> str:
        """A detached JWS over these bytes."""
        header = encoded(json.dumps({"alg": "PS256", "kid": self.kid}, separators=(",", ":")).encode())
        signed = f"{header}.{encoded(body)}".encode()
        made = self.private.sign(signed, PSS(MGF1(SHA256()), SHA256.digest_size), SHA256())
        return f"{header}..{encoded(made)}"

    def published(self) -> dict[str, str]:
        numbers = self.private.public_key().public_numbers()
        told = {"kty": "RSA", "use": "sig", "alg": "PS256", "kid": self.kid}
        return told | {"n": _number(numbers.n), "e": _number(numbers.e)}


class KeyRing:
    """The last key signs; the one before stays published, for what is still to be repeated."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._keys = [Key(_first())]

    def rotate(self) -> Key:
        self._keys = [self._keys[-1], Key(rsa.generate_private_key(65537, 2048))]
        return self._keys[-1]

    def sign(self, body: bytes) -> str:
        return self._keys[-1].sign(body)

    def published(self) -> dict[str, Any]:
        return {"keys": [key.published() for key in self._keys]}


@cache
def _first() -> rsa.RSAPrivateKey:
    """Made once for the process: a reset is often, and a key is slow to make."""
    return rsa.generate_private_key(65537, 2048)


def _number(value: int) -> str:
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))
