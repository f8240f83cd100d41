"""What is done to a Word document before LibreOffice sees it.

Its content controls are taken away: LibreOffice 7.4 drops the bold and italic of the first paragraph of
each one, and would make form fields of those inside a line. Characters that no font has are told.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Any

from lxml import etree

from connectors.converters.fonts import printable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WORD_PARTS = frozenset({"[Content_Types].xml", "word/document.xml"})
TEXT_PART = re.compile(r"^word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml$")
MAX_BYTES = 100 * 1024 * 1024
UNREADABLE = (
    "Ce document Word est illisible ou endommagé : ouvrez le modèle dans Word et enregistrez-le à nouveau."
)
_BROKEN = (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, ValueError, OSError, EOFError, RuntimeError)


class NotWordError(Exception):
    """These bytes are not a Word document that can be opened."""


class NoGlyphError(Exception):
    """Some of its characters are in no installed font: they would be printed as empty boxes."""


def prepare(docx: bytes) -> bytes:
    """The same document, its controls replaced by what they hold. Raises NotWordError, NoGlyphError."""
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
                archive.writestr(name, _prepared(content) if TEXT_PART.match(name) else content)
    except _BROKEN:
        raise NotWordError from None
    return made.getvalue()


def _prepared(content: bytes) -> bytes:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(content, parser)
    if not all(map(printable, {letter for text in root.iter(f"{W}t") for letter in text.text or ""})):
        raise NoGlyphError
    controls = list(root.iter(f"{W}sdt"))
    for control in controls:
        _unwrap(control)
    if not controls:
        return content
    bare: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return bare


def _unwrap(control: Any) -> None:
    place = control.getparent()
    if place is None:
        return
    held = control.find(f"{W}sdtContent")
    rank = place.index(control)
    place.remove(control)
    for child in reversed(held if held is not None else []):
        place.insert(rank, child)


def trial_document() -> bytes:
    """The smallest Word document, for the doctor."""
    office = "http://schemas.openxmlformats.org"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{office}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
        "</Relationships>",
        "word/document.xml": f'<w:document xmlns:w="{office}/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        "<w:t>Essai de conversion.</w:t></w:r></w:p></w:body></w:document>",
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return made.getvalue()
