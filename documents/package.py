"""The zip that a .docx is, read with bounds: what it may hold, and nothing that runs or reaches out.

A template comes from a person's computer: it is refused, never repaired, and always in bounded time
and memory. Nothing is executed, nothing is fetched. Called by ``documents.template``.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import Any

from lxml import etree

from documents.faults import RefusedError, fault
from domain.errors import FieldError

MEGABYTE = 1024 * 1024
MAX_FILE_BYTES = 20 * MEGABYTE
MAX_ENTRIES = 300
MAX_TOTAL_BYTES = 60 * MEGABYTE
MAX_XML_BYTES = 2 * MEGABYTE
#: above one megabyte, nothing honest shrinks more than this
MAX_RATIO = 120
OLE_MAGIC = b"\xd0\xcf\x11\xe0"
ENCRYPTED = 0x1
CONTENT_TYPES = "[Content_Types].xml"
PACKAGE_RELATIONSHIPS = "_rels/.rels"
DOCUMENT = "word/document.xml"
DOCUMENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
XML_SUFFIXES = (".xml", ".rels", ".vml")
EMBEDDING_RELATIONSHIPS = ("/afchunk", "/subdocument", "/oleobject", "/package", "/control")
SAFE_LINK = re.compile(r"^(https?://|mailto:)", re.IGNORECASE)
#: Word fields that only speak of the document itself
ALLOWED_FIELDS = {"PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF", "REF", "NOTEREF", "STYLEREF", "SEQ", "TOC"}
REVISIONS = frozenset(f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo"))
OBJECTS = frozenset(f"{W}{name}" for name in ("altChunk", "object", "control", "subDoc", "movie"))

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    KeyError,
)


def read(docx: bytes) -> dict[str, bytes]:
    """Every part by name, sizes bounded. Raises RefusedError."""
    if docx.startswith(OLE_MAGIC):
        raise RefusedError("template_encrypted")
    if len(docx) > MAX_FILE_BYTES:
        raise RefusedError("template_too_large")
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as archive:
            entries = archive.infolist()
            _require_honest_entries(entries)
            parts = {entry.filename: _bounded(archive, entry) for entry in entries if not entry.is_dir()}
    except _BROKEN:
        raise RefusedError("template_unreadable") from None
    if not parts.keys() >= {CONTENT_TYPES, PACKAGE_RELATIONSHIPS, DOCUMENT}:
        raise RefusedError("template_unreadable")
    return parts


def _require_honest_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_TOTAL_BYTES:
        raise RefusedError("template_too_large")
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        if entry.flag_bits & ENCRYPTED:
            raise RefusedError("template_encrypted")
        if name.startswith("/") or "\\" in name or ".." in PurePosixPath(name).parts or name.lower() in seen:
            raise RefusedError("template_unreadable")
        seen.add(name.lower())
        swollen = entry.file_size > MEGABYTE and entry.file_size > MAX_RATIO * max(1, entry.compress_size)
        if swollen or (name.lower().endswith(XML_SUFFIXES) and entry.file_size > MAX_XML_BYTES):
            raise RefusedError("template_too_large")


def _bounded(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as content:
        return content.read(entry.file_size)


def parse(parts: dict[str, bytes]) -> dict[str, Any]:
    """The root element of every XML part. Raises RefusedError."""
    return {
        name: parse_xml(name, content)
        for name, content in parts.items()
        if name.lower().endswith(XML_SUFFIXES)
    }


def parse_xml(part: str, content: bytes) -> Any:
    """The root element. Raises RefusedError on a DTD, an entity, another encoding or broken XML."""
    try:
        content.decode("utf-8")
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise RefusedError("template_xml_refused", part)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise RefusedError("template_xml_refused", part) from None
    information = root.getroottree().docinfo
    if information.doctype or (information.encoding or "UTF-8").upper() not in ("UTF-8", "ASCII", "US-ASCII"):
        raise RefusedError("template_xml_refused", part)
    return root


def content_faults(parts: dict[str, bytes], roots: dict[str, Any]) -> list[FieldError]:
    """What a template may not carry: macros, embedded objects, outside references, pending revisions."""
    faults = _main_part_faults(roots)
    for name in parts:
        lowered = name.lower()
        if "vba" in lowered or "/activex/" in lowered or "/customui/" in lowered:
            faults.append(fault(name, "template_macro"))
        elif "/embeddings/" in lowered:
            faults.append(fault(name, "template_embedded_object"))
    for name, root in roots.items():
        if name.lower().endswith(".rels"):
            faults += _relationship_faults(name, root)
        elif name.startswith("word/"):
            faults += _element_faults(name, root)
    return faults


def _main_part_faults(roots: dict[str, Any]) -> list[FieldError]:
    """The part that the office will show must be a plain Word document, and the one that is checked."""
    declared = {
        override.get("PartName"): override.get("ContentType") or "" for override in roots[CONTENT_TYPES]
    }
    main = declared.get(f"/{DOCUMENT}", "")
    if "macroEnabled" in main:
        return [fault(CONTENT_TYPES, "template_macro")]
    targets = [
        (relationship.get("Target") or "").lstrip("/")
        for relationship in roots[PACKAGE_RELATIONSHIPS]
        if (relationship.get("Type") or "").endswith("/officeDocument")
    ]
    if main != DOCUMENT_TYPE or targets != [DOCUMENT]:
        return [fault(CONTENT_TYPES, "template_unreadable")]
    return []


def _relationship_faults(name: str, root: Any) -> list[FieldError]:
    faults = []
    for relationship in root:
        kind = (relationship.get("Type") or "").lower()
        outside = (relationship.get("TargetMode") or "").lower() == "external"
        link = kind.endswith("/hyperlink") and SAFE_LINK.match(relationship.get("Target") or "")
        if kind.endswith(EMBEDDING_RELATIONSHIPS):
            faults.append(fault(name, "template_embedded_object"))
        elif outside and not link:
            faults.append(fault(name, "template_external_link"))
    return faults


def _element_faults(name: str, root: Any) -> list[FieldError]:
    codes = set()
    for node in root.iter():
        if node.tag in REVISIONS:
            codes.add("template_revisions")
        elif node.tag in OBJECTS:
            codes.add("template_embedded_object")
        elif node.tag == f"{W}dataBinding":
            codes.add("block_bound")
        elif node.tag == f"{W}vanish" and _hides_text(node):
            codes.add("template_hidden_text")
    if any(not _field_allowed(instruction) for instruction in _field_instructions(root)):
        codes.add("template_field_refused")
    return [fault(name, code) for code in sorted(codes)]


def _hides_text(vanish: Any) -> bool:
    run = vanish.getparent().getparent()
    shown = vanish.get(f"{W}val") in ("0", "false", "off")
    return not shown and run is not None and run.tag == f"{W}r" and run.find(f"{W}t") is not None


def _field_allowed(instruction: str) -> bool:
    words = instruction.split(maxsplit=1)
    return not words or words[0].upper() in ALLOWED_FIELDS


def _field_instructions(root: Any) -> list[str]:
    """What every field of the part says, simple or spread over several runs."""
    instructions = [node.get(f"{W}instr") or "" for node in root.iter(f"{W}fldSimple")]
    opened: list[list[str]] = []
    for node in root.iter(f"{W}fldChar", f"{W}instrText"):
        if node.tag == f"{W}instrText":
            (opened[-1] if opened else instructions).append(node.text or "")
        elif node.get(f"{W}fldCharType") == "begin":
            opened.append([])
        elif node.get(f"{W}fldCharType") == "end" and opened:
            instructions.append("".join(opened.pop()))
    return instructions + ["".join(texts) for texts in opened]
