"""How a convention is shown to its callers: the event's data, plus names, links and documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain import mentions
from domain.steps import StepState
from handlers.hub import hub
from store import documents, steps
from store.database import Session
from store.models import Convention
from store.views import convention_data

#: document kind -> its address under the convention
ADDRESSES = {
    "rendered": "document",
    "signed": "signed",
    "proof_pdf": "proof",
    "proof_json": "proof?format=json",
}


def convention_view(session: Session, row: Convention, *, replayed: bool = False) -> dict[str, Any]:
    data = convention_data(row)
    base = f"{hub().settings.core.public_url}/v1/conventions/{row.id}"
    for shown, signer in zip(data["signers"], row.signers, strict=True):
        shown["name"] = signer.name
        if signer.link and signer.signed_at is None:
            shown["link"] = signer.link
    for shown, copy in zip(data["archives"], row.copies, strict=True):
        shown["path"] = copy.path
        if copy.link:
            shown["link"] = copy.link
    data["documents"] = [
        {
            "kind": d.kind,
            "media_type": d.media_type,
            "size": d.size,
            "sha256": d.sha256,
            "url": f"{base}/{ADDRESSES[d.kind]}",
        }
        for d in documents.listing(session, row.id)
    ]
    if row.mentions:
        data["mentions"] |= _told(mentions.read(row.mentions))
    if row.advice:
        data["advice"] = row.advice
    if row.warnings is not None:
        data["warnings"] = row.warnings
    data["links"] = {"self": base, "follow": hub().follow_url(row.id), "journal": f"{base}/journal"}
    waiting = [
        {"step": s.kind, "attempts": s.attempts, "next_try": s.run_after.isoformat(), **(s.error or {})}
        for s in steps.of_convention(session, row.id)
        if s.state == StepState.WAITING.value and s.error
    ]
    if waiting:
        data["retrying"] = waiting
    if replayed:
        data["replayed"] = True
    return data


def report_view(report: Mapping[str, Any]) -> dict[str, Any]:
    """Every line of a report as it is kept (``Report.as_data``)."""
    lines = [{name: value for name, value in line.items() if value is not None} for line in report["lines"]]
    return {"checked_on": report["checked_on"], "method": report["method"], "items": lines}


def _told(report: mentions.Report) -> dict[str, Any]:
    """What is wrong, in words; events only carry the ids."""
    return {
        "blocking": [_line(line) for line in report.blocking],
        "warnings": [_line(line) for line in report.warnings],
    }


def _line(line: mentions.Line) -> dict[str, str]:
    told = {"id": line.id, "label": line.label, "article": line.article, "status": line.status.value}
    return {**told, "fix": line.fix} if line.fix else told
