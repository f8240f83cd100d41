"""Word to PDF as an outside converter would do it: by an office of the sandbox's own.

The stand-ins do not convert by the hub's code: they call ``soffice`` themselves when it is installed,
else they print the bare text. What was converted before is not converted again.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
import zipfile
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from xml.etree import ElementTree

from sandbox.printing import pdf_of_lines

SECONDS = 120
_PARAGRAPH = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"
_one_at_a_time = Lock()
_Parts = frozenset[tuple[str, bytes]]


class UnreadableError(Exception):
    """Word would not open this document."""


def to_pdf(docx: bytes) -> bytes:
    """Raises UnreadableError."""
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as archive:
            parts = frozenset((name, archive.read(name)) for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        raise UnreadableError from None
    with _one_at_a_time:
        return _converted(parts)


@lru_cache(maxsize=32)
def _converted(parts: _Parts) -> bytes:
    """By the parts, not by the archive: that one holds the time at which it was made."""
    paragraphs = _paragraphs(dict(parts))
    soffice = shutil.which("soffice")
    return pdf_of_lines(paragraphs) if soffice is None else _by_office(soffice, parts)


def _paragraphs(parts: dict[str, bytes]) -> list[str]:
    try:
        roots = {
            name: ElementTree.fromstring(content)  # noqa: S314 # documents of our own hub and tests
            for name, content in parts.items()
            if name.endswith((".xml", ".rels"))
        }
        body = roots["word/document.xml"]
    except (KeyError, ElementTree.ParseError):
        raise UnreadableError from None
    return ["".join(paragraph.itertext()) for paragraph in body.iter(_PARAGRAPH)]


@cache
def _profile() -> tempfile.TemporaryDirectory[str]:
    """Made once: an office that starts in an empty profile takes seconds more."""
    return tempfile.TemporaryDirectory(prefix="bac-a-sable-office-")


def _by_office(soffice: str, parts: _Parts) -> bytes:
    with tempfile.TemporaryDirectory(prefix="bac-a-sable-conversion-") as folder:
        source, target = Path(folder) / "document.docx", Path(folder) / "document.pdf"
        with zipfile.ZipFile(source, "w") as archive:
            for name, content in sorted(parts):
                archive.writestr(name, content)
        order = [soffice, f"-env:UserInstallation={Path(_profile().name).as_uri()}", "--headless"]
        order += ["--infilter=MS Word 2007 XML", "--convert-to", "pdf", "--outdir", folder, str(source)]
        subprocess.run(order, capture_output=True, check=False, timeout=SECONDS)
        if not target.exists():
            raise UnreadableError
        return target.read_bytes()
