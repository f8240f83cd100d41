"""Which characters the machine can print. A letter that no installed font has comes out as an empty box,
without any error: a client's name must never be printed that way."""

from __future__ import annotations

import subprocess
from functools import lru_cache

#: never drawn: spaces, line ends, joiners, marks of direction, variation selectors
INVISIBLE = frozenset(
    chr(code)
    for span in ((9, 13), (0xA0, 0xA0), (0xAD, 0xAD), (0x61C, 0x61C), (0x2000, 0x200F), (0x2028, 0x202F))
    for code in range(span[0], span[1] + 1)
) | frozenset(map(chr, [0x2011, 0x205F, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10)]))
LIST_SECONDS = 20


@lru_cache(maxsize=1)
def _installed() -> tuple[range, ...] | None:
    """The code points of every installed font; None where fontconfig cannot tell."""
    try:
        listed = subprocess.run(
            ["fc-list", "--format", "%{charset}\n", ":scalable=true"],
            capture_output=True,
            text=True,
            check=True,
            timeout=LIST_SECONDS,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    spans = []
    for item in set(listed.split()):
        first, _, last = item.partition("-")
        spans.append(range(int(first, 16), int(last or first, 16) + 1))
    return tuple(sorted(spans, key=lambda span: span.start)) or None


@lru_cache(maxsize=4096)
def printable(character: str) -> bool:
    """True as well when nothing is known about the fonts: the office then does what it can."""
    fonts = _installed()
    return fonts is None or character in INVISIBLE or any(ord(character) in span for span in fonts)
