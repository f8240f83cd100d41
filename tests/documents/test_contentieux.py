from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from connectors.converters.libreoffice import LibreOffice
from documents import blocks
from documents.merge import merge
from documents.pdf import inspect
from documents.template import DIRECTORY, Template, check, load
from domain import mentions
from domain.mentions import Clause
from domain.record import Record
from domain.signature import Level
from domain.wording import context
from tests.documents.agreements import CABINET, TODAY
from tests.documents.archivable import faults
from tests.documents.litigation import NEIGHBOURS, PRINTED, ROOF, SUPPLIER, VARIANTS

WITHDRAWAL_PAGE = "https://conventions.lefevre-associes.example/r/conv_0211"
#: not missed by itself: without it, other clauses become forbidden
FORBIDS_WHEN_ABSENT = {"aj_sans_resultat"}
DOCX = (DIRECTORY / "contentieux.docx").read_bytes()


@cache
def template() -> Template:
    return load("contentieux")


def words(record: dict[str, Any]) -> dict[str, Any]:
    made = Record.model_validate(record)
    return context(made, CABINET, TODAY, "Yousign", "conv_0211", 1, Level.SIMPLE, WITHDRAWAL_PAGE)


@cache
def clauses(name: str) -> tuple[Clause, ...]:
    found = blocks.read(merge(template(), words(VARIANTS[name])))
    return tuple(Clause(block.mentions, block.text) for block in found)


def report(name: str, kept: tuple[Clause, ...] | None = None) -> mentions.Report:
    record = Record.model_validate(VARIANTS[name])
    said = clauses(name) if kept is None else kept
    return mentions.check(record, words(VARIANTS[name]), said, TODAY)


def said_under(name: str, mention: str) -> str:
    return " ".join(blocks.normalise(one.text) for one in clauses(name) if mention in one.mentions)


def test_the_template_may_be_used() -> None:
    assert check(DOCX) == ()


@pytest.mark.parametrize("name", [name for name in VARIANTS if name != "no court yet"])
def test_nothing_that_the_law_wants_is_missing(name: str) -> None:
    made = report(name)
    assert [(line.id, line.status) for line in (*made.blocking, *made.warnings)] == []


def test_without_a_court_there_is_no_sending_a_lawsuit() -> None:
    record = {**ROOF, "contentieux": None}
    found = blocks.read(merge(template(), words(record)))
    said = [Clause(block.mentions, block.text) for block in found]
    made = mentions.check(Record.model_validate(record), words(record), said, TODAY)
    assert [line.id for line in made.blocking] == ["juridiction_instance"]


@pytest.mark.parametrize("name", PRINTED)
def test_a_clause_taken_away_is_missed_under_its_own_name(name: str) -> None:
    applied = {line.id for line in report(name).lines if line.applies and line.present} - FORBIDS_WHEN_ABSENT
    for mention in sorted(applied):
        kept = tuple(one for one in clauses(name) if mention not in one.mentions)
        again = report(name, kept)
        assert mention in {line.id for line in (*again.blocking, *again.warnings)}


def test_under_legal_aid_a_fee_for_the_result_is_forbidden_unless_kept_for_its_withdrawal() -> None:
    kept = tuple(one for one in clauses("aid and a result") if "aj_sans_resultat" not in one.mentions)
    assert [(line.id, line.status) for line in report("aid and a result", kept).blocking] == [
        ("aj_sans_resultat", mentions.Status.FORBIDDEN)
    ]


def test_every_clause_announced_is_printed_by_some_record() -> None:
    manifest = template().manifest
    assert manifest is not None
    announced = {block.id for block in manifest.blocks}
    printed = {mention for name in VARIANTS for one in clauses(name) for mention in one.mentions}
    assert announced == printed


