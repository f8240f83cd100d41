"""The small visible marks of a sandbox signature, each a one-page PDF of its own size."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from fpdf import FPDF

from sandbox.signing.typefaces import add_to, printable

WORTHLESS = "BAC À SABLE, SANS VALEUR"
BANNER_WIDTH, BANNER_HEIGHT = 150, 12
_INK, _QUIET, _WARNING, _PAPER = (27, 42, 73), (87, 96, 112), (154, 52, 18), (250, 250, 247)
_LARGEST_FONT = 9.0


def signature(name: str, signed_at: datetime, timezone: str, width: float, height: float) -> bytes:
    """Who signed and when (in the request's timezone), in a box of this size in points."""
    local = signed_at.astimezone(ZoneInfo(timezone))
    pdf, family = _sheet(width, height)
    pdf.set_draw_color(_INK)
    pdf.set_fill_color(_PAPER)
    pdf.set_line_width(0.5)
    pdf.rect(0.5, 0.5, width - 1, height - 1, style="DF")
    pdf.set_fill_color(_INK)
    pdf.rect(0.5, 0.5, 2, height - 1, style="F")
    lines = (
        ("Signé électroniquement par", "", _QUIET),
        (name, "B", _INK),
        (f"le {local:%d/%m/%Y} à {local:%H:%M} ({local:%Z})", "", _QUIET),
        (WORTHLESS, "B", _WARNING),
    )
    step = min((height - 4) / len(lines), _LARGEST_FONT * 1.3)
    top = (height - step * len(lines)) / 2
    for rank, (text, style, colour) in enumerate(lines):
        pdf.set_text_color(colour)
        fitted = _fit(pdf, printable(text, family), family, style, step / 1.3, width - 9)
        pdf.text(6, top + step * rank + step * 0.78, fitted)
    return bytes(pdf.output())


@lru_cache(maxsize=1)
def banner() -> bytes:
    """What stands at the top of every page; always the same, and slow to set."""
    pdf, family = _sheet(BANNER_WIDTH, BANNER_HEIGHT)
    pdf.set_font(family, "B", 6.5)
    pdf.set_text_color(_WARNING)
    pdf.text((BANNER_WIDTH - pdf.get_string_width(WORTHLESS)) / 2, 8.5, WORTHLESS)
    return bytes(pdf.output())


def _sheet(width: float, height: float) -> tuple[FPDF, str]:
    pdf = FPDF(unit="pt", format=(width, height))
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.add_page(orientation="L" if width > height else "P", format=(min(width, height), max(width, height)))
    return pdf, add_to(pdf)


def _fit(pdf: FPDF, text: str, family: str, style: str, size: float, width: float) -> str:
    """Set the largest font at which the text fits, down to 4 points; then shorten it."""
    pdf.set_font(family, style, size)
    while size > 4 and pdf.get_string_width(text) > width:
        size -= 0.25
        pdf.set_font(family, style, size)
    while len(text) > 4 and pdf.get_string_width(text) > width:
        text = text[:-4] + "..."
    return text
