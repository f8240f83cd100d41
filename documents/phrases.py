"""What a merged document says, phrase by phrase, as its PDF must say it again.

A phrase is what of a paragraph comes out unbroken and unchanged: fields, notes, symbols and tabulations (they
have leaders) end it, because what they print is not written in the document.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from documents import blocks
from documents.package import DOCUMENT, W
from documents.pdf import compact

#: what a page repeats around the agreement, or sets apart at its foot
RUNNING = re.compile(r"^word/(header\d*|footer\d*|footnotes|endnotes)\.xml$")
ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
UNWRITTEN = "tab ptab sym footnoteReference endnoteReference drawing pict fldSimple"
BREAKS = tuple(f"{W}{name}" for name in UNWRITTEN.split())
#: in the text of a page's head or foot, where a field prints something
FIELD = "\0"


@dataclass(frozen=True)
class Phrase:
    """``mentions``: those of its clause; ``row``: the table row it stands in, numbered from 0, or None;
    ``apart``: in a text box, which pages show anywhere; ``text`` is compact, case set aside."""

    mentions: tuple[str, ...]
    text: str
    row: int | None
    apart: bool


@dataclass(frozen=True)
class Said:
    """``clauses`` in order; ``running``: the lines of heads, feet and notes, ``FIELD`` in them, the longest
    first; ``repeated``: the heads of tables, with which a page may begin."""

    clauses: tuple[Phrase, ...]
    running: tuple[str, ...]
    repeated: tuple[str, ...]


def alike(text: str) -> str:
    """What two printings of a text have in common: capitals may be a matter of style."""
    return compact(text).casefold()


def read(docx: bytes) -> Said:
    """Of a document that this package has merged."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        body = etree.fromstring(archive.read(DOCUMENT))
        edges = [etree.fromstring(archive.read(name)) for name in archive.namelist() if RUNNING.match(name)]
    running = (_with_fields(paragraph) for root in edges for paragraph in root.iter(f"{W}p"))
    return Said(tuple(_clauses(body)), _longest_first(running), _longest_first(_heads(body)))


def _heads(body: Any) -> Iterator[str]:
    for table in body.iter(f"{W}tbl"):
        rows = (row for row in table.iter(f"{W}tr") if row.find(f"{W}trPr/{W}tblHeader") is not None)
        yield "".join(_with_fields(paragraph) for row in rows for paragraph in row.iter(f"{W}p"))


def _longest_first(lines: Iterable[str]) -> tuple[str, ...]:
    found = {line for line in lines if line.strip(FIELD)}
    return tuple(sorted(found, key=lambda line: (-len(line), line)))


def _clauses(body: Any) -> Iterator[Phrase]:
    rows: dict[Any, int] = {}
    for paragraph in body.iter(f"{W}p"):
        above = list(paragraph.iterancestors(f"{W}sdt", f"{W}tr", f"{W}txbxContent", ALTERNATIVE))
        ids = next((found for one in above if one.tag == f"{W}sdt" and (found := blocks.ids(one))), ())
        if not ids or any(one.tag == ALTERNATIVE for one in above):
            continue
        row = next((one for one in reversed(above) if one.tag == f"{W}tr"), None)
        rank = None if row is None else rows.setdefault(row, len(rows))
        apart = any(one.tag == f"{W}txbxContent" for one in above)
        for piece in _pieces(paragraph):
            if text := alike(piece):
                yield Phrase(ids, text, rank, apart)


def _with_fields(paragraph: Any) -> str:
    """``FIELD`` wherever something may be printed that is not written."""
    return re.sub(f"{FIELD}+", FIELD, FIELD.join(alike(piece) for piece in _pieces(paragraph)))


def _pieces(paragraph: Any) -> list[str]:
    pieces, fields = [""], 0
    for node in paragraph.iter(f"{W}t", f"{W}fldChar", *BREAKS):
        holder = next(node.iterancestors(f"{W}p", f"{W}fldSimple"))
        if node.tag == f"{W}fldChar":
            fields = max(0, fields + {"begin": 1, "end": -1}.get(node.get(f"{W}fldCharType"), 0))
        if node.tag == f"{W}t" and not fields and holder is paragraph:
            pieces[-1] += node.text or ""
        else:
            pieces.append("")
    return pieces
