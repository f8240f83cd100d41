"""The records of ``samples/``, each printed by its template: nothing that the law wants is missing, and the
pages look right."""

from __future__ import annotations

import io
import re
import tomllib
import zipfile
from typing import Any

import pytest

from connectors.converters.libreoffice import LibreOffice
from documents import blocks
from documents.merge import merge
from documents.template import DIRECTORY, available, load
from domain import mentions
from domain.mentions import Clause
from domain.record import is_consumer
from domain.record_parties import PersonneMorale
from domain.record_types import ModeConclusion
from domain.signature import Level
from domain.wording import context
from tests.documents.agreement_kit import BAD_REFERENCE, BAD_SPACING, Agreements
from tests.documents.agreements import CABINET
from tests.documents.layout import faults
from tests.unit.samples import NAMES, TODAY, record

SHIPPED = available()
WITHDRAWAL_PAGE = "https://conventions.lefevre-associes.example/r/conv_0451"


def template_of(name: str) -> str:
    """A sample is named after its template; those that are not are for a flat fee."""
    return next((one for one in SHIPPED if name.startswith(f"{one}-")), "forfait")


def words(name: str) -> dict[str, Any]:
    return context(record(name), CABINET, TODAY, "Yousign", "conv_0451", 1, Level.SIMPLE, WITHDRAWAL_PAGE)


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_lacks_nothing_and_looks_right(converter: LibreOffice, name: str) -> None:
    merged = merge(load(template_of(name)), words(name))
    clauses = [Clause(block.mentions, block.text) for block in blocks.read(merged)]
    assert mentions.check(record(name), words(name), clauses, TODAY).blocking == ()
    assert faults(converter.convert(merged)) == []


@pytest.mark.parametrize("template", SHIPPED)
def test_each_template_has_a_consumer_at_a_distance_a_company_and_a_harder_case(template: str) -> None:
    mine = [record(name) for name in NAMES if template_of(name) == template]
    afar = (ModeConclusion.DISTANCE, ModeConclusion.MIXTE)
    assert any(is_consumer(one.client) and one.conclusion.mode in afar for one in mine)
    assert any(isinstance(one.client, PersonneMorale) for one in mine)
    assert any(len(one.clients) > 1 or one.aj.part_etat for one in mine)


@pytest.mark.parametrize("template", SHIPPED)
def test_french_spacing_holds_in_every_line_of_a_template(template: str) -> None:
    for text in Agreements(template, {}).paragraphs():
        assert not BAD_SPACING.search(text), text
        assert not BAD_REFERENCE.search(text), text


@pytest.mark.parametrize("template", SHIPPED)
def test_the_cover_notes_ask_for_a_lawyer_and_know_the_template(template: str) -> None:
    sheet = tomllib.loads((DIRECTORY / f"{template}.toml").read_text(encoding="utf-8"))
    assert re.search("un avocat doit .*valider", sheet["avertissement"])
    note = (DIRECTORY / "LISEZMOI.md").read_text(encoding="utf-8")
    assert "Un avocat doit relire et valider chaque modèle" in note
    assert f"`{template}`" in note


def loosened(docx: bytes) -> bytes:
    """The same agreement, its paragraphs no longer kept together, its hard spaces made plain, its pages no
    longer counted in the same words."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as whole, zipfile.ZipFile(made, "w") as loose:
        for part in whole.namelist():
            text = whole.read(part).decode().replace("<w:keepNext/>", "").replace(" sur ", "/")
            loose.writestr(part, text.replace("\u00a0", " ").replace("\u202f", " "))
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        (
            "resultat-epoux-moreau",
            ["ends on a title", "cut at the wrong space", "alone at the top of a page", "not counted"],
        ),
        ("epoux-payet", ["alone at the end of a page", "signatures on 2 pages", "without what comes before"]),
    ],
)
def test_the_look_at_the_pages_sees_what_is_wrong(
    converter: LibreOffice, name: str, wrong: list[str]
) -> None:
    seen = faults(converter.convert(loosened(merge(load(template_of(name)), words(name)))))
    assert [one for one in wrong if not any(one in fault for fault in seen)] == []
