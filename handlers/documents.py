"""The documents of a convention, and its journal."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from domain.errors import NotFound
from domain.journal import broken_at
from handlers.auth import needs
from handlers.hub import hub
from handlers.views import report_view
from store import conventions, documents, journal

blueprint = Blueprint("documents", __name__, url_prefix="/v1/conventions/<convention_id>")


@blueprint.get("/document")
@needs("conventions:read")
def document(convention_id: str) -> Response:
    """The PDF as rendered and sent."""
    return _file(convention_id, "rendered", "convention", "pdf")


@blueprint.get("/signed")
@needs("conventions:read")
def signed(convention_id: str) -> Response:
    """The PDF as signed."""
    return _file(convention_id, "signed", "convention-signee", "pdf")


@blueprint.get("/proof")
@needs("conventions:read")
def proof(convention_id: str) -> Response:
    """The provider's proof; ``?format=json`` for the machine-readable one."""
    extension = "json" if request.args.get("format") == "json" else "pdf"
    return _file(convention_id, f"proof_{extension}", "preuve", extension)


@blueprint.get("/mentions")
@needs("conventions:read")
def mentions(convention_id: str) -> Response:
    """What the law asks of this agreement, and whether it says it."""
    with hub().database.reading() as session:
        report = conventions.find(session, convention_id).mentions
    if report is None:
        raise NotFound(
            "mentions_not_ready", "La convention n'est pas encore rédigée ; voyez son état, puis revenez."
        )
    return jsonify(report_view(report))


@blueprint.get("/journal")
@needs("conventions:read")
def history(convention_id: str) -> Response:
    """What happened, when, by whom; ``intact`` tells whether the chain of hashes holds."""
    with hub().database.reading() as session:
        entries = journal.entries(session, conventions.find(session, convention_id).id)
    shown = [
        {
            "sequence": e.sequence, "at": e.at.isoformat(), "actor": e.actor, "action": e.action,
            "details": e.details, "previous": e.previous, "hash": e.hash,
        }
        for e in entries
    ]  # fmt: skip
    return jsonify({"items": shown, "intact": broken_at(entries) is None})


def _file(convention_id: str, kind: str, stem: str, extension: str) -> Response:
    with hub().database.reading() as session:
        row = conventions.find(session, convention_id)
        kept = documents.get(session, row.id, kind)
    if kept is None:
        raise NotFound(
            "document_not_ready", "Ce document n'existe pas (encore) ; voyez l'état de la convention."
        )
    response = Response(kept.content, content_type=kept.media_type)
    response.set_etag(kept.sha256)
    response.headers["Content-Disposition"] = f'attachment; filename="{stem}-{row.id}.{extension}"'
    response.headers["Cache-Control"] = "private, no-store"
    response.make_conditional(request)
    return response
