"""What keeps a PDF from being PDF/A-2b, told by the validator."""

from __future__ import annotations

import re

import page

#: the validator takes the last byte of a stream for a line end when it is a CR: it is then checked here
MISREAD = "PDFA2B-STREAM-LENGTH-001"
STREAM = re.compile(rb"/Length (\d+)( 0 R)?[^>]*>>\s*stream\r?\n", re.DOTALL)


def faults(pdf: bytes) -> list[str]:
    """Empty when the PDF is archivable."""
    found = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_A_2B).failures
    return [
        f"{one.rule_id}: {one.message}"
        for one in found
        if one.rule_id != MISREAD or not _lengths_are_exact(pdf)
    ]


def _lengths_are_exact(pdf: bytes) -> bool:
    checked, position = 0, 0
    while found := STREAM.search(pdf, position):
        length = int(found[1])
        if found[2]:
            referred = re.search(rb"(?<!\d)%d 0 obj\s*(\d+)" % length, pdf)
            length = int(referred[1]) if referred else -1
        position = found.end() + length
        if length < 0 or not pdf.startswith(b"\nendstream", position):
            return False
        checked += 1
    return checked > 0 and checked == len(re.findall(rb"endstream\s*endobj", pdf))
