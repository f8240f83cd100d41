"""The public keys under which Universign signs its callbacks: read where it publishes them, and kept."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256
from pydantic import BaseModel

from connectors.http import Api
from connectors.signature.universign_callbacks import Jws
from domain.errors import ParapheError, Retryable

_GOOD_FOR = timedelta(days=1)  # a key that was withdrawn is believed no longer than this
_BETWEEN_READINGS = timedelta(minutes=1)  # anybody may name a key that does not exist
_BETWEEN_FAILURES = timedelta(seconds=10)
_FEWEST_BITS = 2048
_PSS = PSS(MGF1(SHA256()), SHA256.digest_size)


class Jwk(BaseModel):
    """RFC 7517; only RSA signing keys are of use here."""

    kty: str = ""
    kid: str = ""
    use: str = "sig"
    alg: str = "PS256"
    n: str = ""
    e: str = ""

    def key(self) -> RSAPublicKey | None:
        if (self.kty, self.use, self.alg) != ("RSA", "sig", "PS256"):
            return None
        try:
            key = RSAPublicNumbers(_number(self.e), _number(self.n)).public_key()
        except ValueError:
            return None
        return key if key.key_size >= _FEWEST_BITS else None


class JwkSet(BaseModel):
    keys: list[Jwk]


class PublishedKeys:
    """Thread-safe; ``api`` answers soon or not at all, since a caller waits for our own answer."""

    def __init__(self, api: Api, path: str, now: Callable[[], datetime]) -> None:
        self._api, self._path, self._now = api, path, now
        self._lock = Lock()
        self._keys: dict[str, RSAPublicKey] = {}
        self._read_at: datetime | None = None
        self._failed_at: datetime | None = None

    def signed(self, jws: Jws) -> bool:
        """Whether the key that ``jws`` names made it. Raises Retryable when the keys cannot be read now:
        who could not be checked is neither believed nor sent away for good."""
        key = self._key(jws.kid)
        if key is None:
            return False
        try:
            key.verify(jws.signature, jws.signed, _PSS, SHA256())
        except InvalidSignature:
            return False
        return True

    def read(self) -> None:
        """Read them now; raises Retryable."""
        with self._lock:
            self._refresh(self._now())

    def _key(self, kid: str) -> RSAPublicKey | None:
        with self._lock:
            now = self._now()
            age = now - self._read_at if self._read_at else None
            if age is None or age > _GOOD_FOR or (kid not in self._keys and age > _BETWEEN_READINGS):
                if self._failed_at and now - self._failed_at < _BETWEEN_FAILURES:
                    raise _unavailable()
                self._refresh(now)
            return self._keys.get(kid)

    def _refresh(self, now: datetime) -> None:
        try:
            found = self._api.ask(JwkSet, "GET", self._path)
        except ParapheError:
            self._failed_at = now
            raise _unavailable() from None
        keys = {one.kid: one.key() for one in found.keys}
        self._keys = {kid: key for kid, key in keys.items() if key}
        self._read_at, self._failed_at = now, None


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def _unavailable() -> Retryable:
    return Retryable(
        "universign_keys_unavailable",
        "Les clés publiques d'Universign sont illisibles, ses rappels attendent : vérifiez que "
        "ce serveur peut joindre PARAPHE_UNIVERSIGN_URL.",
        60,
    )
