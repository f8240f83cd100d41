"""What the converters that work elsewhere share: what may leave, and what counts as an answer."""

from __future__ import annotations

import io
import zipfile

from connectors.converters.office_input import MAX_BYTES, UNREADABLE, WORD_PARTS
from domain.errors import Permanent

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF_TYPE = "application/pdf"
#: a work of ours older than this belongs to nobody any more: no conversion lasts so long
FORSAKEN_SECONDS = 900
_END_WITHIN = 2048


def unreadable() -> Permanent:
    return Permanent("document_unreadable", UNREADABLE)


def require_word(docx: bytes) -> None:
    """Raises Permanent ``document_unreadable`` for what is no Word document: it need not leave at all."""
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError):
        raise unreadable() from None
    whole = sum(entry.file_size for entry in entries) <= MAX_BYTES
    if not whole or not {entry.filename for entry in entries} >= WORD_PARTS:
        raise unreadable()


def is_whole_pdf(content: bytes) -> bool:
    """Whether it begins and ends as a PDF does: a status says nothing, and a cut file has no end."""
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-_END_WITHIN:]
