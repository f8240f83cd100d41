"""What a PDF really holds: its pages and its text, read back because no exit code proves it.

PDFium is not thread-safe: every use of it in the project goes through this file and its lock.
"""

from __future__ import annotations

import ctypes
import io
import re
import threading
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pypdfium2
from pypdfium2 import raw

from domain.errors import Permanent
from domain.signature import Place

MAX_BYTES = 50 * 1024 * 1024
MAX_PAGES = 500
_MOST_SCALE, _MOST_HEIGHT = 4.0, 4000.0
#: spaces, and what a renderer adds or drops where it breaks a line: hyphens, soft hyphens, marks
UNSEEN = re.compile("[\\s\u00ad\u200b-\u200f\u2060\ufeff\u0002\ufffe\\-\u2010\u2011]+")
APOSTROPHES = re.compile("[\u2018\u2019\u02bc]")
#: a tag that nothing replaced, or a blank; signature anchors look alike and belong there
LEFTOVER = re.compile(r"\{\{|\{%|\[\s*●\s*\]")

_pdfium = threading.Lock()


@dataclass(frozen=True)
class Inspection:
    """``texts`` has one entry per page, as PDFium reads it."""

    texts: tuple[str, ...]

    @property
    def pages(self) -> int:
        return len(self.texts)

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    def holds(self, phrase: str) -> bool:
        return compact(phrase) in compact(self.text)


def compact(text: str) -> str:
    """The text without what a line break may change: spaces and hyphens go, apostrophes and ligatures are
    unified (NFKC), so that a name cut at the end of a line is still found."""
    unified = APOSTROPHES.sub("'", unicodedata.normalize("NFKC", text))
    return UNSEEN.sub("", unified)


def inspect(pdf: bytes) -> Inspection:
    """Raises Permanent ``pdf_unreadable`` when it is not a PDF, is too large or has no page."""
    unreadable = Permanent(
        "pdf_unreadable", "Le fichier produit n'est pas un PDF lisible : relancez le rendu."
    )
    if not pdf.startswith(b"%PDF-") or len(pdf) > MAX_BYTES:
        raise unreadable
    try:
        texts = _texts(pdf)
    except (pypdfium2.PdfiumError, ValueError, UnicodeError):
        raise unreadable from None
    if not texts:
        raise unreadable
    return Inspection(texts)


def _texts(
    pdf: bytes, read: Callable[[Any], str] = lambda page: str(page.get_text_range())
) -> tuple[str, ...]:
    with _pdfium:
        document = pypdfium2.PdfDocument(pdf)
        try:
            if len(document) > MAX_PAGES:
                raise ValueError
            texts = []
            for page in document:
                text_page = page.get_textpage()
                texts.append(read(text_page))
                text_page.close()
                page.close()
            return tuple(texts)
        finally:
            document.close()


def _as_seen(text_page: Any) -> str:
    """The text by place on the page, baseline by baseline. In the file, the letters that the font lacks
    (the ``ị`` of a Vietnamese name) come after those it has: only the eye, or this, puts them together."""
    letters = []
    x, y = ctypes.c_double(), ctypes.c_double()
    for rank in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(text_page, rank)
        if (
            code
            and raw.FPDFText_GetCharOrigin(text_page, rank, x, y)
            and not raw.FPDFText_IsGenerated(text_page, rank)
        ):
            letters.append((-round(y.value), x.value, chr(code)))
    return "".join(letter for _y, _x, letter in sorted(letters))


def places(pdf: bytes, marks: Mapping[str, str]) -> dict[str, Place]:
    """Where each text of ``marks`` (name -> text) first stands in a PDF that ``inspect`` reads. Raises
    Permanent ``anchors_missing`` unless all stand: a signer without a place could not sign."""
    found: dict[str, Place] = {}
    with _pdfium:
        document = pypdfium2.PdfDocument(pdf)
        try:
            for number, page in enumerate(document, start=1):
                text_page, height = page.get_textpage(), page.get_height()
                for name, mark in marks.items():
                    if name not in found and (match := text_page.search(mark, match_case=True).get_next()):
                        left, _bottom, _right, top = text_page.get_charbox(match[0], loose=True)
                        found[name] = Place(number, left, height - top)
                text_page.close()
                page.close()
        finally:
            document.close()
    if len(found) < len(marks):
        raise Permanent(
            "anchors_missing",
            "Le document n'a pas une zone de signature par signataire : vérifiez les repères de signature "
            "du modèle, chacun sur une seule ligne.",
        )
    return found


def picture(pdf: bytes, number: int, width: int) -> bytes | None:
    """Page ``number`` (from 1) of a PDF that ``inspect`` reads, as a PNG ``width`` pixels wide; None when
    there is no such page."""
    with _pdfium:
        document = pypdfium2.PdfDocument(pdf)
        try:
            if not 1 <= number <= len(document):
                return None
            page = document[number - 1]
            # a page of a few points would ask for a huge scale, one of metres for a huge picture
            scale = min(
                width / max(page.get_width(), 1), _MOST_SCALE, _MOST_HEIGHT / max(page.get_height(), 1)
            )
            drawn = io.BytesIO()
            page.render(scale=scale).to_pil().save(drawn, "PNG")
            page.close()
            return drawn.getvalue()
        finally:
            document.close()


def seen(pdf: bytes) -> tuple[str, ...]:
    """The text of each page by place: what stands on one line is together, whatever cell it is in."""
    return _texts(pdf, _as_seen)


def require(pdf: bytes, phrases: Mapping[str, str], anchors: Collection[str] = ()) -> Inspection:
    """The inspection of a PDF that holds every phrase. ``phrases`` is name of the field -> what must be
    printed, ``anchors`` the signature anchors, the only braces that may be printed. Raises Permanent
    ``pdf_unreadable``, ``pdf_leftover`` when a tag or a blank of the template was printed, or
    ``pdf_incomplete`` that names fields, never values."""
    found = inspect(pdf)
    text = found.text
    for anchor in anchors:
        text = text.replace(anchor, "")
    if LEFTOVER.search(text):
        raise Permanent(
            "pdf_leftover",
            "Le PDF produit montre une balise ou un blanc du modèle resté à remplir : corrigez le modèle.",
        )
    missing = [name for name, phrase in phrases.items() if not compact(phrase) or not found.holds(phrase)]
    if missing:
        placed = Inspection(seen(pdf))
        missing = [name for name in missing if not compact(phrases[name]) or not placed.holds(phrases[name])]
    if missing:
        raise Permanent(
            "pdf_incomplete",
            f"Le PDF produit ne contient pas tout ce qu'il doit ({', '.join(missing)}) : vérifiez le modèle.",
        )
    return found
