"""Merge the record into the template, convert, check what came out, and what the law wants in it."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.converters import Merger
from documents import blocks
from documents.conversion import require_clauses
from documents.merge import merge
from documents.pdf import inspect, require
from domain.lifecycle import Move, State
from domain.mentions import Clause, Report, check, check_text
from domain.naming import PARIS
from domain.record import Record
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
    pdf: bytes
    report: Report


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
        conventions.move(tx, now, row, Move.RENDERED, "hub", sha256=kept.sha256, template=row.template)
        if row.until == "sent":
            steps.add(tx, now, StepKind.SEND, row.id, key=f"send:{row.id}")


def produce(runtime: Runtime, row: Convention) -> Rendered:
    """The agreement as it is today, and what the law finds missing in it: missing mentions stop the sending,
    not the reading."""
    record = Record.model_validate(row.record)
    today = runtime.now().astimezone(PARIS).date()
    values = context(
        record,
        runtime.cabinet(),
        today=today,
        provider_label=runtime.provider(row.provider).label,
        reference=row.id,
        version=row.version,
        level=choices.level(row, record, runtime.settings),
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
    found = require(
        pdf, {"dossier.numero": number, **{f"client {rank}": name for rank, name in enumerate(clients, 1)}}
    )
    if docx:
        require_clauses(docx, pdf, found)
    return Rendered(pdf, report)


def keep(runtime: Runtime, tx: Session, row: Convention, made: Rendered) -> Document:
    """The document and its report, in place of what stood there. The caller holds the row."""
    row.mentions = made.report.as_data()
    return documents.put(tx, row.id, runtime.now(), "rendered", "application/pdf", made.pdf)
