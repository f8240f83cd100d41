"""Smart anchors: ``{{s1|signature|85|37}}`` in the text of a PDF, and where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

ANCHOR = re.compile(r"\{\{s(\d{1,3})\|signature\|(\d{1,4})\|(\d{1,4})\}\}")
#: above this Yousign parses nothing and says nothing
MAX_PAGES = 150
WIDTHS, HEIGHTS = range(85, 2001), range(37, 1001)


@dataclass(frozen=True)
class Anchor:
    """``signer`` counts from 1; ``x`` and ``y`` are points from the top left of ``page`` (from 1)."""

    signer: int
    page: int
    x: int
    y: int
    width: int
    height: int


def find(document: pdfium.PdfDocument) -> tuple[Anchor, ...]:
    """The anchors of an open document, page after page. An anchor broken over two lines is none, nor is
    one of a size that a field cannot have. The caller holds the pdfium lock."""
    if len(document) > MAX_PAGES:
        return ()
    return tuple(
        anchor for number, page in enumerate(document, start=1) for anchor in _find_on_page(page, number)
    )


def _find_on_page(page: pdfium.PdfPage, number: int) -> list[Anchor]:
    text_page = page.get_textpage()
    # one character per index: get_text_range() drops some, and the boxes would be those of others
    text = "".join(chr(raw.FPDFText_GetUnicode(text_page, i) or 32) for i in range(text_page.count_chars()))
    found = []
    for match in ANCHOR.finditer(text):
        signer, width, height = (int(group) for group in match.groups())
        if width not in WIDTHS or height not in HEIGHTS:
            continue
        left, _, _, top = text_page.get_charbox(match.start(), loose=True)
        x, y = max(0, round(left)), max(0, round(page.get_height() - top))
        found.append(Anchor(signer, number, x, y, width, height))
    return found
