"""Smart anchors: ``{{s1|signature|85|37}}`` in the text of a PDF, and where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.signing import pdf_reading

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


def find(content: bytes, pages: int) -> tuple[Anchor, ...]:
    """The anchors of a document, page after page. One of a size that a field cannot have is none."""
    if pages > MAX_PAGES:
        return ()
    places = ((place, [int(group) for group in place.groups]) for place in pdf_reading.find(content, ANCHOR))
    return tuple(
        Anchor(signer, place.page, place.x, place.y, width, height)
        for place, (signer, width, height) in places
        if width in WIDTHS and height in HEIGHTS
    )
