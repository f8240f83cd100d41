"""What the merged document says is found again in the PDF, whatever pages do to it; a loss is told."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest

from connectors.converters.libreoffice import LibreOffice
from documents.conversion import require_clauses
from documents.merge import merge
from documents.package import DOCUMENT
from documents.pdf import inspect
from documents.template import load
from domain.errors import Permanent
from domain.signature import Level
from domain.wording import context
from tests.converters.office import OOXML, RELATIONSHIP, paragraph, word
from tests.documents.agreements import CABINET, CONSUMER, words
from tests.unit import samples

TEMPLATES = {name: name for name in ("conseil", "contentieux", "resultat")}
NS = f'xmlns:w="{OOXML}/wordprocessingml/2006/main"'
LONG = " ".join(f"Le mot numéro {rank} de cette longue clause." for rank in range(400))
FORM = paragraph("Je vous notifie ma rétractation.")
BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'


def clause(mention: str, content: str) -> str:
    tag = f'<w:sdtPr><w:tag w:val="m:{mention}"/></w:sdtPr>'
    return f"<w:sdt>{tag}<w:sdtContent>{content}</w:sdtContent></w:sdt>"


def field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>{{}}</w:t></w:r></w:fldSimple>'.format("99")


def table(*rows: tuple[str, ...], head: bool = False) -> str:
    made = ""
    for rank, cells in enumerate(rows):
        mark = "<w:trPr><w:tblHeader/></w:trPr>" if head and not rank else ""
        made += f"<w:tr>{mark}{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in cells)}</w:tr>"
    grid = "<w:tblGrid>" + '<w:gridCol w:w="3000"/>' * len(rows[0]) + "</w:tblGrid>"
    return f'<w:tbl><w:tblPr><w:tblW w:w="9000" w:type="dxa"/></w:tblPr>{grid}{made}</w:tbl>'


def with_foot(body: str) -> bytes:
    """Each page of it begins and ends with the same words, and its number."""
    parts: dict[str, bytes | str] = {
        f"word/{kind}1.xml": f"<w:{tag} {NS}><w:p><w:r><w:t>Cabinet Exemple</w:t></w:r></w:p>"
        f'<w:p><w:r><w:t xml:space="preserve">Page </w:t></w:r>{field("PAGE")}<w:r><w:t>/</w:t></w:r>'
        f"{field('NUMPAGES')}</w:p></w:{tag}>"
        for kind, tag in (("header", "hdr"), ("footer", "ftr"))
    }
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    parts["[Content_Types].xml"] = (
        f'<Types xmlns="{OOXML}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{DOCUMENT}" ContentType="{main}.document.main+xml"/>'
        f'<Override PartName="/word/header1.xml" ContentType="{main}.header+xml"/>'
        f'<Override PartName="/word/footer1.xml" ContentType="{main}.footer+xml"/></Types>'
    )
    relations = "".join(
        f'<Relationship Id="{kind}" Type="{RELATIONSHIP}/{kind}" Target="{kind}1.xml"/>'
        for kind in ("header", "footer")
    )
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="header"/>'
        '<w:footerReference w:type="default" r:id="footer"/></w:sectPr>'
    )
    return word(body + section, relations, parts)


def altered(docx: bytes, old: str, new: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as whole, zipfile.ZipFile(made, "w") as changed:
        for name in whole.namelist():
            content = whole.read(name)
            if name == DOCUMENT:
                assert old in content.decode()
                content = content.decode().replace(old, new).encode()
            changed.writestr(name, content)
    return made.getvalue()


def judged(converter: LibreOffice, docx: bytes, shown: bytes | None = None) -> Permanent | None:
    """What is told of ``docx`` when its PDF is that of ``shown``."""
    pdf = converter.convert(shown or docx)
    try:
        require_clauses(docx, pdf, inspect(pdf))
    except Permanent as told:
        return told
    return None


@pytest.mark.parametrize("name", samples.NAMES)
def test_every_sample_is_found_again_clause_by_clause(converter: LibreOffice, name: str) -> None:
    template = TEMPLATES.get(name.partition("-")[0], "forfait")
    record = samples.record(name)
    values = context(
        record, CABINET, samples.TODAY, "Yousign", "conv_0211", 1, Level.SIMPLE, "https://x.example"
    )
    told = judged(converter, merge(load(template), values))
    assert told is None, told.detail


HARD: Mapping[str, str] = {
    "cut by page breaks": paragraph("x") + clause("objet_mission", paragraph(LONG)),
    "beginning like the foot": clause("objet_mission", paragraph("Page 1/1 du contrat") + paragraph(LONG)),
    "rows over the page, under a repeated head": paragraph(LONG[:2800])
    + clause(
        "frais_debours", table(("Poste", "Montant", "Note"), (LONG[:1500], "12,00 €", LONG[:1200]), head=True)
    ),
    "the same row twice": clause("frais_debours", table(("Néant", "0"), ("Néant", "0"))) * 2,
    "leaders": clause(
        "lieu_date",
        '<w:p><w:pPr><w:tabs><w:tab w:val="right" w:leader="dot" w:pos="8000"/></w:tabs></w:pPr>'
        "<w:r><w:t>Date</w:t><w:tab/><w:t>fin</w:t></w:r></w:p>",
    ),
    "fields": clause(
        "avenant", f"<w:p><w:r><w:t>Page</w:t></w:r>{field('PAGE')}<w:r><w:t>suit</w:t></w:r></w:p>"
    ),
    "capitals by style": clause(
        "avenant", "<w:p><w:r><w:rPr><w:caps/></w:rPr><w:t>Maître Lefèvre, straße</w:t></w:r></w:p>"
    ),
    "letters from other fonts": clause("parties_client", paragraph("Madame Nguyễn Thị Ánh, Łódź, ɖ fin")),
    "hyphens and ligatures": clause("avenant", paragraph("co\u2011signataire, bien\u00adfaisance, \ufb01n")),
}


def test_what_pages_do_to_a_text_is_no_loss(converter: LibreOffice) -> None:
    for name, body in HARD.items():
        told = judged(converter, with_foot(body))
        assert told is None, f"{name}: {told.detail}"


@pytest.mark.parametrize("what", ["end of a sentence", "whole clause", "order"])
def test_what_the_pdf_lost_is_told_by_its_clause_and_not_by_its_words(
    converter: LibreOffice, what: str
) -> None:
    first, second = (
        clause("objet_mission", paragraph("Assister Madame Durand devant le tribunal de Nantes.")),
        clause("frais_debours", paragraph("Copies : 60,00 €")),
    )
    whole = with_foot(first + second + paragraph("fin"))
    shown = {
        "end of a sentence": with_foot(first.replace(" de Nantes.", "") + second),
        "whole clause": with_foot(second + paragraph("fin")),
        "order": with_foot(second + first),
    }[what]
    told = judged(converter, whole, shown)
    assert told is not None
    assert told.code == "pdf_incomplete"
    (error,) = told.errors
    assert error.path == ("frais_debours" if what == "order" else "objet_mission")
    assert error.detail.split(" : ")[0] in told.detail
    assert "Nantes" not in told.detail + error.detail


def test_a_row_too_low_for_its_text_is_a_loss(converter: LibreOffice) -> None:
    low = clause("frais_debours", table((LONG[:600], "12,00 €"))).replace(
        "<w:tr>", '<w:tr><w:trPr><w:trHeight w:val="300" w:hRule="exact"/></w:trPr>'
    )
    told = judged(converter, with_foot(low))
    assert told is not None
    assert [error.path for error in told.errors] == ["frais_debours"]


def test_the_withdrawal_form_begins_a_page_of_its_own(converter: LibreOffice) -> None:
    signatures = clause("signature_blocs", paragraph("Madame Claire Durand"))
    form = paragraph("Annexe") + clause("retract_formulaire", FORM)
    assert judged(converter, with_foot(signatures + BREAK + form)) is None
    told = judged(converter, with_foot(signatures + form))
    assert told is not None
    assert told.code == "annex_not_apart"
    assert "saut de page" in told.detail


def test_a_real_agreement_whose_form_was_moved_up_is_refused(converter: LibreOffice) -> None:
    docx = merge(load("forfait"), words(CONSUMER))
    told = judged(converter, altered(docx, '<w:pStyle w:val="AnnexeNumero"/>', ""))
    assert told is not None
    assert told.code == "annex_not_apart"
