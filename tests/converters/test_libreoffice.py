from __future__ import annotations

import http.server
import io
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from connectors.converters.libreoffice import LibreOffice
from documents.pdf import inspect
from domain.errors import Permanent
from tests.converters.office import RELATIONSHIP, office, paragraph, word
from tests.documents.archivable import faults


def test_a_word_document_becomes_a_pdf_a_2b_with_its_text(converter: LibreOffice) -> None:
    pdf = converter.convert(word(paragraph("Honoraires de Maître Lefèvre : 1 200,00 €")))
    assert inspect(pdf).text.strip() == "Honoraires de Maître Lefèvre : 1 200,00 €"
    assert faults(pdf) == []


def corrupted(part: str) -> bytes:
    made = word(paragraph("texte"))
    source, target = io.BytesIO(made), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<w:document><w:body>" if name == part else old.read(name))
    return target.getvalue()


@pytest.mark.parametrize(
    "rubbish",
    [
        b"",
        b"Bonjour, ceci n'est pas un document Word.",
        bytes(range(256)) * 40,
        b"%PDF-1.7\n%%EOF\n",
        b"PK\x03\x04" + b"\0" * 200,
        word(paragraph("x"))[:-40],
        corrupted("word/document.xml"),
        corrupted("[Content_Types].xml"),
        corrupted("_rels/.rels"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000,
    ],
    ids=[
        "empty",
        "text",
        "bytes",
        "pdf",
        "header",
        "cut",
        "broken xml",
        "broken types",
        "broken rels",
        "encrypted",
    ],
)
def test_rubbish_is_refused_for_good_and_never_becomes_a_pdf(converter: LibreOffice, rubbish: bytes) -> None:
    with pytest.raises(Permanent) as refused:
        converter.convert(rubbish)
    assert refused.value.code == "document_unreadable"


def test_the_next_document_is_converted_after_rubbish(converter: LibreOffice) -> None:
    with pytest.raises(Permanent):
        converter.convert(corrupted("word/document.xml"))
    assert inspect(converter.convert(word(paragraph("suite")))).text.strip() == "suite"


def test_threads_that_share_an_office_each_get_their_own_document(converter: LibreOffice) -> None:
    names = [f"document numéro {rank}" for rank in range(8)]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda name: converter.convert(word(paragraph(name))), names))
    assert [inspect(pdf).text.strip() for pdf in made] == names


def test_bold_survives_in_a_content_control(converter: LibreOffice) -> None:
    bold = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Gras</w:t></w:r></w:p>"
    bare = converter.convert(word(bold))
    controlled = converter.convert(
        word(f'<w:sdt><w:sdtPr><w:tag w:val="m:a"/></w:sdtPr><w:sdtContent>{bold}</w:sdtContent></w:sdt>')
    )
    assert b"Bold" in bare
    assert b"Bold" in controlled


def test_a_letter_that_no_font_has_is_refused_rather_than_printed_as_a_box(converter: LibreOffice) -> None:
    with pytest.raises(Permanent) as refused:
        converter.convert(word(paragraph("Madame \U00012000 DURAND")))  # a cuneiform sign
    assert refused.value.code == "character_without_font"


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815  (the names are the library's)

        def log_message(self, *_arguments: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def reaching_out(url: str) -> bytes:
    """Everything by which a document asks for something outside it."""
    image = (
        '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="i"/>'
        "<a:graphic>"
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        '<pic:cNvPr id="1" name="i"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        '<a:blip r:link="image"/></pic:blipFill>'
        "<pic:spPr/></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    fields = "".join(
        f'<w:p><w:fldSimple w:instr="{instruction}"><w:r><w:t>champ</w:t></w:r></w:fldSimple></w:p>'
        for instruction in (
            f" INCLUDEPICTURE &quot;{url}/picture.png&quot; \\d ",
            f" INCLUDETEXT &quot;{url}/text.docx&quot; ",
            f" LINK Word.Document.12 &quot;{url}/link.docx&quot; &quot;&quot; \\a \\p ",
        )
    )
    outside = 'TargetMode="External"'
    relationships = (
        f'<Relationship Id="image" Type="{RELATIONSHIP}/image" Target="{url}/image.png" {outside}/>'
        f'<Relationship Id="frame" Type="{RELATIONSHIP}/frame" Target="{url}/frame.docx" {outside}/>'
        f'<Relationship Id="sub" Type="{RELATIONSHIP}/subDocument" Target="{url}/sub.docx" {outside}/>'
        f'<Relationship Id="chunk" Type="{RELATIONSHIP}/aFChunk" Target="{url}/chunk.html" {outside}/>'
        f'<Relationship Id="tpl" Type="{RELATIONSHIP}/attachedTemplate" Target="{url}/x.dotm" {outside}/>'
    )
    body = f'{paragraph("témoin")}{image}{fields}<w:subDoc r:id="sub"/><w:altChunk r:id="chunk"/>'
    return word(body, relationships)


def test_a_document_reaches_nothing_on_the_network(
    converter: LibreOffice, listener: tuple[str, list[str]]
) -> None:
    url, asked = listener
    assert "témoin" in inspect(converter.convert(reaching_out(url))).text
    assert asked == []


def test_a_document_reads_no_file_of_the_server(converter: LibreOffice, tmp_path: Path) -> None:
    for name in ("text.docx", "link.docx", "frame.docx", "sub.docx", "x.dotm"):
        (tmp_path / name).write_bytes(word(paragraph("contenu secret du serveur")))
    (tmp_path / "chunk.html").write_text("contenu secret du serveur")
    shown = inspect(converter.convert(reaching_out(tmp_path.as_uri()))).text
    assert "témoin" in shown
    assert "secret" not in shown


def test_a_missing_office_says_which_packages_to_install(tmp_path: Path) -> None:
    for settings in ({"soffice": "soffice-absent"}, {"python": str(tmp_path / "absent")}):
        converter = office(**settings)
        with pytest.raises(Permanent) as missing:
            converter.convert(word(paragraph("x")))
        assert missing.value.code == "converter_missing"
        assert "libreoffice-writer-nogui" in missing.value.detail
        assert "python3-uno" in missing.value.detail
        (finding,) = converter.check()
        assert not finding.ok


def test_a_python_without_uno_says_which_packages_to_install(tmp_path: Path) -> None:
    bare = tmp_path / "python"
    bare.write_text('#!/bin/sh\nexec /usr/bin/python3 -S "$@"\n')  # -S: no site-packages, hence no uno
    bare.chmod(0o755)
    with pytest.raises(Permanent) as missing:
        office(python=str(bare)).convert(word(paragraph("x")))
    assert missing.value.code == "converter_missing"


def test_the_doctor_converts_for_real(converter: LibreOffice) -> None:
    (finding,) = converter.check()
    assert finding.ok
