"""Word content controls, taken away on the way to the office: LibreOffice 7.4 drops the bold and italic
of the first paragraph of each one, and would make form fields of those inside a line."""

from __future__ import annotations

import io
import zipfile
import zlib

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WORD_PARTS = frozenset({"[Content_Types].xml", "word/document.xml"})
MAX_BYTES = 100 * 1024 * 1024
_BROKEN = (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, ValueError, OSError, EOFError, RuntimeError)


class NotWordError(Exception):
    """These bytes are not a Word document that can be opened."""


def unwrap(docx: bytes) -> bytes:
    """The same document, its controls replaced by what they hold. Raises NotWordError."""
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if not names >= WORD_PARTS or sum(entry.file_size for entry in entries) > MAX_BYTES:
                raise NotWordError
            parts = [(name, archive.read(name)) for name in sorted(names)]
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
            for name, content in parts:
                archive.writestr(name, _without_controls(content) if _is_text(name) else content)
    except _BROKEN:
        raise NotWordError from None
    return made.getvalue()


def _is_text(name: str) -> bool:
    return name.startswith("word/") and name.endswith(".xml") and name.count("/") == 1


def _without_controls(content: bytes) -> bytes:
    if b":sdt" not in content:
        return content
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(content, parser)
    for control in list(root.iter(f"{W}sdt")):
        place = control.getparent()
        held = control.find(f"{W}sdtContent")
        if place is None:
            continue
        rank = place.index(control)
        place.remove(control)
        for child in reversed(held if held is not None else []):
            place.insert(rank, child)
    bare: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return bare
