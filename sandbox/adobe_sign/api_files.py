"""The document as it stands, and the audit report. Both exist from the first day; the signed document is not
there at once when the last has signed."""

from __future__ import annotations

from flask import Blueprint, Response

from sandbox.adobe_sign import audit_report
from sandbox.adobe_sign.api import blueprint, known_arguments
from sandbox.adobe_sign.desk import Desk
from sandbox.adobe_sign.refusals import not_found
from sandbox.adobe_sign.state import PREPARING, SIGNED, Agreement


def routes(desk: Desk) -> Blueprint:
    api = blueprint("files", desk)

    @api.get("/agreements/<agreement_id>/combinedDocument")
    def combined(agreement_id: str) -> Response:
        known_arguments("versionId", "participantId", "attachSupportingDocuments", "attachAuditReport")
        found = desk.agreement(agreement_id)
        _require_available(desk, found)
        return _pdf(found.sealed or found.content)

    @api.get("/agreements/<agreement_id>/auditTrail")
    def report(agreement_id: str) -> Response:
        found = desk.agreement(agreement_id)
        _require_available(desk, found)
        return _pdf(audit_report.as_pdf(found))

    return api


def _require_available(desk: Desk, agreement: Agreement) -> None:
    late = agreement.status == SIGNED and desk.state.switchboard.still_preparing()
    if agreement.status == PREPARING or late:
        raise not_found("DOCUMENT_NOT_AVAILABLE", "The document is not yet available.")


def _pdf(content: bytes) -> Response:
    return Response(content, mimetype="application/pdf")
