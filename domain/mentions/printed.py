"""Whether a printed form stands in a clause: exactly, but for spaces and the drawing of apostrophes."""

from __future__ import annotations

import re
import unicodedata

_INSIDE_A_NUMBER = r"(?<!\d[.,\u00a0\u202f])"
_ALIKE = str.maketrans({"\u2019": "'", "\u2011": "-", "\u00ad": None})


def plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_ALIKE)


def is_in(value: str, text: str) -> bool:
    """``value`` stands in ``text`` (from ``plain``) as whole words: ``800,00 €`` is not in ``1 800,00 €``.
    A value that says nothing stands nowhere."""
    words = plain(value).split()
    if not words:
        return False
    before = (r"(?<!\w)" if words[0][0].isalnum() else "") + (
        _INSIDE_A_NUMBER if words[0][0].isdigit() else ""
    )
    after = r"(?!\w)(?![.,]\d)" if words[-1][-1].isalnum() else ""
    return re.search(before + r"\s+".join(map(re.escape, words)) + after, text) is not None
