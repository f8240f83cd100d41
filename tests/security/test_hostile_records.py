"""Hostile and absurd records, all the way: refused by name, or printed exactly, and nothing else changes."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from connectors.converters.libreoffice import LibreOffice
from documents import blocks
from documents.conversion import require_clauses
from documents.merge import merge
from documents.pdf import Inspection, compact, inspect, require
from documents.phrases import read
from documents.template import load
from domain.errors import Invalid, ParapheError, Permanent
from domain.normalise import normalise
from domain.record import Record
from domain.signature import ANCHOR, Level
from domain.wording import context
from tests.converters.office import office
from tests.documents.agreement_kit import RUNNING
from tests.documents.agreements import CABINET
from tests.pages.application import Application
from tests.security.hostile import COLUMNS, EITHER, ODD, REFUSED, hostile, printable
from tests.unit.samples import TODAY, fields

#: what a leaf of the context is replaced by: whatever a template does to a text leaves it alone
MARK = "QX{}XQ"
TEMPLATES = ("forfait", "contentieux", "conseil", "resultat")


@pytest.fixture(scope="module")
def converter() -> Iterator[LibreOffice]:
    made = office()
    yield made
    made.close()


@cache
def sample() -> dict[str, Any]:
    return fields("claire-durand")


@cache
def ordinarily(template: str) -> tuple[dict[str, Any], list[tuple[str, ...]]]:
    """The words of the harmless record, and the clauses that they call for."""
    plain = words(normalise(sample(), None, TODAY))
    return plain, [ids for ids, _text in clauses(merge(load(template), plain))]


def told(refusal: ParapheError, *given_values: str) -> None:
    """French, by field, and silent about what was given."""
    details = [refusal.detail, *(error.detail for error in refusal.errors)]
    for detail in details:
        assert detail.endswith(".")
        assert not any(len(value.strip()) > 4 and value.strip() in detail for value in given_values)
    assert all(error.path and error.code for error in refusal.errors)


def words(record: Record) -> dict[str, Any]:
    return context(record, CABINET, TODAY, "Yousign", "conv_0901", 1, Level.SIMPLE, "https://x.example/r")


def marked(value: Any, plain: Any, marks: dict[str, str]) -> Any:
    """The context with a mark for each text that is not that of the plain record."""
    if isinstance(value, Mapping):
        named = plain if isinstance(plain, Mapping) else {}
        return {name: marked(part, named.get(name), marks) for name, part in value.items()}
    if isinstance(value, list):
        items = [*(plain if isinstance(plain, list) else []), *[None] * len(value)]
        return [marked(part, known, marks) for part, known in zip(value, items, strict=False)]
    if not isinstance(value, str) or value == plain or not value:
        return value
    mark = MARK.format(len(marks))
    marks[mark] = value
    return mark


def unmarked(text: str, marks: Mapping[str, str]) -> str:
    for mark, value in reversed(list(marks.items())):
        text = text.replace(mark, value)
    return text


def clauses(docx: bytes) -> list[tuple[tuple[str, ...], str]]:
    return [(block.mentions, block.text) for block in blocks.read(docx)]


def merged_as_given(template: str, record: Record) -> tuple[bytes, bytes, dict[str, str]]:
    """The document, and the same with marks in place of what was given, after having compared the two."""
    values, marks = words(record), dict[str, str]()
    plain, ordinary = ordinarily(template)
    blank = marked(values, plain, marks)
    made, reference = merge(load(template), values), merge(load(template), blank)
    assert [(ids, unmarked(text, marks)) for ids, text in clauses(reference)] == clauses(made)
    assert [ids for ids, _text in clauses(made)] == ordinary
    return made, reference, marks


def taken(changes: Mapping[str, str]) -> Record:
    """The record with those of the changes that are not refused."""
    kept: dict[str, Any] = {}
    for column, value in changes.items():
        try:
            normalise(sample() | {column: value}, None, TODAY)
        except Invalid as refused:
            told(refused, value)
        else:
            kept[column] = value
    return normalise(sample() | kept, None, TODAY)


@given(st.sampled_from(COLUMNS), hostile, st.sampled_from(TEMPLATES))
@settings(max_examples=200, deadline=None)
def test_a_value_is_refused_by_name_or_merged_as_given_and_changes_nothing_else(
    column: str, value: str, template: str
) -> None:
    try:
        record = normalise(sample() | {column: value}, None, TODAY)
    except Invalid as refused:
        assert refused.errors
        told(refused, value)
        return
    try:
        merged_as_given(template, record)
    except Invalid as refused:
        assert refused.errors
        told(refused, value)


@pytest.mark.parametrize("column", COLUMNS)
def test_what_would_deceive_is_refused_in_every_column(column: str) -> None:
    for value in REFUSED:
        with pytest.raises(Invalid) as refused:
            normalise(sample() | {column: value}, None, TODAY)
        assert refused.value.code == "record_invalid"
        told(refused.value, value)


def printed(converter: LibreOffice, template: str, record: Record) -> None:
    """The PDF says what was given, letter for letter, and the rest is the same letters as without it.
    Raises Permanent when it is refused."""
    made, reference, marks = merged_as_given(template, record)
    number, *names = record.printed_names()
    wanted = {"dossier.numero": number, **{f"client {rank}": name for rank, name in enumerate(names, 1)}}
    pdf = converter.convert(made)
    found = require(pdf, wanted, [ANCHOR.format(key=signer.key) for signer in record.signers()])
    require_clauses(made, pdf, found)
    values = {mark: compact(value) for mark, value in marks.items()}
    blank = unmarked(shown(inspect(converter.convert(reference)), reference), values)
    assert Counter(shown(found, made)) == Counter(blank)


def shown(found: Inspection, docx: bytes) -> str:
    """The agreement, without what each page, and the rest of each table, repeats."""
    text = compact(RUNNING.sub("", found.text.replace("\r", "")))
    for head in read(docx).repeated:
        text = re.sub(re.escape(head), "", text, flags=re.IGNORECASE)
    return text


@pytest.mark.parametrize(
    ("template", "changes"),
    [
        (
            "forfait",
            {"Diligences": "\n".join(ODD), "Nom": "N\u0303un\u0303ez-D\u2019A\u0177", "Objet": ODD[0]},
        ),
        (
            "conseil",
            {"Exclusions": "\n".join(ODD), "Calendrier": ODD[1], "Adresse": ODD[5][:60], "Ville": ODD[7]},
        ),
    ],
)
def test_what_is_only_odd_is_printed_to_the_letter(
    converter: LibreOffice, template: str, changes: dict[str, str]
) -> None:
    printed(converter, template, normalise(sample() | changes, None, TODAY))


@given(st.fixed_dictionaries(dict.fromkeys(COLUMNS, printable)), st.sampled_from(TEMPLATES))
@settings(max_examples=12, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_whatever_is_taken_is_printed_to_the_letter_or_refused_cleanly(
    converter: LibreOffice, changes: dict[str, str], template: str
) -> None:
    try:
        printed(converter, template, taken(changes))
    except Permanent as refused:
        assert refused.code in {"character_without_font", "pdf_incomplete", "pdf_leftover"}
        told(refused, *changes.values())


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    made = Application(tmp_path_factory.mktemp("hostile"))
    yield made
    made.close()


@pytest.mark.parametrize("path", ["/v1/conventions", "/v1/previews"])
def test_the_door_takes_them_or_names_the_field(application: Application, path: str) -> None:
    """Lone surrogates are no JSON; anything else that is refused is refused by the name of its field."""
    for rank, value in enumerate((*ODD, *REFUSED, *EITHER)):
        column = COLUMNS[rank % len(COLUMNS)]
        body = {"source": {"kind": "inline", "fields": sample() | {column: value}}}
        answer = application.client.post(
            path, data=json.dumps(body), headers={**application.authorised, "Prefer": "wait=0"}
        )
        if answer.status_code != 202:
            assert 400 <= answer.status_code < 500
            problem = answer.get_json()
            assert problem["code"] in {"record_invalid", "body_not_json"}
            assert problem["code"] == "body_not_json" or problem["errors"][0]["path"]
            assert len(value) < 5 or value not in problem["detail"]
        else:
            assert value not in REFUSED
