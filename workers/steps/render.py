"""Merge the record into the template, convert, check what came out, and what the law wants in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from connectors.converters import Merger
from documents import blocks
from documents.conversion import require_clauses
from documents.merge import merge
from documents.pdf import inspect, require
from domain.errors import FieldError
from domain.level_choice import Choice
from domain.lifecycle import Move, State
from domain.mentions import Clause, Report, check, check_text
from domain.naming import PARIS
from domain.record import Record
from domain.record_warnings import warnings
from domain.steps import StepKind
from domain.wording import context
from store import conventions, documents, steps
from store.database import Session
from store.models import Convention, Document
from store.steps import Claimed
from workers import choices
from workers.runtime import Runtime


@dataclass(frozen=True)
class Rendered:
    """The agreement, and all that a lawyer is told of it."""

    pdf: bytes
    report: Report
    choice: Choice
    warnings: tuple[FieldError, ...]


def run(runtime: Runtime, claimed: Claimed) -> None:
    with runtime.database.reading() as session:
        row = conventions.find(session, claimed.convention_id)
    made = produce(runtime, row)
    with runtime.finishing(claimed) as tx:
        row = conventions.lock(tx, claimed.convention_id)
        if row.state != State.RECEIVED.value:
            return
        kept = keep(runtime, tx, row, made)
        now = runtime.now()
        conventions.move(tx, now, row, Move.RENDERED, "hub", **entry(row, kept, made))
        proceed(tx, now, row)


def proceed(tx: Session, now: datetime, row: Convention) -> None:
    """To its signers, when they are asked for; or the record says that it is drawn up."""
    if row.until == "sent":
        steps.add(tx, now, StepKind.SEND, row.id, key=f"send:{row.id}")
    else:
        steps.tell_record(tx, now, row.id, "rendered")


def produce(runtime: Runtime, row: Convention) -> Rendered:
    """The agreement as it is today, and what the law finds missing in it: missing mentions stop the sending,
    not the reading."""
    record = Record.model_validate(row.record)
    today = runtime.now().astimezone(PARIS).date()
    provider = runtime.provider(row.provider)
    cabinet, choice = runtime.cabinet(), choices.level(row, record, runtime.settings)
    values = context(
        record,
        cabinet,
        today=today,
        provider_label=provider.label,
        reference=row.id,
        version=row.version,
        level=choice.chosen,
        withdrawal_url=cabinet.retractation_url,
        anchor=provider.anchor,
    )
    converter = runtime.converter()
    docx = None
    if isinstance(converter, Merger):
        pdf = converter.render(row.template, values)
        report = check_text(record, values, inspect(pdf).text, today)
    else:
        docx = merge(runtime.templates.load(row.template), values)
        clauses = [Clause(block.mentions, block.text) for block in blocks.read(docx)]
        report = check(record, values, clauses, today)
        pdf = converter.convert(docx)
    number, *clients = record.printed_names()
    named = {"dossier.numero": number, **{f"client {rank}": name for rank, name in enumerate(clients, 1)}}
    found = require(pdf, named, [signer["ancre"] for signer in values["signataires"]])
    if docx:
        require_clauses(docx, pdf, found)
    return Rendered(pdf, report, choice, warnings(record, today, runtime.settings.thresholds))


def keep(runtime: Runtime, tx: Session, row: Convention, made: Rendered) -> Document:
    """The document, its report, its level and its warnings, in place of what stood there. The caller holds
    the row."""
    row.mentions = made.report.as_data()
    row.advice = made.choice.as_data()
    row.warnings = [asdict(one) for one in made.warnings]
    return documents.put(tx, row.id, runtime.now(), "rendered", "application/pdf", made.pdf)


def entry(row: Convention, kept: Document, made: Rendered) -> dict[str, Any]:
    """What the journal says of it: codes, and that a reason was given, never the reason."""
    choice = made.choice
    return {
        "sha256": kept.sha256,
        "template": row.template,
        "level": choice.chosen.value,
        "level_advised": choice.advice.level.value,
        "level_rule": choice.advice.rule,
        "level_reason_given": choice.lowered and bool(choice.reason),
        "warnings": sorted({one.code for one in made.warnings}),
    }
