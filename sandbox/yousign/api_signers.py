"""Signers: add, list, read, delete, remind; the audit trails of those who have signed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from sandbox.yousign import answers, audit_trail, bodies, spoiling
from sandbox.yousign.api import blueprint, flag, json_body
from sandbox.yousign.api_documents import as_download
from sandbox.yousign.desk import Desk
from sandbox.yousign.lifecycle import require
from sandbox.yousign.refusals import bad_request
from sandbox.yousign.state import Field, SignatureRequest, Signer


def routes(desk: Desk) -> Blueprint:
    api = blueprint("signers", desk)
    one_signer = "/signature_requests/<request_id>/signers/<signer_id>"

    @api.post("/signature_requests/<request_id>/signers")
    def add(request_id: str) -> tuple[dict[str, Any], int]:
        asked = json_body(bodies.NewSigner)
        within = desk.request(request_id)
        require(within, "draft")
        ids = [one.id for one in within.signers]
        if asked.insert_after_id is not None and asked.insert_after_id not in ids:
            raise bad_request("insert_after_id: no such signer")
        position = ids.index(asked.insert_after_id) + 1 if asked.insert_after_id else len(ids)
        signer = _signer(within, asked)
        within.signers.insert(position, signer)
        return answers.signer(within, signer, desk.link_base), 201

    @api.get("/signature_requests/<request_id>/signers")
    def find(request_id: str) -> list[dict[str, Any]]:
        within = desk.request(request_id)
        return [answers.signer(within, one, desk.link_base) for one in within.signers]

    @api.get(one_signer)
    def read(request_id: str, signer_id: str) -> dict[str, Any]:
        return answers.signer(*desk.signer(request_id, signer_id), desk.link_base)

    @api.delete(one_signer)
    def delete(request_id: str, signer_id: str) -> tuple[str, int]:
        within, signer = desk.signer(request_id, signer_id)
        require(within, "draft")
        within.signers.remove(signer)
        return "", 204

    @api.post(f"{one_signer}/send_reminder")
    def remind(request_id: str, signer_id: str) -> tuple[str, int]:
        desk.lifecycle.remind(*desk.signer(request_id, signer_id))
        return "", 201

    @api.get(f"{one_signer}/audit_trails")
    def trail(request_id: str, signer_id: str) -> dict[str, Any]:
        within, signer = _signed(desk, request_id, signer_id)
        shown = spoiling.of_request(desk.state, within)
        stated = spoiling.in_proof(desk.state, signer)
        return audit_trail.as_json(desk.state, shown, stated, desk.context.authority.sealer)

    @api.get(f"{one_signer}/audit_trails/download")
    def trail_pdf(request_id: str, signer_id: str) -> Response:
        within, signer = _signed(desk, request_id, signer_id)
        return as_download([("audit-trail.pdf", audit_trail.as_pdf(within, [signer]))], as_archive=False)

    @api.get("/signature_requests/<request_id>/audit_trails/download")
    def trails_pdf(request_id: str) -> Response:
        within = desk.request(request_id)
        require(within, "done")
        desk.require_prepared()
        if flag("merge"):
            signers = [spoiling.in_proof(desk.state, one) for one in within.signers]
            shown = spoiling.of_request(desk.state, within)
            return as_download([("", audit_trail.as_pdf(shown, signers))], as_archive=False)
        files = [(f"{one.id}.pdf", audit_trail.as_pdf(within, [one])) for one in within.signers]
        return as_download(files, as_archive=True)

    return api


def _signed(desk: Desk, request_id: str, signer_id: str) -> tuple[SignatureRequest, Signer]:
    within, signer = desk.signer(request_id, signer_id)
    if signer.status != "signed":
        raise bad_request("The audit trail exists once the signer has signed.")
    return within, signer


def _signer(within: SignatureRequest, asked: bodies.NewSigner) -> Signer:
    signable = {one.id: one for one in within.signable}
    for place in asked.fields:
        if place.document_id not in signable or place.page > signable[place.document_id].pages:
            raise bad_request("fields: no such document or page")
    fields = tuple(
        Field(one.document_id, one.page, one.x, one.y, one.width, one.height, one.reason)
        for one in asked.fields
    )
    return Signer(
        asked.info.model_dump(),
        asked.signature_level,
        asked.signature_authentication_mode,
        fields,
        asked.model_dump(exclude={"info", "fields"}),
    )
