"""Put the rendered agreement before its signers, if it says what the law wants. A try whose answer was
lost is looked up first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from documents.pdf import inspect, places
from domain.capabilities import Capabilities
from domain.errors import Permanent, Refused
from domain.lifecycle import Move, State
from domain.mentions import Report, read
from domain.naming import PARIS
from domain.record import Record
from domain.signature import Authentication, Level, Place, Sent, Signer, SigningOrder
from domain.steps import StepKind
from store import conventions, documents, inbox, journal, steps
from store.models import Convention
from store.steps import Claimed
from workers import choices
from workers.runtime import Runtime
from workers.steps import render


def run(runtime: Runtime, claimed: Claimed) -> None:
    with runtime.database.reading() as session:
        row = conventions.find(session, claimed.convention_id)
        cancelling = steps.of_convention(session, row.id, StepKind.CANCEL)
    if row.state != State.RENDERED.value or cancelling:
        with runtime.finishing(claimed):
            return
    report = read(row.mentions) if row.mentions else None
    record = Record.model_validate(row.record)
    level = choices.level(row, record, runtime.settings)
    refused = report and (report.blocking or level.faults())
    if report is None or (refused and claimed.attempt > 1):
        _make_afresh(runtime, row, claimed)
        return
    _require(report)
    level.require()
    with runtime.database.reading() as session:
        pdf = documents.get(session, row.id, "rendered")
    if pdf is None:
        raise Permanent("document_missing", "Le document rendu est introuvable ; relancez la convention.")
    order = _order(runtime, row, record, pdf.content)
    sent = runtime.provider(row.provider).send(order, again=claimed.attempt > 1)
    with runtime.finishing(claimed) as tx:
        row = conventions.lock(tx, claimed.convention_id)
        row.provider_ref = sent.provider_ref
        _introduce(row, sent)
        now = runtime.now()
        row.asked_at = now
        conventions.move(tx, now, row, Move.SENT, "hub", provider=row.provider, document=pdf.sha256)
        steps.tell_record(tx, now, row.id, "sent")
        inbox.adopt(tx, row)
        steps.ask_provider(tx, now, row.id)  # who was invited, and what callbacks said before this moment


def _make_afresh(runtime: Runtime, row: Convention, claimed: Claimed) -> None:
    """Asked again after a refusal: the template or the settings may have been mended since. The agreement is
    made again, and another sending looks at it."""
    made = render.produce(runtime, row)
    with runtime.finishing(claimed) as tx:
        row = conventions.lock(tx, claimed.convention_id)
        if row.state != State.RENDERED.value:
            return
        kept = render.keep(runtime, tx, row, made)
        now = row.updated_at = runtime.now()
        journal.append(tx, row.id, now, "hub", "rendered", **render.entry(row, kept, made))
        steps.add(tx, now, StepKind.SEND, row.id, key=f"send:{row.id}:{claimed.id}")


def _require(report: Report) -> None:
    """Nothing leaves that lacks a mandatory mention, or holds a forbidden clause."""
    if report.blocking:
        raise Refused(
            "mentions_missing",
            "La convention n'a pas toutes les mentions obligatoires, ou contient une clause interdite : elle "
            "n'a pas été envoyée. Complétez le modèle ou la fiche (chaque mention est dans « errors »), puis "
            "relancez.",
            report.errors(),
        )


def _order(runtime: Runtime, row: Convention, record: Record, pdf: bytes) -> SigningOrder:
    """At the level that the agreement prints, even if the settings have changed since."""
    core = runtime.settings.core
    dossier = row.dossier or row.id
    provider = runtime.provider(row.provider)
    level = Level(row.advice["chosen"]) if row.advice else choices.level(row, record, runtime.settings).chosen
    signers = record.signers(Authentication(core.authentication))
    marks = {s.key: provider.anchor.format(key=s.key, rank=rank) for rank, s in enumerate(signers, 1)}
    pages, where = inspect(pdf).pages, places(pdf, marks)
    return SigningOrder(
        reference=row.id,
        title=f"Convention {dossier}",
        file_name=f"Convention-{re.sub(r'[^A-Za-z0-9-]+', '-', dossier)}.pdf",
        pdf=pdf,
        pages=pages,
        signers=tuple(_placed(signer, where, provider.capabilities, level) for signer in signers),
        level=level,
        order=choices.order(row, record, runtime.settings),
        expires_on=runtime.now().astimezone(PARIS).date() + timedelta(days=core.signature_days),
    )


def _placed(signer: Signer, where: Mapping[str, Place], able: Capabilities, level: Level) -> Signer:
    check = able.check_for(level, signer.authentication)
    return replace(signer, place=where[signer.key], authentication=check)


def _introduce(row: Convention, sent: Sent) -> None:
    by_key = {signer.key: signer for signer in sent.signers}
    for signer in row.signers:
        if found := by_key.get(signer.key):
            signer.provider_ref, signer.link = found.provider_ref, found.link
