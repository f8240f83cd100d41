"""A template is refused when it is not plain Word, says something unknown, or would do something."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from pathlib import Path

import pytest

from documents.faults import DETAILS
from documents.template import check, load
from domain.errors import Invalid, NotFound
from tests.converters.office import OOXML, RELATIONSHIP, paragraph, word

GOOD = paragraph("Dossier {{ dossier.numero }}")


def codes(docx: bytes) -> set[str]:
    return {fault.code for fault in check(docx)}


def linked(kind: str, target: str) -> bytes:
    return word(
        GOOD, f'<Relationship Id="x" Type="{RELATIONSHIP}/{kind}" Target="{target}" TargetMode="External"/>'
    )


def with_part(name: str, content: bytes | str = b"x") -> bytes:
    return word(GOOD, parts={name: content})


def document(xml: str | bytes) -> bytes:
    return word("", parts={"word/document.xml": xml})


def rezipped(
    docx: bytes, compression: int = zipfile.ZIP_DEFLATED, extra: dict[str, bytes] | None = None
) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(made, "w", compression) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return made.getvalue()


def encrypted() -> bytes:
    """The flag that says "encrypted", set on every entry of the zip."""
    raw = bytearray(word(GOOD))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(signature)
        while at >= 0:
            (flags,) = struct.unpack_from("<H", raw, at + offset)
            struct.pack_into("<H", raw, at + offset, flags | 1)
            at = raw.find(signature, at + 4)
    return bytes(raw)


def lying_about_its_size() -> bytes:
    """A bomb whose directory says that it is small."""
    raw = bytearray(rezipped(word(GOOD), extra={"word/media/bomb.png": bytes(30 * 1024 * 1024)}))
    entry = raw.rfind(b"PK\x01\x02")
    struct.pack_into("<I", raw, entry + 24, 1000)
    return bytes(raw)


TYPES = (
    f'<Types xmlns="{OOXML}/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="{}"/></Types>'
)
WORDML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
NS = f'xmlns:w="{OOXML}/wordprocessingml/2006/main"'
LAUGHS = (
    '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(12))
    + f"]><w:document {NS}><w:body><w:p><w:r><w:t>&m;</w:t></w:r></w:p></w:body></w:document>"
)
EXTERNAL = (
    '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    f"<w:document {NS}><w:body>&a;</w:body></w:document>"
)

FILES = {
    "empty": (b"", "template_unreadable"),
    "text": (b"Ceci n'est pas un document.", "template_unreadable"),
    "cut": (word(GOOD)[:300], "template_unreadable"),
    "no document": (rezipped(word(GOOD))[:0] + b"PK\x05\x06" + b"\0" * 18, "template_unreadable"),
    "password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000, "template_encrypted"),
    "encrypted entries": (encrypted(), "template_encrypted"),
    "zip bomb": (
        rezipped(word(GOOD), extra={"word/media/a.png": bytes(50 * 1024 * 1024)}),
        "template_too_large",
    ),
    "many entries": (
        rezipped(word(GOOD), extra={f"word/media/{n}": b"" for n in range(400)}),
        "template_too_large",
    ),
    "long xml": (document(f"<w:document {NS}>" + " " * 6_000_000 + "</w:document>"), "template_too_large"),
    "lying size": (lying_about_its_size(), "template_unreadable"),
    "climbing name": (rezipped(word(GOOD), extra={"../evil": b""}), "template_unreadable"),
    "two of a name": (rezipped(word(GOOD), extra={"WORD/document.xml": b"<x/>"}), "template_unreadable"),
    "entities": (document(LAUGHS), "template_xml_refused"),
    "external entity": (document(EXTERNAL), "template_xml_refused"),
    "utf-16 entity": (document(EXTERNAL.encode("utf-16")), "template_xml_refused"),
    "broken xml": (document("<w:document>"), "template_xml_refused"),
    "deep xml": (
        document(f"<w:document {NS}>" + "<w:p>" * 5000 + "</w:p>" * 5000 + "</w:document>"),
        "template_xml_refused",
    ),
    "broken styles": (with_part("word/styles.xml", "<w:styles"), "template_xml_refused"),
    "macro project": (with_part("word/vbaProject.bin"), "template_macro"),
    "macro type": (
        word(
            GOOD,
            parts={
                "[Content_Types].xml": TYPES.format("application/vnd.ms-word.document.macroEnabled.main+xml")
            },
        ),
        "template_macro",
    ),
    "dotx": (
        word(GOOD, parts={"[Content_Types].xml": TYPES.format(f"{WORDML}.template.main+xml")}),
        "template_unreadable",
    ),
    "activex": (with_part("word/activeX/activeX1.xml", "<a/>"), "template_macro"),
    "ole": (with_part("word/embeddings/oleObject1.bin"), "template_embedded_object"),
    "object": (word(GOOD + "<w:p><w:r><w:object/></w:r></w:p>"), "template_embedded_object"),
    "alt chunk": (word(GOOD + '<w:altChunk r:id="x"/>'), "template_embedded_object"),
    "chunk relation": (linked("aFChunk", "http://x.example/a.html"), "template_embedded_object"),
    "linked image": (linked("image", "http://x.example/a.png"), "template_external_link"),
    "attached template": (linked("attachedTemplate", "file:///C:/m.dotm"), "template_external_link"),
    "script link": (linked("hyperlink", "javascript:alert(1)"), "template_external_link"),
    "file link": (linked("hyperlink", "file:///etc/passwd"), "template_external_link"),
    "other main part": (
        word(
            GOOD,
            parts={
                "word/other.xml": f"<w:document {NS}><w:body/></w:document>",
                "_rels/.rels": f'<Relationships xmlns="{OOXML}/package/2006/relationships">'
                f'<Relationship Id="r1" Type="{RELATIONSHIP}/officeDocument" Target="word/other.xml"/>'
                "</Relationships>",
            },
        ),
        "template_unreadable",
    ),
    "include field": (
        word(GOOD + '<w:p><w:fldSimple w:instr=" INCLUDETEXT /etc/passwd "/></w:p>'),
        "template_field_refused",
    ),
    "split field": (
        word(
            GOOD
            + '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDE</w:instrText></w:r>'
            "<w:r><w:instrText>AUTO c:\\x</w:instrText></w:r>"
            '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        ),
        "template_field_refused",
    ),
    "revision": (word(GOOD + "<w:p><w:ins><w:r><w:t>neuf</w:t></w:r></w:ins></w:p>"), "template_revisions"),
    "hidden": (
        word(GOOD + "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>caché</w:t></w:r></w:p>"),
        "template_hidden_text",
    ),
    "bound control": (
        word(
            '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/a"/></w:sdtPr>'
            "<w:sdtContent><w:p/></w:sdtContent></w:sdt>"
        ),
        "block_bound",
    ),
}


@pytest.mark.parametrize(("docx", "code"), FILES.values(), ids=FILES.keys())
def test_a_file_that_is_not_plain_word_is_refused_quickly(docx: bytes, code: str) -> None:
    began = time.monotonic()
    assert code in codes(docx)
    assert time.monotonic() - began < 5


TAGS = {
    "{{ client.prenon }}": "variable_unknown",
    "{{ inconnu }}": "variable_unknown",
    "{{ client }}": "variable_not_printable",
    "{{ honoraires.phases }}": "variable_not_printable",
    "{{ conclusion.retractation }}": "variable_not_printable",
    "{{ phase.ht }}": "variable_unknown",
    "{% for x in client.nom %}{{ x }}{% endfor %}": "variable_not_a_list",
    "{% for x in conclusion %}{{ x }}{% endfor %}": "variable_not_a_list",
    "{{ client.nom }": "tag_unclosed",
    "{{ client.nom": "tag_unclosed",
    "client.nom }}": "tag_unclosed",
    "un { seul": "tag_unclosed",
    "{% if client.nom %}": "tag_syntax",
    "{% endif %}": "tag_syntax",
    "{{ client. }}": "tag_syntax",
    "{{ 7 * 7 }}": "tag_code",
    "{{ client.nom() }}": "tag_code",
    "{{ client.nom.upper() }}": "tag_code",
    "{{ client.__class__ }}": "tag_code",
    "{{ client['nom'] }}": "tag_code",
    "{{ ''.__class__.__mro__ }}": "tag_code",
    "{{ client.nom|attr('x') }}": "tag_code",
    "{{ client.nom|safe }}": "tag_code",
    "{{ mission.diligences|join(client.nom) }}": "tag_code",
    "{{ client.nom ~ client.nom }}": "tag_code",
    "{{ client.nom is defined }}": "tag_code",
    "{{ 'a' * 1000000000 }}": "tag_code",
    "{{ range(10) }}": "tag_code",
    "{{ self }}": "variable_unknown",
    "{{ cycler }}": "variable_unknown",
    "{% for a, b in debours %}{% endfor %}": "tag_code",
    "{% for a in debours if a %}{% endfor %}": "tag_code",
    "{% for a in debours %}" * 3 + "{% endfor %}" * 3: "tag_code",
    "{% set a = 1 %}": "tag_unsupported",
    "{% include 'x' %}": "tag_unsupported",
    "{% import 'os' as os %}": "tag_unsupported",
    "{% macro a() %}{% endmacro %}": "tag_unsupported",
    "{% raw %}{{ client.nom }}{% endraw %}": "tag_unsupported",
    "{% do x %}": "tag_unsupported",
    "{%r if client.nom %}x{%r endif %}": "tag_unsupported",
    "{{r client.nom }}": "tag_unsupported",
    "{{p client.nom }}": "tag_unsupported",
    "{%- if client.nom %}x{% endif %}": "tag_unsupported",
    "{% colspan 3 %}": "tag_unsupported",
    "{% vm %}": "tag_unsupported",
    "{%p if client.nom %} du texte": "tag_not_alone",
    "{%tr for a in debours %}": "tag_not_alone",
    "Honoraires : [●] euros": "leftover_placeholder",
    "Honoraires : XXX euros": "leftover_placeholder",
    "Montant à compléter": "leftover_placeholder",
}


@pytest.mark.parametrize(("text", "code"), TAGS.items())
def test_a_tag_that_is_wrong_or_does_something_is_refused(text: str, code: str) -> None:
    assert code in codes(word(paragraph(text)))


def test_a_tag_cut_into_runs_by_word_is_read_as_one() -> None:
    pieces = ["{", "{ client", ".pre", "non }", "}"]
    runs = "".join(f"<w:r><w:rPr><w:b/></w:rPr><w:t>{piece}</w:t></w:r>" for piece in pieces)
    (fault,) = check(word(f"<w:p>{runs}</w:p>"))
    assert fault.code == "variable_unknown"
    assert "« client.prenon »" in fault.detail


@pytest.mark.parametrize(
    "docx",
    [
        word(GOOD + '<w:p><w:bookmarkStart w:id="0" w:name="{{ client.nom }}"/></w:p>'),
        word(GOOD + '<w:p><w:fldSimple w:instr=" PAGE {{ client.nom }} "/></w:p>'),
        word(GOOD, parts={"docProps/core.xml": "<core><title>{{ client.nom }}</title></core>"}),
        word(
            GOOD,
            parts={
                "word/comments.xml": f"<w:comments {NS}><w:p><w:r><w:t>{{{{x}}}}</w:t></w:r></w:p>"
                "</w:comments>"
            },
        ),
    ],
    ids=["attribute", "field", "property", "comment"],
)
def test_a_tag_where_the_merge_would_not_see_it_is_refused(docx: bytes) -> None:
    assert "tag_misplaced" in codes(docx)


def test_a_loop_that_straddles_paragraphs_wrongly_is_refused() -> None:
    crossing = (
        paragraph("{%p if conclusion.retractation %}") + "<w:tbl><w:tr><w:tc>" + paragraph("{%p endif %}")
    )
    assert "template_structure" in codes(word(crossing + "</w:tc></w:tr></w:tbl>"))


SLOW = {
    "braces": "{" * 400_000,
    "opened": "{{" * 200_000,
    "statements": "{%" * 200_000,
    "ifs": "{% if client.nom %}" * 40_000,
    "tags": "{{ client.nom }}" * 60_000,
    "closed": "}}" * 200_000,
    "brace and tag": "{{ client.nom" * 50_000 + "}}",
    "parentheses": "{{ " + "(" * 100 + ")" * 100 + " }}",
    "nots": "{{ " + "not " * 70 + "x }}",
    "long nots": "{{ " + "not " * 5_000 + "x }}",
    "path": "{{ a" + ".a" * 100_000 + " }}",
    "thirty nested ifs": "{% if client.nom %}" * 30 + "{% endif %}" * 30,
    "nested ifs": "{% if client.nom %}" * 1_000 + "{% endif %}" * 1_000,
}


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW.keys())
def test_a_template_made_to_be_slow_is_refused_quickly(text: str) -> None:
    began = time.monotonic()
    assert codes(word(paragraph(text)))
    assert time.monotonic() - began < 10


def test_braces_spread_over_many_paragraphs_are_refused_quickly() -> None:
    began = time.monotonic()
    assert "tag_unclosed" in codes(rezipped(word(paragraph("{") * 30_000), zipfile.ZIP_STORED))
    assert time.monotonic() - began < 10


def test_the_longest_template_allowed_is_checked_in_bounded_time() -> None:
    """Twelve regular expressions read it, each in a time that grows with its length and no faster."""
    body = GOOD + "<w:p/>" * 300_000
    began = time.monotonic()
    assert check(rezipped(word(body), zipfile.ZIP_STORED)) == ()
    assert time.monotonic() - began < 40


def test_every_fault_is_told_in_french_with_its_part() -> None:
    faults = [fault for docx, _code in FILES.values() for fault in check(docx)]
    faults += [fault for text in TAGS for fault in check(word(paragraph(text)))]
    elsewhere = {
        "manifest_unreadable",
        "block_missing",
        "block_unknown",
        "tag_misplaced",
        "template_structure",
    }
    assert {fault.code for fault in faults} == set(DETAILS) - elsewhere
    for fault in faults:
        assert fault.detail.endswith(".")
        assert len(fault.detail) < 250


def test_a_good_template_has_no_fault_and_tells_its_fields() -> None:
    docx = word(
        paragraph("{%p for phase in honoraires.phases %}")
        + paragraph(
            "{{ loop.index }} {{ phase.libelle|upper }} {% if phase.part %}{{ phase.part }}{% endif %}"
        )
        + paragraph("{%p endfor %}")
        + paragraph(
            '{% if client.type == "pm" %}{{ client.denomination }}{% else %}{{ client.nom }}{% endif %}'
        )
        + paragraph("{% if provision %}{{ provision.ttc }}{% endif %} {{ mission.diligences|join(', ') }}")
    )
    assert check(docx) == ()
    assert load(docx).fields == (
        "client.denomination",
        "client.nom",
        "client.type",
        "honoraires.phases",
        "honoraires.phases[].libelle",
        "honoraires.phases[].part",
        "mission.diligences",
        "provision",
        "provision.ttc",
    )


@pytest.mark.parametrize(
    "name", ["absent", "../forfait", "/etc/passwd", "", "FORFAIT", "a" * 200, "forfait\x00"]
)
def test_a_name_that_is_not_a_template_is_not_found(name: str) -> None:
    with pytest.raises(NotFound) as unknown:
        load(name)
    assert unknown.value.code == "template_unknown"


MANIFEST = (
    'title="t"\ndescription="d"\nversion="1"\nkind="forfait"\navertissement="a"\n'
    'blocks=[{id="objet_mission"}]'
)
CLAUSE = (
    '<w:sdt><w:sdtPr><w:tag w:val="m:objet_mission"/></w:sdtPr><w:sdtContent>'
    + GOOD
    + "</w:sdtContent></w:sdt>"
)


@pytest.mark.parametrize(
    ("body", "manifest", "code"),
    [
        (GOOD, MANIFEST, "block_missing"),
        (CLAUSE + CLAUSE.replace("objet_mission", "libre"), MANIFEST, "block_unknown"),
        (CLAUSE, None, "manifest_unreadable"),
        (CLAUSE, "title=", "manifest_unreadable"),
        (CLAUSE, MANIFEST.replace("kind", "kid"), "manifest_unreadable"),
    ],
)
def test_a_template_and_its_card_must_agree(
    tmp_path: Path, body: str, manifest: str | None, code: str
) -> None:
    (tmp_path / "mien.docx").write_bytes(word(body))
    if manifest is not None:
        (tmp_path / "mien.toml").write_text(manifest, encoding="utf-8")
    with pytest.raises(Invalid) as refused:
        load("mien", tmp_path)
    assert refused.value.code == "template_refused"
    assert {error.code for error in refused.value.errors} == {code}
