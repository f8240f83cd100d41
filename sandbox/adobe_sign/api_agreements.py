"""Where the account lives; documents to come, agreements: create, find, read, cancel, remind."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Timer
from typing import Any

from flask import Blueprint, Response, request

from sandbox.adobe_sign import answers, bodies
from sandbox.adobe_sign.api import blueprint, json_body, known_arguments, require_match, tagged
from sandbox.adobe_sign.desk import Desk
from sandbox.adobe_sign.refusals import bad_request, not_found
from sandbox.adobe_sign.state import Agreement, Participant, Transient, new_id, now

MAX_BYTES, PAGE = 10_000_000, 50
MAX_LIFE = timedelta(days=365)

Answer = tuple[dict[str, Any], int]


def routes(desk: Desk) -> Blueprint:
    api = blueprint("agreements", desk)
    state = desk.state

    @api.get("/baseUris")
    def base_uris() -> dict[str, str]:
        state.switchboard.moved = False
        here = f"{request.host_url.rstrip('/')}{request.script_root}/"
        return {"apiAccessPoint": here, "webAccessPoint": here}

    @api.post("/transientDocuments")
    def upload() -> Answer:
        made = _uploaded()
        state.transients[made.id] = made
        return {"transientDocumentId": made.id}, 201

    @api.get("/agreements")
    def find() -> dict[str, Any]:
        known_arguments("externalId", "groupId", "showHiddenAgreements", "cursor", "pageSize")
        wanted = request.args.get("externalId")
        found = [one for one in state.agreements.values() if wanted in (None, one.external_id)]
        return _page([answers.listed(one) for one in reversed(found)])

    @api.post("/agreements")
    def create() -> Answer:
        made = _agreement(desk, json_body(bodies.NewAgreement))
        state.agreements[made.id] = made
        if not made.looks:
            _prepare(desk, made)
        return {"id": made.id}, 201

    _one(api, desk)
    return api


def _one(api: Blueprint, desk: Desk) -> None:
    """What is asked of one agreement."""

    @api.get("/agreements/<agreement_id>")
    def read(agreement_id: str) -> Response:
        found = desk.agreement(agreement_id)
        answer = tagged(answers.agreement(found))
        if found.looks:
            found.looks -= 1
            if not found.looks:
                desk.lifecycle.prepare(found)
        return answer

    @api.get("/agreements/<agreement_id>/members")
    def members(agreement_id: str) -> Response:
        known_arguments("includeNextParticipantSet")
        return tagged(answers.members(desk.agreement(agreement_id)))

    @api.get("/agreements/<agreement_id>/events")
    def events(agreement_id: str) -> Response:
        return tagged({"events": desk.agreement(agreement_id).events})

    @api.get("/agreements/<agreement_id>/signingUrls")
    def signing_urls(agreement_id: str) -> dict[str, Any]:
        expiry = request.args.get("expiry", "30")
        if not expiry.isdecimal() or not 30 <= int(expiry) <= 315_360_000:
            raise bad_request("INVALID_EXPIRY", "Invalid expiry is provided.")
        shown = answers.signing_urls(desk.agreement(agreement_id), desk.link_base)
        if not shown["signingUrlSetInfos"]:
            raise not_found("AGREEMENT_NOT_SIGNABLE", "The agreement is not waiting for anyone to sign it.")
        return shown

    @api.put("/agreements/<agreement_id>/state")
    def change(agreement_id: str) -> tuple[str, int]:
        asked = json_body(bodies.NewState)
        found = desk.agreement(agreement_id)
        require_match(desk, answers.agreement(found))
        desk.lifecycle.cancel(found, asked.agreementCancellationInfo.comment)
        return "", 204

    @api.post("/agreements/<agreement_id>/reminders")
    def remind(agreement_id: str) -> Answer:
        asked = json_body(bodies.NewReminder)
        found = desk.agreement(agreement_id)
        by_id = {one.member_id: one for one in found.participants}
        if not set(asked.recipientParticipantIds) <= by_id.keys():
            raise bad_request("INVALID_REMINDER_RECIPIENT_PIDS", "One or more participant IDs are invalid.")
        desk.lifecycle.remind(found, [by_id[one] for one in asked.recipientParticipantIds])
        return {"id": new_id("CBJCHBCAABAAr")}, 201


def _prepare(desk: Desk, made: Agreement) -> None:
    """At once, or some seconds later as Adobe does."""

    def act() -> None:
        with desk.state.lock:
            if desk.state.agreements.get(made.id) is made:
                desk.lifecycle.prepare(made)

    if not desk.preparing_seconds:
        act()
        return
    later = Timer(desk.preparing_seconds, act)
    later.daemon = True
    later.start()


def _uploaded() -> Transient:
    part = request.files.get("File")
    if request.mimetype != "multipart/form-data" or part is None:
        raise bad_request("NO_FILE_CONTENT", "Must provide file body.")
    if not (request.form.get("File-Name") or part.filename):
        raise bad_request("NO_FILE_NAME", "Must provide file name.")
    content = part.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise bad_request("LARGE_FILE_SIZE", "File size too large.")
    return Transient(request.form.get("File-Name") or part.filename or "", content)


def _agreement(desk: Desk, asked: bodies.NewAgreement) -> Agreement:
    transient = desk.state.transients.get(asked.fileInfos[0].transientDocumentId)
    if transient is None:
        raise not_found("INVALID_TRANSIENTDOCUMENT_ID", "The Transient Document ID specified is invalid.")
    latest = now() + MAX_LIFE + timedelta(days=1)
    expires_at = datetime.fromisoformat(asked.expirationTime) if asked.expirationTime else now() + MAX_LIFE
    if not now() < expires_at <= latest:
        raise bad_request("INVALID_ARGUMENTS", "expirationTime must be in the future and within one year")
    return Agreement(
        asked.model_dump(),
        transient.name,
        transient.content,
        [_participant(rank, one) for rank, one in enumerate(asked.participantSetsInfo, 1)],
        expires_at,
        desk.state.switchboard.looks,
    )


def _participant(rank: int, asked: bodies.ParticipantSet) -> Participant:
    """No name is sent: the signer writes it while signing. Here it is read off the address."""
    (member,) = asked.memberInfos
    phone = member.securityOption.phoneInfo
    name = member.email.partition("@")[0].replace(".", " ").replace("-", " ").title()
    return Participant(rank, asked.order, asked.name, member.email, phone.e164 if phone else None, name)


def _page(found: list[dict[str, Any]]) -> dict[str, Any]:
    size, cursor = request.args.get("pageSize", str(PAGE)), request.args.get("cursor", "0")
    if not size.isdecimal() or not 1 <= int(size) <= 500:
        raise bad_request("INVALID_PAGE_SIZE", "Page size is invalid.")
    if not cursor.isdecimal():
        raise bad_request("INVALID_CURSOR", "Page cursor provided is invalid.")
    start, end = int(cursor), int(cursor) + int(size)
    page = {"nextCursor": str(end)} if end < len(found) else {}
    return {"userAgreementList": found[start:end], "page": page}
