"""Text tags: ``{{Sig1_es_:signer1:signature}}`` in the text of a PDF; and the page that Adobe adds for
signers who have none."""

from __future__ import annotations

import re

from fpdf import FPDF

from sandbox.adobe_sign.state import Field
from sandbox.signing import pdf_reading
from sandbox.signing.typefaces import add_to

TAG = re.compile(r"\{\{[*!]?\w*_es_:signer(\d{1,2}):signature\}\}")
#: the size of a signature here; Adobe's follows the tag's own
WIDTH, HEIGHT = 180, 60


def place(content: bytes, signers: int) -> tuple[bytes, list[Field]]:
    """The document as signers will see it, and where each signs. Raises Unreadable."""
    found = [Field.of(one) for one in pdf_reading.find(content, TAG)]
    missing = sorted(set(range(1, signers + 1)) - {one.rank for one in found})
    if not missing:
        return content, found
    page = pdf_reading.page_count(content) + 1
    found += [Field(rank, page, 60, 100 + 90 * line) for line, rank in enumerate(missing)]
    return pdf_reading.joined(content, _signature_page()), found


def _signature_page() -> bytes:
    pdf = FPDF(format="A4")
    pdf.add_page()
    pdf.set_font(add_to(pdf), "B", 14)
    pdf.text(20, 25, "Signatures")
    return bytes(pdf.output())
