"""quickXorHash, the only hash that SharePoint tells (learn.microsoft.com, "QuickXorHash algorithm")."""

from __future__ import annotations

import base64

_BITS, _STEP = 160, 11
_PERIOD = 160  # bytes: 160 x 11 is a multiple of 160, so the turns begin again


def quick_xor_hash(content: bytes) -> str:
    """Every byte turned by 11 bits more than the one before, all of them XORed, and the length with them."""
    digest = 0
    for place, byte in enumerate(_folded(content)):
        turn = place * _STEP % _BITS
        turned = byte << turn
        digest ^= (turned | turned >> _BITS) & ((1 << _BITS) - 1)
    digest ^= len(content) << (_BITS - 64)
    return base64.b64encode(digest.to_bytes(_BITS // 8, "little")).decode()


def _folded(content: bytes) -> bytes:
    """The bytes that are turned alike, XORed together: half over half until one period is left."""
    blocks, folded = max(1, -(-len(content) // _PERIOD)), int.from_bytes(content, "little")
    while blocks > 1:
        half = blocks - blocks // 2
        bits = half * _PERIOD * 8
        folded, blocks = (folded & ((1 << bits) - 1)) ^ (folded >> bits), half
    return folded.to_bytes(_PERIOD, "little")
