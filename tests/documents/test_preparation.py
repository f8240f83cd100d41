"""What the preparation of a template takes away is not seen on any page."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import pypdfium2
import pytest

from connectors.converters.libreoffice import LibreOffice
from documents.merge import merge
from documents.package import read
from documents.preparation import STYLES
from documents.template import DIRECTORY, load
from tests.documents import advice, agreements, litigation, success
from tests.documents.agreement_kit import words
from tests.documents.archivable import faults
from tests.documents.stock import with_stock_styles

RECORDS: dict[str, Mapping[str, Any]] = {
    "forfait": agreements.COUPLE,
    "conseil": advice.FOUNDERS,
    "contentieux": litigation.ROOF,
    "resultat": success.PARTNERS,
}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def pixels(pdf: bytes) -> list[bytes]:
    document = pypdfium2.PdfDocument(pdf)
    pages = [bytes(page.render(scale=1, grayscale=True).buffer) for page in document]
    document.close()
    return pages


@pytest.mark.parametrize("name", RECORDS)
def test_the_pages_are_the_same_to_the_pixel_without_the_unused_styles(
    converter: LibreOffice, name: str
) -> None:
    template = read((DIRECTORY / f"{name}.docx").read_bytes())
    heavy = {**template, STYLES: with_stock_styles(template[STYLES])}
    merged = merge(load(zipped(heavy)), words(RECORDS[name]))
    lean = read(merged)
    assert lean[STYLES].count(b"<w:style ") < heavy[STYLES].count(b"<w:style ") / 4
    pdf = converter.convert(merged)
    assert pixels(pdf) == pixels(converter.convert(zipped({**lean, STYLES: heavy[STYLES]})))
    assert faults(pdf) == []


def test_a_template_is_compiled_once_in_a_process_and_again_when_it_changes() -> None:
    docx = (DIRECTORY / "forfait.docx").read_bytes()
    first, again = load(docx), load(bytes(bytearray(docx)))
    assert first.sources is again.sources
    changed = load(zipped(read(docx)))
    assert changed.sha256 != first.sha256
    assert changed.sources is not first.sources


def test_what_goes_to_the_office_is_stored_not_compressed() -> None:
    with zipfile.ZipFile(io.BytesIO(merge(load("forfait"), words(agreements.COMPANY)))) as archive:
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
