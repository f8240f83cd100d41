from __future__ import annotations

import os

import pytest

from store.cipher import CannotOpen, KeyRing


def test_what_is_sealed_opens_again() -> None:
    ring = KeyRing({"k1": os.urandom(32)})
    assert ring.open(ring.seal(b"Durand", "signers.name"), "signers.name") == b"Durand"


def test_two_seals_of_one_value_differ() -> None:
    ring = KeyRing({"k1": os.urandom(32)})
    assert ring.seal(b"x", "p") != ring.seal(b"x", "p")


def test_after_a_rotation_old_values_open_and_new_ones_use_the_new_key() -> None:
    old, new = os.urandom(32), os.urandom(32)
    sealed = KeyRing({"k1": old}).seal(b"x", "p")
    rotated = KeyRing({"k2": new, "k1": old})
    assert rotated.open(sealed, "p") == b"x"
    assert KeyRing.key_id(rotated.seal(b"x", "p")) == "k2"


def test_without_its_key_a_value_does_not_open() -> None:
    sealed = KeyRing({"k1": os.urandom(32)}).seal(b"x", "p")
    with pytest.raises(CannotOpen):
        KeyRing({"k2": os.urandom(32)}).open(sealed, "p")


def test_a_value_moved_to_another_column_does_not_open() -> None:
    ring = KeyRing({"k1": os.urandom(32)})
    with pytest.raises(CannotOpen):
        ring.open(ring.seal(b"x", "signers.link"), "signers.name")


def test_every_changed_byte_is_noticed() -> None:
    ring = KeyRing({"k1": os.urandom(32)})
    sealed = ring.seal(b"Durand", "p")
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(CannotOpen):
            ring.open(bytes(changed), "p")
