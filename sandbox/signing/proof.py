"""The layout of a proof as a PDF for people: titled sections of labelled rows, one page per subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos

from sandbox.signing.marks import WORTHLESS
from sandbox.signing.typefaces import add_to, printable

#: a title and its rows: label, value
Section = tuple[str, Sequence[tuple[str, str]]]

_INK, _QUIET, _WARNING, _RULE = (27, 42, 73), (87, 96, 112), (154, 52, 18), (214, 211, 200)


def as_pdf(title: str, lead: str, pages: Iterable[Sequence[Section]]) -> bytes:
    """``lead`` is the sentence under the title, on every page."""
    pdf = FPDF(format="A4")
    pdf.set_title(f"{title} (bac à sable)")
    pdf.set_lang("fr-FR")
    family = add_to(pdf)
    pdf.set_margins(20, 18)
    for sections in pages:
        pdf.add_page()
        _head(pdf, family, title, lead)
        for heading, rows in sections:
            _section(pdf, family, heading, rows)
    return bytes(pdf.output())


def _head(pdf: FPDF, family: str, title: str, lead: str) -> None:
    pdf.set_font(family, "B", 8)
    pdf.set_text_color(_WARNING)
    _line(pdf, WORTHLESS, 6)
    pdf.set_font(family, "B", 18)
    pdf.set_text_color(_INK)
    _line(pdf, title, 11)
    pdf.set_font(family, "", 9)
    pdf.set_text_color(_QUIET)
    pdf.multi_cell(0, 5, lead, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _section(pdf: FPDF, family: str, title: str, rows: Sequence[tuple[str, str]]) -> None:
    pdf.ln(5)
    pdf.set_font(family, "B", 11)
    pdf.set_text_color(_INK)
    _line(pdf, title, 7)
    pdf.set_draw_color(_RULE)
    pdf.line(pdf.l_margin, pdf.get_y(), pdf.w - pdf.r_margin, pdf.get_y())
    pdf.ln(1.5)
    for label, value in rows:
        pdf.set_font(family, "", 8.5)
        pdf.set_text_color(_QUIET)
        pdf.cell(58, 5.6, printable(label, family), align="L")
        pdf.set_text_color(_INK)
        pdf.multi_cell(
            0,
            5.6,
            printable(value, family),
            align="L",
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
            wrapmode=WrapMode.WORD if " " in value else WrapMode.CHAR,
        )


def _line(pdf: FPDF, text: str, height: float) -> None:
    pdf.cell(0, height, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
