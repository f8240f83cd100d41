"""Make, Zapier and n8n: create a convention, read it, list them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel, ValidationError

from connectors import archives as archive_registry
from connectors import signature as signature_registry
from connectors import sources as source_registry
from domain.content import keys
from domain.errors import FieldError, Invalid
from domain.level_choice import Choice, choose
from domain.lifecycle import State
from domain.record import Record
from handlers import filters
from handlers.auth import caller, made_by, needs
from handlers.bodies import CreateConvention, SignatureWish, faults, idempotency_key, read, request_hash
from handlers.hub import hub
from handlers.problems import problem
from handlers.views import convention_view
from handlers.waiting import wait_until
from store import conventions
from store.database import Session
from store.models import Convention, Replay

_IN_DEFAULT = "La requête a un ou plusieurs champs en défaut ; corrigez ceux de la liste."
_NOTHING_TO_AMEND = FieldError(
    "amend",
    "record_in_call",
    "Une fiche donnée dans l'appel ne dit pas quelle convention elle remplace ; appelez amend sur celle-ci.",
)

blueprint = Blueprint("conventions", __name__, url_prefix="/v1/conventions")


@blueprint.post("")
@needs("conventions:write")
def create() -> Response:
    body = read(CreateConvention)
    key = idempotency_key(body)
    if key and (known := _known_by(key)):
        return answer(known, body.until, is_new=False)
    asked = requested(body)
    with hub().database.transaction() as tx:
        known = _replayed(tx, key) if key else None
        convention_id, is_new = (known, False) if known else _take(tx, asked, key)
    return answer(convention_id, asked.until, is_new)


@blueprint.get("")
@needs("conventions:read")
def listing() -> Response:
    limit = filters.integer("limit", 50, 200)
    state, dossier = filters.one_of("state", [*State]), request.args.get("dossier") or None
    since, before = filters.moment("since"), filters.identifier("cursor", "cv")
    with hub().database.reading() as session:
        rows = conventions.page(session, state, dossier, since, before, limit)
        shown: dict[str, Any] = {"items": [convention_view(session, row) for row in rows]}
    if len(rows) == limit:
        shown["cursor"] = rows[-1].id
    return jsonify(shown)


@blueprint.get("/<convention_id>")
@needs("conventions:read")
def one(convention_id: str) -> Response:
    with hub().database.reading() as session:
        row = conventions.find(session, convention_id)
        return jsonify(convention_view(session, row, replayed=row.id != convention_id))


def requested(body: CreateConvention, *, preview: bool = False) -> conventions.Request:
    """What is asked, checked as far as it can be without asking anybody outside. A preview may show a level
    that no convention could be sent at."""
    core = hub().settings.core
    kind = body.source.kind
    _known(kind, _set_up(source_registry.REGISTRY), "source.kind")
    provider = body.signature.provider or core.provider
    _known(provider, _set_up(signature_registry.REGISTRY), "signature.provider")
    template = body.template or core.template
    _known(template, hub().template_names(), "template")
    if body.resume_url:
        hub().check_url(body.resume_url)
    source = hub().source(kind)
    reference = _reference(source.Ref, body.source.model_extra or {})
    if body.amend and source.immediate:
        raise Invalid("request_invalid", _IN_DEFAULT, (_NOTHING_TO_AMEND,))
    record = hub().normalise(source.read(reference).fields) if source.immediate else None
    if record and not preview:
        _choice(body.signature, record).require()
    return conventions.Request(
        source_kind=kind,
        source=reference.model_dump(mode="json"),
        **keys(source.key(reference), record, template),
        amend=body.amend,
        template=template,
        provider=provider,
        level=body.signature.level,
        level_reason=body.signature.level_reason,
        signing_order=body.signature.order,
        archives=_archives(body),
        until=body.until,
        external_id=body.external_id,
        caller_data=body.metadata,
        resume_url=body.resume_url,
        resume_at=body.resume_at,
        made_by=made_by(),
    )


def _archives(body: CreateConvention) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(body.archive or hub().settings.archives))
    for number, archive in enumerate(wanted):
        _known(archive, _set_up(archive_registry.REGISTRY), f"archive.{number}")
    return wanted


def _choice(wish: SignatureWish, record: Record) -> Choice:
    settings = hub().settings
    return choose(record, settings.thresholds, wish.level, wish.level_reason, settings.core.level)


def _set_up(registry: Mapping[str, str]) -> list[str]:
    """A connector without settings would only fail at the end, when all have signed."""
    return [name for name in registry if name in hub().settings.sections]


def _known(name: str, names: Collection[str], path: str) -> None:
    if name not in names:
        allowed = ", ".join(sorted(names))
        raise Invalid(
            "request_invalid",
            _IN_DEFAULT,
            (
                FieldError(
                    path, "unknown_name", f"Nom inconnu ou non configuré ; choisissez parmi : {allowed}."
                ),
            ),
        )


def _reference(model: type[BaseModel], given: dict[str, Any]) -> BaseModel:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise Invalid(
            "request_invalid",
            _IN_DEFAULT,
            faults(error, "source."),
        ) from None


def _known_by(key: str) -> str | None:
    """Before anything else is looked at: the replay of a call is answered even if the record, the templates
    or the listener have changed since."""
    with hub().database.reading() as session:
        return _tied(conventions.replay(session, caller().id, key))


def _replayed(tx: Session, key: str) -> str | None:
    """The same, once no other call with this key is under way."""
    conventions.hold_key(tx, caller().id, key)
    return _tied(conventions.replay(tx, caller().id, key))


def _tied(kept: Replay | None) -> str | None:
    if kept and kept.request_hash != request_hash():
        raise Invalid(
            "idempotency_key_reused",
            "Cette Idempotency-Key a déjà servi pour une autre requête ; changez de clé.",
        )
    return kept.convention_id if kept else None


def _take(tx: Session, asked: conventions.Request, key: str | None) -> tuple[str, bool]:
    """As ``conventions.take``, tied to the call's Idempotency-Key."""
    now = hub().now()
    row, is_new = conventions.take(tx, now, asked)
    if key:
        conventions.remember(tx, now, caller().id, key, request_hash(), row.id)
    return row.id, is_new


def answer(convention_id: str, until: str, is_new: bool) -> Response:
    """201 with the result, or 202 when it is not there yet; a replay is 200."""
    _wait_for(convention_id, until)
    with hub().database.reading() as session:
        row = conventions.find(session, convention_id)
        is_new = is_new and row.id == convention_id
        if row.state == State.FAILED.value and row.problem:
            return _failed(row)
        response = jsonify(convention_view(session, row, replayed=not is_new))
    reached = _reached(row, until)
    response.status_code = (201 if reached else 202) if is_new else 200
    response.headers["Location"] = f"/v1/conventions/{row.id}"
    if not reached:
        response.headers["Retry-After"] = "2"
    return response


def _failed(row: Convention) -> Response:
    """The caller waited, and the outcome is a refusal: say so where the scenario will show it."""
    told = row.problem or {}
    errors = tuple(FieldError(**fault) for fault in told.get("errors", []))
    return problem(422, told["code"], told["detail"], errors, convention=row.id, step=told["step"])


def _wait_for(convention_id: str, until: str) -> None:
    def reached() -> bool:
        with hub().database.reading() as session:
            return _reached(conventions.find(session, convention_id), until)

    wait_until(reached)


def _reached(row: Convention, until: str) -> bool:
    state = State(row.state)
    if state in (State.RECEIVED, State.RENDERED):
        return state.value == until
    return True
