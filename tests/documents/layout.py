"""What a reader would see wrong on the pages of an agreement, found in the text of the PDF and its places.

The eye judged the templates once; this holds what it judged.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

import pypdfium2
from pypdfium2 import raw

#: the margins of the shipped templates, in points: left and right, top of the body, bottom of the body
SIDE, HEAD, FOOT = 63.8, 73.7, 68.0
#: titles of articles and of their parts, the largest of the bold letters but for those of a price
TITLE_SIZE = 11.3
#: two words farther apart than this, in points, are in two columns
GAP = 14.0
OPENS_NO_LINE = re.compile(r"^[:;?!»€%]")
SPACES = re.compile(r"\s+")
ENDS_NO_LINE = re.compile(r"(«|n°|\b[LRD]\.)$")


@dataclass(frozen=True)
class Letter:
    text: str
    left: float
    right: float
    base: float  # of the line, from the bottom of the page
    title: bool


@dataclass(frozen=True)
class Line:
    """What stands on one line, column by column."""

    columns: tuple[str, ...]
    left: float
    right: float
    base: float
    title: bool

    @property
    def text(self) -> str:
        return " ".join(self.columns)

    @property
    def item(self) -> bool:
        return self.text.startswith("–")

    @property
    def at_the_margin(self) -> bool:
        return self.left < SIDE + 1


@dataclass(frozen=True)
class Page:
    width: float
    height: float
    lines: tuple[Line, ...]

    @property
    def body(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if FOOT < line.base < self.height - HEAD)


def pages(pdf: bytes) -> tuple[Page, ...]:
    document = pypdfium2.PdfDocument(pdf)
    made = []
    for sheet in document:
        text = sheet.get_textpage()
        letters = sorted(_letters(text), key=lambda letter: (-round(letter.base), letter.left))
        lines = [_line(list(group)) for _, group in groupby(letters, lambda letter: round(letter.base))]
        width, height = sheet.get_size()
        made.append(Page(width, height, tuple(line for line in lines if line.text)))
        text.close()
        sheet.close()
    document.close()
    return tuple(made)


def faults(pdf: bytes) -> list[str]:
    """Empty for an agreement that looks right; else the page and what is wrong there."""
    found = pages(pdf)
    if any(len(page.body) < 2 for page in found):
        return ["an empty page"]
    said = [
        f"page {rank}: {fault}" for rank, page in enumerate(found, 1) for fault in _faults(page, rank, found)
    ]
    cuts = [fault for one, two in pairwise(found) for fault in _list_faults(one, two)]
    return [*said, *cuts, *_signature_faults(found)]


def _faults(page: Page, rank: int, found: tuple[Page, ...]) -> Iterator[str]:
    if page.body[-1].title:
        yield f"ends on a title: {page.body[-1].text}"
    if not any(f"page {rank} sur {len(found)}" in line.text for line in page.lines):
        yield "not counted at its foot"
    for line in page.lines:
        if line.left < SIDE - 1 or line.right > page.width - SIDE + 1:
            yield f"out of the margins: {line.text}"
        for column in line.columns:
            if OPENS_NO_LINE.match(column) or ENDS_NO_LINE.search(column):
                yield f"cut at the wrong space: {column}"


def _list_faults(page: Page, following: Page) -> Iterator[str]:
    """A list cut by the end of a page leaves two items on each side."""
    end, start = page.body[-2:], following.body[:2]
    if end[1].item and start[0].item:
        if end[0].at_the_margin:
            yield f"one item alone at the end of a page: {end[1].text}"
        if start[1].at_the_margin:
            yield f"one item alone at the top of a page: {start[0].text}"


def _signature_faults(found: tuple[Page, ...]) -> Iterator[str]:
    signed = [page for page in found if any("{{s" in line.text for line in page.lines)]
    if len(signed) != 1:
        yield f"signatures on {len(signed)} pages"
    for page in signed:
        if not any(two.text == "Signatures" for _one, two in pairwise(page.body)):
            yield "signatures without what comes before them"


def _letters(text: pypdfium2.PdfTextPage) -> Iterator[Letter]:
    x, y = ctypes.c_double(), ctypes.c_double()
    for rank in range(text.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(text, rank))
        if letter in "\r\n" or raw.FPDFText_IsGenerated(text, rank):
            continue
        raw.FPDFText_GetCharOrigin(text, rank, x, y)
        left, _, right, _ = text.get_charbox(rank)
        title = raw.FPDFText_GetFontSize(text, rank) > TITLE_SIZE and "Bold" in _font(text, rank)
        yield Letter(letter, left, right, y.value, title)


def _font(text: pypdfium2.PdfTextPage, rank: int) -> str:
    name, flags = ctypes.create_string_buffer(80), ctypes.c_int()
    raw.FPDFText_GetFontInfo(text, rank, name, len(name), flags)
    return name.value.decode()


def _line(letters: list[Letter]) -> Line:
    columns = [letters[0].text]
    for before, letter in pairwise(letters):
        if letter.left - before.right > GAP:
            columns.append("")
        columns[-1] += letter.text
    seen = [letter for letter in letters if not letter.text.isspace()]
    return Line(
        tuple(SPACES.sub(" ", column).strip() for column in columns),
        min((letter.left for letter in seen), default=SIDE),
        max((letter.right for letter in seen), default=SIDE),
        letters[0].base,
        bool(seen) and all(letter.title for letter in seen),
    )
