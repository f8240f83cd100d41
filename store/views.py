"""How a convention looks from outside: one shape for answers and events. Absent rather than null."""

from __future__ import annotations

from typing import Any

from domain import mentions
from domain.copies import CopyState
from store.models import Convention

_GONE = (CopyState.MISSING.value, CopyState.LOST.value)


def convention_data(row: Convention) -> dict[str, Any]:
    """What every event carries: no name, address or link of a person."""
    data: dict[str, Any] = {
        "id": row.id,
        "state": row.state,
        "dossier": row.dossier,
        "version": row.version,
        "previous": row.previous_id,
        "superseded_by": row.superseded_by or row.duplicate_of,
        "template": row.template,
        "provider": row.provider,
        "external_id": row.external_id,
        "metadata": row.caller_data,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "sent_at": row.sent_at,
        "opened_at": row.opened_at,
        "signed_at": row.signed_at,
        "archived_at": row.archived_at,
        "ended_at": row.ended_at,
        "mentions": _mentions(row),
        "problem": row.problem,
        "signers": [
            _present({"key": s.key, "role": s.role, "status": s.status, "signed_at": s.signed_at})
            for s in row.signers
        ],
        "archives": [
            {
                "archive": c.archive,
                "kind": c.kind,
                "sha256": c.sha256,
                "verified_at": c.verified_at.isoformat(),
                **({"state": c.state} if c.state in _GONE else {}),
            }
            for c in row.copies
        ],
    }
    return _present(data)


def _mentions(row: Convention) -> dict[str, Any] | None:
    """The ids of what stops the sending and of what only warns, and how many mentions were looked for."""
    if row.mentions is None:
        return None
    report = mentions.read(row.mentions)
    return {
        "blocking": [line.id for line in report.blocking],
        "warnings": [line.id for line in report.warnings],
        "checked": report.checked,
    }


def _present(data: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat(timespec="milliseconds") if hasattr(value, "isoformat") else value
        for name, value in data.items()
        if value is not None
    }
