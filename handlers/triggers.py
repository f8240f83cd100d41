"""Calls of the tools that records stand in: verify the raw bytes, keep a look to take, acknowledge. Nothing
of what they say is believed: the look lists the records anew. 2xx only once the step is committed."""

from __future__ import annotations

from flask import Blueprint, Response

import logs
from connectors.sources import Heard, Notifying
from domain.errors import NotFound, Retryable
from domain.signature import Verdict
from handlers.auth import public
from handlers.bodies import headers_and_query, raw_body
from handlers.hub import hub
from handlers.problems import Unauthorized
from store import watches
from store.models import Watch

_log = logs.get("triggers")
blueprint = Blueprint("triggers", __name__, url_prefix="/v1/triggers")


@blueprint.post("/<watch_id>")
@public  # what the tool signs, or the secret it was given, is the authentication
def receive(watch_id: str) -> Response:
    row = _watch(watch_id)
    heard = _heard(row, raw_body())
    if heard.verdict is Verdict.NOT_CONFIGURED:
        raise Retryable(
            "trigger_secret_missing", "Le secret de ce déclencheur manque encore ; voyez « triggers list »."
        )
    if heard.verdict is not Verdict.VERIFIED:
        _log.warning("trigger_refused", extra={"source": row.source_kind})
        raise Unauthorized(
            "trigger_signature_invalid", "La signature de cet appel n'est pas valable ; il est ignoré."
        )
    with hub().database.transaction() as tx:
        if heard.confirmation is None:
            watches.ask(tx, hub().now(), row.id, heard.event_key)
        else:
            watches.confirm(tx, row.id, heard.confirmation)
    _log.info("trigger_stored", extra={"source": row.source_kind})
    return Response(status=204)


def _watch(watch_id: str) -> Watch:
    with hub().database.reading() as session:
        row = watches.get(session, watch_id) if watch_id.isascii() and watch_id.isprintable() else None
    if row is None or row.source_kind not in hub().settings.sections:
        raise NotFound(
            "trigger_unknown",
            "Aucun déclencheur actif n'a cette adresse ; retirez-la de l'outil qui l'appelle.",
        )
    return row


def _heard(row: Watch, raw: bytes) -> Heard:
    source = hub().source(row.source_kind)
    if not isinstance(source, Notifying) or not row.secret:
        return Heard(Verdict.INVALID)  # one that is only looked at
    return source.hear(headers_and_query(), raw, row.secret, row.confirmation)
