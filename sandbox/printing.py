"""A plain PDF of some lines, for stand-ins that must answer one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fpdf import FPDF

FACE = Path("/usr/share/fonts/truetype/dejavu/DejaVuSansCondensed.ttf")


def pdf_of_lines(lines: Iterable[str], mark: str = "") -> bytes:
    """``mark`` stands at the head of every page. Without DejaVu, what Helvetica lacks becomes ``?``."""
    pdf = _Page(mark)
    pdf.add_page()
    for line in lines:
        pdf.line_of_text(line)
    return bytes(pdf.output())


class _Page(FPDF):
    def __init__(self, mark: str) -> None:
        super().__init__()
        self._mark, self._unicode = mark, FACE.exists()
        if self._unicode:
            self.add_font("texte", "", FACE)
        self.set_font("texte" if self._unicode else "helvetica", size=10)

    def header(self) -> None:
        if self._mark:
            self.line_of_text(self._mark)

    def line_of_text(self, line: str) -> None:
        shown = line if self._unicode else line.encode("latin-1", "replace").decode("latin-1")
        self.multi_cell(0, 6, shown, new_x="LMARGIN", new_y="NEXT")
