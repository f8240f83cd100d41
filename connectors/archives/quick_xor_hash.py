"""quickXorHash, the only hash that SharePoint tells of a file: 160 bits, and none that stops a forger.

Source: learn.microsoft.com/onedrive/developer/code-snippets/quickxorhash (the algorithm in words).
"""

from __future__ import annotations

from base64 import b64encode

WIDTH_BITS = 160
SHIFT_BITS = 11
#: bytes so far apart are shifted alike: 160 x 11 bits are eleven whole turns
PERIOD_BYTES = 160


def quick_xor_hash(content: bytes) -> str:
    """In base64, as Graph gives it. Whole periods are XORed at once: a byte at a time would take half a
    minute for the largest files."""
    column = 0
    for start in range(0, len(content), PERIOD_BYTES):
        column ^= int.from_bytes(content[start : start + PERIOD_BYTES], "little")
    wheel = 0
    for position, byte in enumerate(column.to_bytes(PERIOD_BYTES, "little")):
        wheel ^= byte << (position * SHIFT_BITS)
    digest = 0
    while wheel:  # what stands beyond the width comes round again
        digest ^= wheel & (1 << WIDTH_BITS) - 1
        wheel >>= WIDTH_BITS
    digest ^= len(content) << WIDTH_BITS - 64
    return b64encode(digest.to_bytes(WIDTH_BITS // 8, "little")).decode()
