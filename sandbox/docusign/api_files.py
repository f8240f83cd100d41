"""What is fetched: the document, sealed once completed, its certificate, and the history."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from sandbox.docusign import answers, certificate
from sandbox.docusign.api import blueprint
from sandbox.docusign.desk import Desk
from sandbox.docusign.refusals import Refusal


def routes(desk: Desk) -> Blueprint:
    api = blueprint("files", desk)

    @api.get("/envelopes/<envelope_id>/documents/<which>")
    def download(envelope_id: str, which: str) -> Response:
        """``certificate``, ``combined`` or the document's id."""
        found = desk.envelope(envelope_id)
        if which not in ("combined", "certificate", "1"):
            raise Refusal("DOCUMENT_DOES_NOT_EXIST", "The document specified was not found.")
        if found.status == "completed":
            desk.require_prepared()
        content = certificate.as_pdf(found) if which == "certificate" else found.sealed or found.content
        headers = {"Content-Disposition": f'file; filename="{which}.pdf"'}
        return Response(content, mimetype="application/pdf", headers=headers)

    @api.get("/envelopes/<envelope_id>/audit_events")
    def history(envelope_id: str) -> dict[str, Any]:
        return answers.history(desk.envelope(envelope_id))

    return api
