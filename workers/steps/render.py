"""Merge the record into the template, convert, and check what came out."""

from __future__ import annotations

from documents.merge import merge
from documents.pdf import require
from documents.template import load
from domain.lifecycle import Move, State
from domain.naming import PARIS
from domain.record import Record
from domain.steps import StepKind
from domain.wording import context
from store import conventions, documents, steps
from store.steps import Claimed
from workers import choices
from workers.runtime import Runtime


def run(runtime: Runtime, claimed: Claimed) -> None:
    with runtime.database.reading() as session:
        row = conventions.find(session, claimed.convention_id)
    record = Record.model_validate(row.record)
    values = context(
        record,
        runtime.cabinet(),
        today=runtime.now().astimezone(PARIS).date(),
        provider_label=runtime.provider(row.provider).label,
        reference=row.id,
        version=row.version,
        level=choices.level(row, record, runtime.settings),
    )
    docx = merge(load(row.template), values)
    pdf = runtime.converter().convert(docx)
    number, *clients = record.printed_names()
    require(
        pdf, {"dossier.numero": number, **{f"client {rank}": name for rank, name in enumerate(clients, 1)}}
    )
    with runtime.finishing(claimed) as tx:
        row = conventions.lock(tx, claimed.convention_id)
        if row.state != State.RECEIVED.value:
            return
        now = runtime.now()
        kept = documents.put(tx, row.id, now, "rendered", "application/pdf", pdf)
        conventions.move(tx, now, row, Move.RENDERED, "hub", sha256=kept.sha256, template=row.template)
        if row.until == "sent":
            steps.add(tx, now, StepKind.SEND, row.id, key=f"send:{row.id}")
