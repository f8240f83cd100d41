"""The named clauses of a document: Word content controls whose tag is ``m:<mention_id>``.

One clause may carry several ids (``m:a;m:b``). What a program can check about a clause (it is there, it
says this amount) is checked on its text, read here from a template or from a merged document.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import Any

from lxml import etree

from documents.package import DOCUMENT, W

PREFIX = "m:"
SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
TEXT_OF = {f"{W}t": None, f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}


@dataclass(frozen=True)
class Block:
    """One clause of a merged document; ``sha256`` is that of its normalised text."""

    mentions: tuple[str, ...]
    text: str
    sha256: str


def normalise(text: str) -> str:
    """NFC, every run of spaces one space, one apostrophe: what two writings of a text have in common."""
    unified = unicodedata.normalize("NFC", text).replace("\u2019", "'").replace("\u00ad", "")
    return SPACES.sub(" ", unified).strip()


def mentions(root: Any) -> tuple[str, ...]:
    """The ids of every clause of a document part, in order, each once."""
    found = (mention for control in root.iter(f"{W}sdt") for mention in ids(control))
    return tuple(dict.fromkeys(found))


def read(docx: bytes) -> tuple[Block, ...]:
    """The clauses of a document that this package has merged, in order."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        root = etree.fromstring(archive.read(DOCUMENT))
    made = []
    for control in root.iter(f"{W}sdt"):
        if found := ids(control):
            text = _text(control)
            made.append(Block(found, text, hashlib.sha256(normalise(text).encode()).hexdigest()))
    return tuple(made)


def ids(control: Any) -> tuple[str, ...]:
    """The mentions of a content control, none when it is no clause."""
    tag = control.find(f"{W}sdtPr/{W}tag")
    written = (tag.get(f"{W}val") or "") if tag is not None else ""
    return tuple(part[len(PREFIX) :] for part in written.split(";") if part.startswith(PREFIX))


def _text(control: Any) -> str:
    paragraphs = []
    for paragraph in control.iter(f"{W}p"):
        pieces = [
            node.text or "" if TEXT_OF[node.tag] is None else TEXT_OF[node.tag]
            for node in paragraph.iter(*TEXT_OF)
        ]
        paragraphs.append("".join(piece or "" for piece in pieces))
    return "\n".join(paragraphs)
