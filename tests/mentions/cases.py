"""Real templates with records that, together, call for every mention that can stop a sending."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from documents import blocks
from documents.merge import merge
from documents.template import Template, load
from domain import mentions
from domain.mentions import Clause, Report
from domain.record import Record
from domain.signature import Level
from domain.wording import context
from tests.documents.agreements import ALL, CABINET, CONSUMER, GUARANTOR, TODAY
from tests.documents.litigation import VARIANTS as LAWSUITS

WITHDRAWAL_PAGE = "https://conventions.lefevre-associes.example/r/conv_0211"
AT_THE_OFFICE = {**CONSUMER, "conclusion": {"mode": "cabinet"}}
ADVICE = {
    **CONSUMER,
    "matter": {"family": "conseil"},
    "mission": {**CONSUMER["mission"], "livrables": [{"libelle": "Note sur la succession"}]},
}
SUCCESS = {
    **CONSUMER,
    "honoraires": {
        **CONSUMER["honoraires"],
        "type": "forfait_resultat",
        "resultat": {"taux": "8", "assiette": "economie"},
    },
}

#: (template, name) -> record
CASES: Mapping[tuple[str, str], dict[str, Any]] = {
    **{("forfait", name): record for name, record in ALL.items()},
    ("forfait", "at the office"): AT_THE_OFFICE,
    ("forfait", "guarantor"): {**AT_THE_OFFICE, "garants": [GUARANTOR]},
    **{("contentieux", name): record for name, record in LAWSUITS.items() if name != "no court yet"},
    ("conseil", "advice"): ADVICE,
    ("resultat", "success"): SUCCESS,
}


@cache
def template(name: str) -> Template:
    return load(name)


@cache
def record(case: tuple[str, str]) -> Record:
    return Record.model_validate(CASES[case])


@cache
def words(case: tuple[str, str], page: str = WITHDRAWAL_PAGE) -> Mapping[str, Any]:
    return context(record(case), CABINET, TODAY, "Yousign", "conv_0211", 1, Level.SIMPLE, page)


def report(case: tuple[str, str], of: Template | None = None, page: str = WITHDRAWAL_PAGE) -> Report:
    """The report on this case, printed by its own template or by another writing of it; ``page`` is where a
    consumer withdraws, empty when the firm has none."""
    printed = words(case, page)
    merged = merge(of or template(case[0]), printed)
    clauses = [Clause(block.mentions, block.text) for block in blocks.read(merged)]
    return mentions.check(record(case), printed, clauses, TODAY)
