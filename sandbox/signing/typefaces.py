"""Fonts for what the stand-in prints: DejaVu when the machine has it (embedded, so PDF/A stays PDF/A),
else the PDF's own Helvetica, which covers French."""

from __future__ import annotations

from pathlib import Path

from fpdf import FPDF

FOLDER = Path("/usr/share/fonts/truetype/dejavu")
FILES = {"": "DejaVuSansCondensed.ttf", "B": "DejaVuSansCondensed-Bold.ttf"}


def add_to(pdf: FPDF) -> str:
    """Load the text face, regular and bold; returns its family name."""
    if not all((FOLDER / file).exists() for file in FILES.values()):
        return "helvetica"
    for style, file in FILES.items():
        pdf.add_font("texte", style, FOLDER / file)
    return "texte"


def printable(text: str, family: str) -> str:
    """The text with what the face cannot print replaced by ``?``."""
    return text.encode("latin-1", "replace").decode("latin-1") if family == "helvetica" else text
