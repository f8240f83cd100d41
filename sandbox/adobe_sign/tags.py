"""Text tags in the text of a PDF (``{{Sig1_es_:signer1:signature:dimension(width=63mm,height=20mm)}}``), and
the page that Adobe adds for signers who have none."""

from __future__ import annotations

import re

from fpdf import FPDF

from sandbox.adobe_sign.state import Field
from sandbox.signing import pdf_reading
from sandbox.signing.typefaces import add_to

TAG = re.compile(
    r"\{\{[*!]?\w*_es_:signer(\d{1,2}):signature(?::dimension\(width=(\d{1,3})mm, ?height=(\d{1,3})mm\))?\}\}"
)
MILLIMETRE = 72 / 25.4
#: the size here of one that says none; Adobe's follows the tag's own letters
WIDTH, HEIGHT = 120, 16


def place(content: bytes, signers: int) -> tuple[bytes, list[Field]]:
    """The document as signers will see it, and where each signs. Raises Unreadable."""
    found = [_field(one) for one in pdf_reading.find(content, TAG)]
    missing = sorted(set(range(1, signers + 1)) - {one.rank for one in found})
    if not missing:
        return content, found
    page = pdf_reading.page_count(content) + 1
    found += [Field(rank, page, 60, 100 + 90 * line, 180, 60) for line, rank in enumerate(missing)]
    return pdf_reading.joined(content, _signature_page()), found


def _field(found: pdf_reading.Found) -> Field:
    rank, *size = found.groups
    width, height = (round(int(one) * MILLIMETRE) for one in size) if all(size) else (WIDTH, HEIGHT)
    return Field(int(rank), found.page, found.x, found.y, width, height)


def _signature_page() -> bytes:
    pdf = FPDF(format="A4")
    pdf.add_page()
    pdf.set_font(add_to(pdf), "B", 14)
    pdf.text(20, 25, "Signatures")
    return bytes(pdf.output())
