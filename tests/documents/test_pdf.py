from __future__ import annotations

import pytest
from fpdf import FPDF

from connectors.converters.libreoffice import LibreOffice
from documents.pdf import compact, inspect, require
from domain.errors import Permanent
from tests.converters.office import paragraph, word


def pdf(*pages: str) -> bytes:
    made = FPDF()
    made.set_font("Helvetica", size=12)
    for text in pages:
        made.add_page()
        made.multi_cell(0, text=text)
    return bytes(made.output())


def test_pages_and_their_text_are_read() -> None:
    found = inspect(pdf("Dossier 2026-0147", "Madame Claire DURAND"))
    assert found.pages == 2
    assert found.texts[1].strip() == "Madame Claire DURAND"


@pytest.mark.parametrize(
    "rubbish",
    [b"", b"texte", b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(range(256)) * 50, pdf("x")[:200], b" " + pdf("x")],
    ids=["empty", "text", "header", "noise", "cut", "late"],
)
def test_what_is_not_a_pdf_is_refused(rubbish: bytes) -> None:
    with pytest.raises(Permanent) as refused:
        inspect(rubbish)
    assert refused.value.code == "pdf_unreadable"


def test_a_missing_phrase_is_told_by_its_field_and_never_by_its_value() -> None:
    with pytest.raises(Permanent) as refused:
        require(pdf("Dossier 2026-0147"), {"dossier.numero": "2026-0147", "client 1": "Claire DURAND"})
    assert refused.value.code == "pdf_incomplete"
    assert "client 1" in refused.value.detail
    assert "dossier.numero" not in refused.value.detail
    assert "DURAND" not in refused.value.detail


def test_an_empty_phrase_is_never_found() -> None:
    with pytest.raises(Permanent):
        require(pdf("Dossier"), {"client 1": " "})


@pytest.mark.parametrize(
    ("printed", "asked"),
    [
        ("1 234,56 €", "1\u202f234,56\u00a0€"),
        ("l\u2019Avocat", "l'Avocat"),
        ("Cafe\u0301", "Café"),
        ("Jean-\nPaul", "Jean-Paul"),
        ("hono\u00adraires", "honoraires"),
        ("Marie\u2011Claude", "Marie-Claude"),
        ("\ufb01n", "fin"),
        ("DE LA\nROCHEFOUCAULD", "DE LA ROCHEFOUCAULD"),
    ],
)
def test_what_a_renderer_may_change_makes_no_difference(printed: str, asked: str) -> None:
    assert compact(printed) == compact(asked)


@pytest.mark.parametrize(
    ("printed", "asked"), [("DURAND", "DURANT"), ("Durand", "DURAND"), ("1 000 €", "10 00,0 €")]
)
def test_what_differs_differs(printed: str, asked: str) -> None:
    assert compact(printed) != compact(asked)


def test_a_name_cut_by_the_end_of_a_line_is_found(converter: LibreOffice) -> None:
    name = "Anne-Sophie Éléonore de La Rochefoucauld-Montmorency-Bourbon-Parme"
    for before in range(0, 80, 7):
        made = converter.convert(word(paragraph("x" * before + f" {name} et Maître Paul LEFÈVRE")))
        require(made, {"client 1": name})


def test_a_name_whose_letters_need_two_fonts_is_found(converter: LibreOffice) -> None:
    font = '<w:rPr><w:rFonts w:ascii="Cambria" w:hAnsi="Cambria"/></w:rPr>'
    run = f"<w:r>{font}<w:t>Madame Nguyễn Thị Hường</w:t></w:r>"
    require(converter.convert(word(f"<w:p>{run}</w:p>")), {"client 1": "Nguyễn Thị Hường"})
