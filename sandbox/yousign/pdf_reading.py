"""All that pdfium is asked: is it a PDF, what is in it, what does a page look like.

pdfium is not made for threads and the sandbox has many: every call holds one lock.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from threading import Lock

import pypdfium2 as pdfium

from sandbox.yousign import anchors

_LOCK = Lock()
#: two pixels per CSS pixel of a 620 px wide column
PAGE_IMAGE_WIDTH = 1240


class Unreadable(Exception):
    """Not a PDF, or one that cannot be opened without a password."""


@dataclass(frozen=True)
class PageView:
    """What the signing page needs of one page: its size in points and its text, without anchors."""

    width: float
    height: float
    text: str


@dataclass(frozen=True)
class Contents:
    pages: int
    anchors: tuple[anchors.Anchor, ...]


def examine(content: bytes, *, parse_anchors: bool) -> Contents:
    """Count the pages and find the anchors; raises Unreadable."""
    with _LOCK:
        document = _open(content)
        try:
            return Contents(len(document), anchors.find(document) if parse_anchors else ())
        finally:
            document.close()


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
    text = anchors.ANCHOR.sub("", page.get_textpage().get_text_range())
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in text.splitlines()]
    return PageView(page.get_width(), page.get_height(), "\n".join(line for line in lines if line))
