"""Values are data: printed exactly as given, or refused with the name of the variable."""

from __future__ import annotations

import copy
import io
import time
import zipfile
from typing import Any

import pytest
from lxml import etree
from markupsafe import Markup

from connectors.converters.libreoffice import LibreOffice
from documents import blocks
from documents.merge import merge
from documents.pdf import compact, inspect
from documents.template import load
from domain.errors import Invalid
from tests.converters.office import paragraph, word
from tests.documents.agreements import COMPANY, CONSUMER, words

TEMPLATE = load(
    word(
        paragraph("Objet : [{{ mission.objet }}]")
        + paragraph("{%p for diligence in mission.diligences %}")
        + paragraph("- {{ diligence }}")
        + paragraph("{%p endfor %}")
        + paragraph("Provision : {% if provision %}{{ provision.ttc }}{% else %}aucune{% endif %}")
    )
)


def context(objet: Any) -> dict[str, Any]:
    return {"mission": {"objet": objet, "diligences": ["une", "deux"]}, "provision": None}


def text(docx: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    marks = {f"{space}br": "\n", f"{space}tab": "\t", f"{space}p": "¶"}
    return "".join(marks.get(node.tag) or node.text or "" for node in root.iter(f"{space}t", *marks))


def test_loops_and_conditions_print_what_the_context_holds() -> None:
    assert text(merge(TEMPLATE, context("x"))) == "¶Objet : [x]¶- une¶- deux¶Provision : aucune"
    assert text(merge(TEMPLATE, {**context("x"), "provision": {"ht": "1", "ttc": "600 €"}})).endswith("600 €")


EXACT = {
    "xml": "<w:p>&amp; <b>Durand & Fils</b> ]]> \"deux\" 'un' &#65; <!-- --> <?php ?>",
    "template code": "{{ 7*7 }} {% if x %} {%p endfor %} {# note #} }} %} {_{ x }_} {{ client.nom }}",
    "anchor": "{{s1|signature|180|60}}",
    "spaces": "  deux  espaces  ",
    "french spaces": "1\u202f234,56\u00a0€",
    "accents": "Gwenaëlle Œuvré-Nuñez d'Aÿ, Łódź, Ağrı",
    "decomposed": "Cafe\u0301",
    "hebrew": "משרד שלום",
    "arabic": "شركة المحاماة",
    "emoji": "😀",
    "backslashes": r"C:\dossier\1 \g<0> \\serveur",
    "percent": "100 % {50 %}",
}


@pytest.mark.parametrize("value", EXACT.values(), ids=EXACT.keys())
def test_a_value_is_printed_exactly_as_given(value: str) -> None:
    assert text(merge(TEMPLATE, context(value))).split("¶")[1] == f"Objet : [{value}]"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\u0085"])
def test_every_kind_of_line_end_is_a_line_break(end: str) -> None:
    assert text(merge(TEMPLATE, context(f"un{end}deux\ttrois"))).split("¶")[1] == "Objet : [un\ndeux\ttrois]"


def test_what_pretends_to_be_markup_is_escaped_all_the_same() -> None:
    class Sly(str):
        def __html__(self) -> str:
            return "<w:p/>"

        def __str__(self) -> str:
            return "<w:p/>"

    for value in (Markup("<b>x</b>"), Sly("<b>x</b>")):
        assert "Objet : [<b>x</b>]" in text(merge(TEMPLATE, context(value)))


REFUSED = {
    "null": "a\x00b",
    "escape": "a\x1bb",
    "vertical tab": "a\x0bb",
    "form feed": "a\x0cb",
    "delete": "a\x7fb",
    "not a character": "a\uffffb",
    "lone surrogate": "a\ud800b",
    "private use": "a\ue000b",
    "right-to-left override": "a\u202eb",
    "isolate": "a\u2066b",
}


@pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED.keys())
def test_a_value_that_cannot_be_printed_as_it_is_is_refused_by_name(value: str) -> None:
    with pytest.raises(Invalid) as refused:
        merge(TEMPLATE, context(value))
    (error,) = refused.value.errors
    assert (error.path, error.code) == ("mission.objet", "value_illegal_character")
    assert value not in refused.value.detail + error.detail


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("x" * 60_000, "value_too_long"),
        (1.5, "value_refused"),
        (b"x", "value_refused"),
        (object(), "value_refused"),
        ({str(rank): "x" for rank in range(300)}, "value_refused"),
        (["x"] * 300, "value_refused"),
    ],
)
def test_a_value_of_another_kind_or_size_is_refused_by_name(value: object, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        merge(TEMPLATE, context(value))
    assert [(error.path, error.code) for error in refused.value.errors] == [("mission.objet", code)]


def test_a_value_nested_without_end_is_refused() -> None:
    endless: dict[str, Any] = {}
    endless["a"] = endless
    with pytest.raises(Invalid):
        merge(TEMPLATE, context(endless))


@pytest.mark.parametrize("path", ["mission.objet", "mission.diligences", "mission", "provision"])
def test_a_missing_variable_is_named(path: str) -> None:
    values = context("x")
    holder = values
    *parents, name = path.split(".")
    for parent in parents:
        holder = holder[parent]
    del holder[name]
    with pytest.raises(Invalid) as missing:
        merge(TEMPLATE, values)
    assert missing.value.code == "variable_missing"
    assert path in missing.value.detail
    assert path in [error.path for error in missing.value.errors] or path == "mission"


@pytest.mark.parametrize("value", [None, True, ["x"], {"a": "b"}], ids=["none", "bool", "list", "group"])
def test_what_is_no_text_is_never_printed(value: object) -> None:
    with pytest.raises(Invalid) as missing:
        merge(TEMPLATE, context(value))
    assert missing.value.code == "variable_missing"


def test_ten_thousand_characters_are_printed_to_the_last(converter: LibreOffice) -> None:
    value = " ".join(f"mot{rank}" for rank in range(1_500))
    assert len(value) > 10_000
    assert inspect(converter.convert(merge(TEMPLATE, context(value)))).holds(value)


@pytest.mark.parametrize("name", ["xml", "template code", "hebrew", "arabic", "accents", "percent", "anchor"])
def test_the_pdf_says_exactly_what_was_given(converter: LibreOffice, name: str) -> None:
    pdf = inspect(converter.convert(merge(TEMPLATE, context(EXACT[name]))))
    assert compact(f"[{EXACT[name]}]") in compact(pdf.text)


def test_a_template_is_prepared_once() -> None:
    docx = word(paragraph("{{ dossier.numero }}") * 500)
    first = load(docx)
    began = time.monotonic()
    for _ in range(50):
        assert load(bytes(bytearray(docx))) is first
    assert time.monotonic() - began < 0.5


def test_the_merge_of_the_same_values_gives_the_same_bytes_and_leaves_them_alone() -> None:
    values = words(CONSUMER)
    kept = copy.deepcopy(values)
    forfait = load("forfait")
    assert merge(forfait, values) == merge(forfait, values)
    assert values == kept


def test_unused_styles_and_thumbnails_do_not_travel() -> None:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="S{n}"><w:basedOn w:val="S{n + 1}"/></w:style>'
        for n in range(9)
    )
    body = f'<w:p><w:pPr><w:pStyle w:val="S5"/></w:pPr></w:p>{paragraph("x")}'
    made = merge(
        load(
            word(
                body,
                parts={
                    "word/styles.xml": f'<w:styles xmlns:w="{space}"><w:latentStyles/>{styles}</w:styles>',
                    "docProps/thumbnail.jpeg": b"image",
                },
            )
        ),
        {},
    )
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert "docProps/thumbnail.jpeg" not in archive.namelist()
        root = etree.fromstring(archive.read("word/styles.xml"))
    assert [style.get(f"{{{space}}}styleId") for style in root] == ["S5", "S6", "S7", "S8"]


def test_the_clauses_of_a_merged_document_are_read_with_their_text() -> None:
    found = {
        mention: block
        for block in blocks.read(merge(load("forfait"), words(COMPANY)))
        for mention in block.mentions
    }
    assert "Menuiseries de l'Océan" in found["parties_client"].text
    assert "président" in found["representant_pouvoir"].text
    assert "1 800,00 €" in blocks.normalise(found["honoraires_montant"].text)
    assert "retract_formulaire" not in found
    assert "mediateur_consommation" not in found
    assert found["signature_blocs"].sha256 != found["lieu_date"].sha256
