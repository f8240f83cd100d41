"""``amend``: a corrected version takes the place of a convention that is not signed yet.

What is asked is checked as if it were asked anew. Asked twice, it makes one version.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response

from domain.errors import FieldError, Invalid, Refused
from domain.lifecycle import BEFORE_SIGNATURE, LABELS, State
from domain.normalise.correction import corrected
from handlers.auth import asker, needs
from handlers.bodies import AmendConvention, CreateConvention, SignatureWish, SourceRef, read
from handlers.conventions import answer, requested
from handlers.hub import hub
from store import conventions, versions
from store.database import Session
from store.models import Convention

blueprint = Blueprint("amendments", __name__, url_prefix="/v1/conventions/<convention_id>")


@blueprint.post("/amend")
@needs("conventions:write")
def amend(convention_id: str) -> Response:
    """Cancel and replace it: a new version, linked to this one, sent once this one is known to be ended."""
    body = read(AmendConvention)
    with hub().database.reading() as session:
        old = conventions.find(session, convention_id)
    asked = requested(as_new(old, body))
    with hub().database.transaction() as tx:
        new_id, is_new = replaced(tx, hub().now(), conventions.lock(tx, old.id), asked)
    return answer(new_id, asked.until, is_new)


def replaced(tx: Session, now: datetime, old: Convention, asked: conventions.Request) -> tuple[str, bool]:
    """The id of the version that takes the place of ``old``, held, and whether it is new."""
    new = versions.next_of(tx, old)
    if new is None:
        require_open(old)
        return versions.begin(tx, now, old, asked, asker()).id, True
    _require_same(new, asked)
    if State(old.failed_from or old.state) in BEFORE_SIGNATURE:
        versions.ask_end(tx, now, old)
    return new.id, False


def as_new(old: Convention, body: AmendConvention) -> CreateConvention:
    """What would be asked if this version were the first: as the old one was, but for what is corrected."""
    wish = body.signature
    return CreateConvention(
        source=SourceRef(kind=old.source_kind, **_source(old, body.fields)),
        template=body.template or old.template,
        signature=SignatureWish.model_validate(
            {
                "provider": wish.provider or old.provider,
                "level": wish.level or old.level,
                "level_reason": wish.level_reason or old.level_reason,
                "order": wish.order or old.signing_order,
            }
        ),
        # what the firm has left since is no wish of the caller's
        archive=[name for name in old.archives if name in hub().settings.sections] or None,
        until=body.until or ("rendered" if old.until == "rendered" else "sent"),
        resume_url=body.resume_url,
        resume_at=body.resume_at,
        external_id=old.external_id,
        metadata=old.caller_data,
    )


def _source(old: Convention, fields: dict[str, Any] | None) -> dict[str, Any]:
    """A record that came with the call is corrected by the call; any other is read again where it is kept."""
    if fields is None:
        return old.source
    if not hub().source(old.source_kind).immediate:
        raise Invalid(
            "request_invalid",
            "La requête a un ou plusieurs champs en défaut ; corrigez ceux de la liste.",
            (
                FieldError(
                    "fields",
                    "record_kept_elsewhere",
                    "Cette fiche est tenue dans votre outil : corrigez-la là-bas, puis redemandez sans « "
                    "fields ».",
                ),
            ),
        )
    return {**old.source, "fields": corrected(old.source["fields"], fields, hub().settings.columns)}


def require_open(old: Convention) -> None:
    """Raises Refused for one that is signed, or has ended."""
    if old.signed_at is not None:
        raise versions.SIGNED_FIRST
    if State(old.failed_from or old.state) not in BEFORE_SIGNATURE:
        label = LABELS[State(old.state)].lower()
        raise Refused(
            "state_forbids",
            f"Cette convention est {label} : elle ne peut pas être modifiée ; lancez-en une nouvelle "
            "depuis la fiche, ou un avenant si elle est signée.",
        )


def _require_same(new: Convention, asked: conventions.Request) -> None:
    """The same call again is answered by the version that it made; another must speak of that version."""
    kept = conventions.columns(asked)
    same = ("source", "template", "provider", "level", "level_reason", "signing_order")
    if any(getattr(new, name) != kept[name] for name in same):
        raise Refused(
            "already_replaced",
            "Cette convention a déjà une version suivante ; demandez ce changement sur celle-là "
            "(« superseded_by »).",
        )
