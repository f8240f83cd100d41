"""All that pdfium is asked: is it a PDF, what is in it, what does a page look like.

pdfium is not made for threads and the sandbox has many: every call holds one lock.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from threading import Lock

import pypdfium2 as pdfium
from pypdfium2 import raw

_LOCK = Lock()
#: two pixels per CSS pixel of a 620 px wide column
PAGE_IMAGE_WIDTH = 1240
#: what tells a provider where to sign, not for people
_TAG = re.compile(r"\{\{[^{}\n]*\}\}")


class Unreadable(Exception):
    """Not a PDF, or one that cannot be opened without a password."""


@dataclass(frozen=True)
class PageView:
    """What the signing page needs of one page: its size in points and its text, without anchors."""

    width: float
    height: float
    text: str


@dataclass(frozen=True)
class Found:
    """A text in the document: ``x`` and ``y`` are its top left corner in points from the top left of
    ``page`` (from 1), ``bottom`` its lower edge; ``groups`` are those of the pattern."""

    page: int
    x: int
    y: int
    bottom: int
    groups: tuple[str, ...]


def page_count(content: bytes) -> int:
    """Raises Unreadable."""
    with _LOCK:
        document = _open(content)
        try:
            return len(document)
        finally:
            document.close()


def find(content: bytes, pattern: re.Pattern[str]) -> tuple[Found, ...]:
    """Every place of the pattern, page after page; one broken over two lines is none."""
    with _LOCK:
        document = _open(content)
        try:
            return tuple(
                found for number, page in enumerate(document, 1) for found in _find(page, number, pattern)
            )
        finally:
            document.close()


def joined(*contents: bytes) -> bytes:
    """One PDF of several. Raises Unreadable."""
    with _LOCK:
        whole = pdfium.PdfDocument.new()
        try:
            for content in contents:
                part = _open(content)
                whole.import_pages(part)
                part.close()
            target = io.BytesIO()
            whole.save(target)
            return target.getvalue()
        finally:
            whole.close()


def page_views(content: bytes) -> list[PageView]:
    with _LOCK:
        document = _open(content)
        try:
            return [_view(page) for page in document]
        finally:
            document.close()


def page_image(content: bytes, number: int) -> bytes | None:
    """One page (counted from 1) as PNG, None when there is no such page."""
    with _LOCK:
        document = _open(content)
        try:
            if not 1 <= number <= len(document):
                return None
            page = document[number - 1]
            bitmap = page.render(scale=PAGE_IMAGE_WIDTH / page.get_width(), may_draw_forms=True)
            image = bitmap.to_pil()
            target = io.BytesIO()
            image.convert("RGB").quantize(64).save(target, "PNG", optimize=True)
            return target.getvalue()
        finally:
            document.close()


def _open(content: bytes) -> pdfium.PdfDocument:
    if not content.startswith(b"%PDF-"):
        raise Unreadable
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise Unreadable from error


def _view(page: pdfium.PdfPage) -> PageView:
    text = _TAG.sub("", page.get_textpage().get_text_range())
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in text.splitlines()]
    return PageView(page.get_width(), page.get_height(), "\n".join(line for line in lines if line))


def _find(page: pdfium.PdfPage, number: int, pattern: re.Pattern[str]) -> list[Found]:
    text_page = page.get_textpage()
    # one character per index: get_text_range() drops some, and the boxes would be those of others
    text = "".join(chr(raw.FPDFText_GetUnicode(text_page, i) or 32) for i in range(text_page.count_chars()))
    found = []
    for match in pattern.finditer(text):
        left, low, _, top = text_page.get_charbox(match.start(), loose=True)
        x, y, bottom = (
            max(0, round(one)) for one in (left, page.get_height() - top, page.get_height() - low)
        )
        found.append(Found(number, x, y, bottom, match.groups()))
    return found