@pytest.mark.parametrize(
    ("name", "mention", "phrase"),
    [
        ("roof", "estimation_budget", "3 888,00 € à 7 800,00 € TTC pour 18 à 26 heures de travail"),
        ("roof", "taux_horaire_intervenants", "Avocat collaborateur 216,00 € 180,00 €"),
        ("roof", "seuil_alerte", "approchent de 6 000,00 € TTC, soit 5 000,00 € HT"),
        ("roof", "retract_frais_prorata", "doit les honoraires du temps déjà passé, au taux horaire convenu"),
        ("roof", "retract_fonction_ligne", WITHDRAWAL_PAGE),
        ("roof", "dessaisissement", "le temps déjà passé, aux taux horaires convenus."),
        ("roof", "aj_information", "déclare ne pas y avoir droit ou ne pas vouloir la demander"),
        ("roof", "protection_juridique", "auprès de Garantie Mutuelle, contrat PJ-204518."),
        ("supplier", "resultat_taux", "de 50 000,00 € à 150 000,00 € 8,4 % TTC, soit 7 % HT"),
        ("supplier", "resultat_honoraire_base", "l'article « Prix » : 11 520,00 € TTC."),
        ("supplier", "dessaisissement", "selon le tableau de l'article « Prix »"),
        ("supplier", "juridiction_instance", "Numéro de rôle 2026F00412"),
        (
            "by the hour and result",
            "resultat_honoraire_base",
            "300,00 € l'heure (Avocat associé) et 216,00 €",
        ),
        ("neighbours", "aj_complement", "Complément dû par le Client 1 380,00 € TTC"),
        ("neighbours", "aj_decision", "n° C-94028-2026-04512 du 12 octobre 2026"),
        ("neighbours", "droits_timbres", "aucun droit fixé par la loi n'est prévu"),
        ("aid and a result", "aj_sans_resultat", "ne s'applique que si l'aide est retirée"),
        (
            "aid by the hour",
            "honoraires_mode",
            "l'honoraire complémentaire qui s'ajoute à la part contributive",
        ),
        ("aid asked for", "aj_information", "la décision est attendue"),
        ("aid withdrawn", "aj_information", "(décision n° C-94028-2025-00017) a été retirée"),
        ("no tax", "prix_ht_tva_ttc", "article 293 B du code général des impôts"),
    ],
)
def test_a_clause_says_what_the_record_calls_for(name: str, mention: str, phrase: str) -> None:
    assert phrase in said_under(name, mention)


@pytest.mark.parametrize("name", VARIANTS)
def test_no_client_reads_the_charge_reserved_to_professionals_or_an_imposed_court(name: str) -> None:
    text = " ".join(blocks.normalise(one.text) for one in clauses(name))
    assert not re.search(r"(?<![\d,])(?<!\d )40(,00)? €", text)
    assert "compétence exclusive" not in text
    assert "ec.europa.eu" not in text


def test_only_a_fee_for_the_result_brings_its_clauses() -> None:
    for name in VARIANTS:
        has = any(mention.startswith("resultat_") for one in clauses(name) for mention in one.mentions)
        assert has is ("resultat" in VARIANTS[name]["honoraires"])


@pytest.fixture(scope="module")
def printed(converter: LibreOffice) -> dict[str, bytes]:
    return {name: converter.convert(merge(template(), words(record))) for name, record in PRINTED.items()}


@pytest.mark.parametrize("name", PRINTED)
def test_an_agreement_is_archivable(printed: dict[str, bytes], name: str) -> None:
    assert faults(printed[name]) == []


@pytest.mark.parametrize(("name", "most"), [("roof", 9), ("supplier", 7), ("neighbours", 9)])
def test_an_agreement_stays_short(printed: dict[str, bytes], name: str, most: int) -> None:
    assert inspect(printed[name]).pages <= most


@pytest.mark.parametrize("name", PRINTED)
def test_the_page_shows_every_clause_whole(printed: dict[str, bytes], name: str) -> None:
    found = inspect(printed[name])
    assert [phrase for phrase in _phrases(name) if not found.holds(phrase)] == []


@pytest.mark.parametrize(
    ("record", "annexes"), [(ROOF, True), (SUPPLIER, False), (NEIGHBOURS, True)], ids=list(PRINTED)
)
def test_each_annex_opens_a_page_and_only_when_there_is_a_right_to_withdraw(
    printed: dict[str, bytes], record: dict[str, Any], annexes: bool
) -> None:
    name = next(name for name, one in PRINTED.items() if one is record)
    opening = [_first_line(text) for text in inspect(printed[name]).texts]
    assert (opening[-2:] == ["ANNEXER1", "ANNEXER2"]) is annexes


def _first_line(text: str) -> str:
    """Of a page, what stands under the running head."""
    lines = [re.sub(r"\s", "", line).upper() for line in text.splitlines()]
    return next(line for line in lines if line and "CONVENTIOND" not in line and "LEF" not in line)


def _phrases(name: str) -> list[str]:
    """What may not be cut by a page: each cell, line and sentence of the clauses."""
    text = "\n".join(one.text for one in clauses(name) if "signature_blocs" not in one.mentions)
    return [part for part in re.split(r"\n|(?<=[.]) (?=[A-ZÀÉ])", text) if part.strip()]
