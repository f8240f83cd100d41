"""Files and documents: upload, add to a transaction, place fields; what is handed over in the end."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, Response, request

from sandbox.signing import pdf_reading, seal
from sandbox.universign import answers, attestation, forms
from sandbox.universign.api import blueprint, form
from sandbox.universign.desk import Desk
from sandbox.universign.lifecycle import require
from sandbox.universign.refusals import bad_request, not_found
from sandbox.universign.state import Document, Field, new_id

MAX_DOCUMENTS, MAX_BYTES = 20, 25 * 1000 * 1000


def routes(desk: Desk) -> Blueprint:
    api = blueprint("documents", desk)
    state = desk.state

    @api.post("/files")
    def upload() -> dict[str, Any]:
        if request.mimetype != "multipart/form-data" or set(request.files) != {"file"} or request.form:
            raise bad_request("file: this part is required, alone")
        part = request.files["file"]
        content = part.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise bad_request("file: must not exceed 25 MB")
        identity = new_id("file")
        state.files[identity] = ((part.filename or "document.pdf")[-255:], content)
        return {"object": "file", "id": identity}

    @api.post("/transactions/<transaction_id>/documents")
    def add(transaction_id: str) -> dict[str, Any]:
        asked = form(forms.NewDocument)
        within = desk.transaction(transaction_id)
        require(within, "draft")
        if asked.document not in state.files:
            raise not_found("File")
        if len(within.documents) >= MAX_DOCUMENTS:
            raise bad_request("A transaction holds at most 20 documents.")
        name, content = state.files[asked.document]
        made = _document(asked.name or name, content)
        within.documents.append(made)
        return answers.document(made)

    @api.post("/transactions/<transaction_id>/documents/<document_id>/fields")
    def place(transaction_id: str, document_id: str) -> dict[str, Any]:
        asked = form(forms.NewField)
        within, document = desk.document(transaction_id, document_id)
        require(within, "draft")
        if asked.page is not None and asked.page > document.pages:
            raise bad_request("page: no such page")
        made = Field(asked.type, asked.name, asked.page, asked.x, asked.y)
        document.fields.append(made)
        return answers.field(made)

    _archives(api, desk)
    return api


def _archives(api: Blueprint, desk: Desk) -> None:
    def signed(transaction_id: str, document_id: str) -> Response:
        within, document = desk.document(transaction_id, document_id)
        desk.require_archived(within)
        return Response(document.sealed or b"", mimetype="application/pdf")

    for path in ("/transactions/<transaction_id>/archive", "/archives/<transaction_id>"):
        rule = f"{path}/documents/<document_id>/download"
        api.add_url_rule(rule, rule.split("/")[1], signed, methods=["GET"])

    @api.get("/archives/<transaction_id>")
    def archive(transaction_id: str) -> dict[str, Any]:
        within = desk.transaction(transaction_id)
        desk.require_archived(within)
        return {"object": "archive", "id": within.id, "documents": [{"id": d.id} for d in within.documents]}

    @api.get("/archives/<transaction_id>/requester-attestation")
    def attested(transaction_id: str) -> Response:
        within = desk.transaction(transaction_id)
        desk.require_archived(within)
        return Response(attestation.as_pdf(within), mimetype="application/pdf")


def _document(name: str, content: bytes) -> Document:
    """Raises the refusal of what is not a PDF fit to be signed."""
    try:
        pages = pdf_reading.page_count(content)
    except pdf_reading.Unreadable:
        raise bad_request("document: is not a readable PDF") from None
    if not seal.can_be_sealed(content) or seal.is_signed(content):
        raise bad_request("document: is damaged, encrypted or signed already")
    return Document(name, content, hashlib.sha256(content).hexdigest(), pages)
