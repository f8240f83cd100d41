"""The JSON shapes of the API's answers. What the guides do not name (inside ``actions`` above all) is
written in the words of the events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.universign.state import Document, Endpoint, Field, Participant, Transaction

_ACTION_STATES = {"notified": "opened", "confirming": "opened", "signed": "closed", "refused": "stalled"}


def moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def transaction(of: Transaction, link_base: str) -> dict[str, Any]:
    signed = sum(one.status == "signed" for one in of.signers)
    told = {
        "object": "transaction",
        "id": of.id,
        "folder_id": "fol_bacasable",
        "created_at": moment(of.created_at),
        "duration": of.duration,
        "name": of.name,
        "stalled": of.stalled,
        "language": of.language,
        "creator": {"workspace_name": "BAC À SABLE, SANS VALEUR", "api_key_name": "bac à sable"},
        "state": of.state,
        "participants": [participant(one) for one in of.participants],
        "watchers": [],
        "sealers": [],
        "documents": [document(one) for one in of.documents],
        "instructions": {
            "signatures": [{"field": one.id, "signers": one.signers} for _, one in of.fields()],
            "reviews": [],
            "captures": [],
            "sequencing": [{"before": [first], "after": [then]} for first, then in of.before],
            "editions": [],
        },
        "actions": [action(one, link_base) for one in of.signers] if of.started_at else [],
        "metadata": {},
        "progress_value": round(100 * signed / max(1, len(of.signers))),
    }
    times = {"started_at": of.started_at, "completed_at": of.completed_at}
    if of.started_at:
        times["expires_at"] = of.expires_at
    return told | {name: moment(at) for name, at in times.items() if at}


def participant(of: Participant) -> dict[str, Any]:
    return {
        "email": of.email,
        "full_name": of.full_name,
        "phone_number": of.phone_number,
        "min_signature_level": of.level,
        "schedule": of.schedule or [],
    }


def action(of: Participant, link_base: str) -> dict[str, Any]:
    told = {
        "id": of.action_id,
        "type": "signature",
        "participant_email": of.email,
        "state": _ACTION_STATES.get(of.status, "waiting"),
        "url": f"{link_base}/{of.token}",
    }
    if of.refusal:
        told["stalled_reason"] = of.refusal
    if of.signed_at:
        told["closed_at"] = moment(of.signed_at) or ""
    return told


def document(of: Document) -> dict[str, Any]:
    return {"object": "document", "id": of.id, "name": of.name, "fields": [field(one) for one in of.fields]}


def field(of: Field) -> dict[str, Any]:
    told = {"id": of.id, "type": of.type, "built_in": False, "consents": []}
    place = {"page": of.page, "x": of.x, "y": of.y} if of.page is not None else {}
    return told | place | {"name": of.name, "updatable": True, "deletable": True}


def endpoint(of: Endpoint) -> dict[str, Any]:
    return {
        "object": "webhook_endpoint",
        "id": of.id,
        "name": of.name,
        "url": of.url,
        "event_types": of.events,
    }
