"""An agreement to look at before it is asked for: read, merged and converted as the real one would be. Its
answer goes back through the database for some minutes; nothing else is written."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from documents.pdf import inspect
from domain.naming import archive_path
from domain.record import Record
from domain.wording_summary import amounts
from store import previews
from store.models import Convention
from store.steps import Claimed
from workers import choices
from workers.runtime import Runtime
from workers.steps import render

#: printed where the agreement prints its reference
REFERENCE = "APERÇU"


def run(runtime: Runtime, claimed: Claimed) -> None:
    preview_id = claimed.argument or ""
    with runtime.database.reading() as session:
        asked = previews.request(session, runtime.now(), preview_id)
    if asked is None:
        with runtime.finishing(claimed):
            return
    source = runtime.source(asked["source_kind"])
    read = source.read(source.Ref.model_validate(asked["source"]))
    record = runtime.normalise(read.fields)
    row = draft(asked, record)
    made = render.produce(runtime, row)
    answer = {"version": read.version, **told(runtime, row, record, made)}
    with runtime.finishing(claimed) as tx:
        previews.fill(tx, preview_id, answer, made.pdf)


def draft(asked: dict[str, Any], record: Record) -> Convention:
    """A convention that no session ever sees: the rendering takes it for a real one."""
    return Convention(
        id=REFERENCE,
        version=1,
        template=asked["template"],
        provider=asked["provider"],
        level=asked["level"],
        level_reason=asked["level_reason"],
        signing_order=asked.get("signing_order"),
        record=record.model_dump(mode="json"),
    )


def told(runtime: Runtime, row: Convention, record: Record, made: render.Rendered) -> dict[str, Any]:
    """What a lawyer would want to know before sending it; the archive path is that of a signature today. A
    level that wants a reason is a warning here: the sending alone would be refused."""
    folders, name = archive_path(
        runtime.settings.core.archive_pattern, record.filing_name(), runtime.now(), record.dossier.numero
    )
    return {
        "template": row.template,
        "provider": row.provider,
        "dossier": record.dossier.numero,
        "amounts": list(amounts(record)),
        "order": choices.order(row, record, runtime.settings).value,
        "signers": [
            _present(key=s.key, role=s.role, name=s.full_name, email=s.email, phone=s.phone)
            for s in record.signers()
        ],
        "advice": made.choice.as_data(),
        "warnings": [asdict(one) for one in (*made.choice.faults(), *made.warnings)],
        "archive_path": "/" + "/".join((*folders, name)),
        "mentions": made.report.as_data(),
        "pages": inspect(made.pdf).pages,
    }


def _present(**told: str | None) -> dict[str, str]:
    return {name: value for name, value in told.items() if value is not None}
