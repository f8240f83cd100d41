"""Offices for tests, the Word documents they are given, and the processes they leave or do not leave."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from connectors.converters.libreoffice import LibreOffice, LibreOfficeConfig
from tests.fixtures.services import services

OOXML = "http://schemas.openxmlformats.org"
RELATIONSHIP = f"{OOXML}/officeDocument/2006/relationships"
SERVICES = services()


def office(**settings: Any) -> LibreOffice:
    return LibreOffice(LibreOfficeConfig(**settings), SERVICES)


def paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def word(body: str, relationships: str = "", parts: dict[str, bytes | str] | None = None) -> bytes:
    """A Word document with this body; ``relationships`` are those of the main part."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {
            "[Content_Types].xml": f'<Types xmlns="{OOXML}/package/2006/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Override PartName="/word/document.xml" ContentType='
            '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{OOXML}/package/2006/relationships"><Relationship Id="r1" '
            f'Type="{RELATIONSHIP}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{OOXML}/package/2006/relationships">'
            f"{relationships}</Relationships>",
            "word/document.xml": f'<w:document xmlns:w="{OOXML}/wordprocessingml/2006/main" '
            f'xmlns:r="{RELATIONSHIP}" xmlns:a="{OOXML}/drawingml/2006/main" '
            f'xmlns:wp="{OOXML}/drawingml/2006/wordprocessingDrawing" '
            f'xmlns:pic="{OOXML}/drawingml/2006/picture"><w:body>{body}</w:body></w:document>',
            **(parts or {}),
        }.items():
            archive.writestr(name, content)
    return made.getvalue()


def heavy(cells: int) -> bytes:
    """A document that takes the office long, and much memory: one table of many cells."""
    cell = '<w:tc><w:tcPr><w:tcW w:w="900" w:type="dxa"/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>'
    grid = "<w:tblGrid>" + '<w:gridCol w:w="900"/>' * 10 + "</w:tblGrid>"
    rows = f"<w:tr>{cell * 10}</w:tr>" * (cells // 10)
    return word(f'<w:tbl><w:tblPr><w:tblW w:w="9000" w:type="dxa"/></w:tblPr>{grid}{rows}</w:tbl><w:p/>')


def descendants(pid: int) -> set[int]:
    """Every living process under ``pid``, zombies left out."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found.update(children)
        waiting += children
    return found


def command(pid: int) -> str:
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def offices(under: int | None = None) -> set[int]:
    """The LibreOffice processes started by this process, or under another."""
    return {pid for pid in descendants(under or os.getpid()) if "soffice.bin" in command(pid).split(" ")[0]}


def alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def worked(pid: int) -> float:
    """The seconds of processor that a process has used."""
    fields = (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
