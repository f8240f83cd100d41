"""AES-256-GCM for personal fields and documents, under a key ring.

A sealed value is ``version (1) | key id length (1) | key id | nonce (12) | ciphertext and tag``. The
key id travels with each value, so that keys rotate: the ring's first key seals, all of them open.
The place (table and column) is authenticated too: a value moved elsewhere does not open.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = 1
_NONCE_BYTES = 12


class CannotOpen(ValueError):
    """The value was sealed under a key that is not in the ring, or was changed."""


class KeyRing:
    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self.current = next(iter(keys))

    @property
    def key_ids(self) -> frozenset[str]:
        return frozenset(self._ciphers)

    def seal(self, plain: bytes, place: str) -> bytes:
        key_id = self.current.encode()
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self.current].encrypt(nonce, plain, place.encode())
        return bytes([_VERSION, len(key_id)]) + key_id + nonce + sealed

    def open(self, sealed: bytes, place: str) -> bytes:
        key_id = self.key_id(sealed)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise CannotOpen(f"key {key_id!r} is not in the ring")
        start = 2 + len(key_id)
        nonce = sealed[start : start + _NONCE_BYTES]
        try:
            return cipher.decrypt(nonce, sealed[start + _NONCE_BYTES :], place.encode())
        except InvalidTag as error:
            raise CannotOpen("the value was changed or moved") from error

    @staticmethod
    def key_id(sealed: bytes) -> str:
        if len(sealed) < 2 or sealed[0] != _VERSION:
            raise CannotOpen("not a sealed value")
        return sealed[2 : 2 + sealed[1]].decode("ascii", "replace")
