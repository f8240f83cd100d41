"""Documents: upload, list, read, delete; download of what was uploaded or sealed."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any

from flask import Blueprint, Response, request

from sandbox.yousign import answers, bodies, pdf_reading, seal, spoiling
from sandbox.yousign.api import blueprint, flag
from sandbox.yousign.desk import Desk
from sandbox.yousign.lifecycle import require
from sandbox.yousign.refusals import bad_request
from sandbox.yousign.state import Document

MAX_DOCUMENTS, MAX_BYTES = 50, 50 * 1024 * 1024


def routes(desk: Desk) -> Blueprint:
    api = blueprint("documents", desk)

    @api.post("/signature_requests/<request_id>/documents")
    def add(request_id: str) -> tuple[dict[str, Any], int]:
        within = desk.request(request_id)
        require(within, "draft")
        if len(within.documents) >= MAX_DOCUMENTS:
            raise bad_request("A signature request holds at most 50 documents.")
        document, insert_after = _uploaded()
        ids = [one.id for one in within.documents]
        if insert_after is not None and insert_after not in ids:
            raise bad_request("insert_after_id: no such document")
        position = ids.index(insert_after) + 1 if insert_after else len(ids)
        within.documents.insert(position, document)
        return answers.document(document), 201

    @api.get("/signature_requests/<request_id>/documents")
    def find(request_id: str) -> list[dict[str, Any]]:
        return [answers.document(one) for one in desk.request(request_id).documents]

    @api.get("/signature_requests/<request_id>/documents/<document_id>")
    def read(request_id: str, document_id: str) -> dict[str, Any]:
        return answers.document(desk.document(request_id, document_id)[1])

    @api.delete("/signature_requests/<request_id>/documents/<document_id>")
    def delete(request_id: str, document_id: str) -> tuple[str, int]:
        within, document = desk.document(request_id, document_id)
        require(within, "draft")
        within.documents.remove(document)
        return "", 204

    @api.get("/signature_requests/<request_id>/documents/download")
    def download(request_id: str) -> Response:
        within = desk.request(request_id)
        version = request.args.get("version", "current")
        if version not in ("current", "completed"):
            raise bad_request("version: must be current or completed")
        if version == "completed":
            require(within, "done")
            desk.require_prepared()
        if not within.documents:
            raise bad_request("This signature request has no document.")
        return as_download(
            [(one.name, spoiling.as_handed_out(desk.state, one)) for one in within.documents],
            as_archive=flag("archive"),
        )

    @api.get("/signature_requests/<request_id>/documents/<document_id>/download")
    def download_one(request_id: str, document_id: str) -> Response:
        _, document = desk.document(request_id, document_id)
        if document.sealed:
            desk.require_prepared()
        return as_download([(document.name, document.sealed or document.content)], as_archive=False)

    return api


def as_download(files: list[tuple[str, bytes]], *, as_archive: bool) -> Response:
    """One PDF as such; several, or when an archive is wanted, as a zip."""
    if len(files) == 1 and not as_archive:
        return Response(files[0][1], mimetype="application/pdf")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for rank, (name, content) in enumerate(files, start=1):
            archive.writestr(f"{rank}-{name}", content)
    return Response(target.getvalue(), mimetype="application/zip")


def _uploaded() -> tuple[Document, str | None]:
    """The multipart body: its document, and the id of the one it comes after."""
    if request.mimetype != "multipart/form-data" or "file" not in request.files:
        raise bad_request("file: this part is required")
    asked = bodies.NewDocument.model_validate(request.form.to_dict())
    part = request.files["file"]
    content = part.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise bad_request("file: must not exceed 50 MB")
    try:
        contents = pdf_reading.examine(content, parse_anchors=asked.parse_anchors in ("true", "1"))
    except pdf_reading.Unreadable:
        raise bad_request("file: is not a readable PDF") from None
    if not seal.can_be_sealed(content):
        raise bad_request("file: this PDF is damaged or encrypted")
    document = Document(
        name=asked.name or (part.filename or "document.pdf")[-128:],
        nature=asked.nature,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        pages=contents.pages,
        is_signed=seal.is_signed(content),
        anchors=contents.anchors,
    )
    return document, asked.insert_after_id
