"""Envelopes: create and send, list, read, void; their recipients, and the reminder of one."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, request

from sandbox.docusign import answers, bodies
from sandbox.docusign.api import blueprint, json_body
from sandbox.docusign.desk import Desk
from sandbox.docusign.lifecycle import TAB_HEIGHT, expiry_days
from sandbox.docusign.refusals import Refusal, wrong_body, wrong_parameter
from sandbox.docusign.state import PHONE_WORKFLOW, SIGNATURE_PROVIDERS, Envelope, Signer, Tab, now
from sandbox.signing import pdf_reading, seal

#: how long a transaction is remembered
TRANSACTION_DAYS = 7
UNITS = {"pixels": 1.0, "inches": 72.0, "mms": 72 / 25.4, "cms": 72 / 2.54}


def routes(desk: Desk) -> Blueprint:
    api = blueprint("envelopes", desk)
    state, lifecycle = desk.state, desk.lifecycle

    @api.post("/envelopes")
    def create() -> tuple[dict[str, Any], int]:
        asked = json_body(bodies.NewEnvelope)
        made = _envelope(desk, asked)
        state.envelopes[made.id] = made
        if asked.status == "sent":
            lifecycle.send(made)
        return answers.made(made), 201

    @api.get("/envelopes")
    def find() -> dict[str, Any]:
        for one in list(state.envelopes.values()):
            lifecycle.expire_overdue(one)
        include = request.args.get("include", "").split(",")
        found = [answers.envelope(one, include) for one in _matching(list(state.envelopes.values()))]
        page = {"resultSetSize": str(len(found)), "totalSetSize": str(len(found)), "startPosition": "0"}
        # a list is left out when it is empty
        if found and "transaction_ids" in request.args:
            told = ("envelopeId", "transactionId", "status")
            return {**page, "envelopeTransactionStatuses": [{key: one[key] for key in told} for one in found]}
        return {**page, "envelopes": found} if found else page

    @api.get("/envelopes/<envelope_id>")
    def read(envelope_id: str) -> dict[str, Any]:
        return answers.envelope(desk.envelope(envelope_id), request.args.get("include", "").split(","))

    @api.put("/envelopes/<envelope_id>")
    def change(envelope_id: str) -> dict[str, Any]:
        asked = json_body(bodies.EnvelopeChange)
        found = desk.envelope(envelope_id)
        if asked.status == "voided":
            lifecycle.void(found, asked.voidedReason or "")
        elif found.status == "created":
            lifecycle.send(found)
        else:
            raise Refusal("ENVELOPE_INVALID_STATUS", "The envelope is not a draft.")
        return {"envelopeId": found.id}

    @api.get("/envelopes/<envelope_id>/recipients")
    def list_recipients(envelope_id: str) -> dict[str, Any]:
        return answers.recipients(desk.envelope(envelope_id))

    @api.put("/envelopes/<envelope_id>/recipients")
    def change_recipients(envelope_id: str) -> dict[str, Any]:
        asked = json_body(bodies.RecipientsChange)
        found = desk.envelope(envelope_id)
        if not found.is_open:
            raise Refusal(
                "ENVELOPE_INVALID_STATUS", "Invalid envelope status. Envelope is not in a sent state."
            )
        is_resent = request.args.get("resend_envelope") == "true"
        results = [_changed(desk, found, one, is_resent=is_resent) for one in asked.signers]
        return {"recipientUpdateResults": results}

    return api


def _envelope(desk: Desk, asked: bodies.NewEnvelope) -> Envelope:
    content = _pdf(asked.documents[0].documentBase64)
    signers = [_signer(desk, one, content) for one in asked.recipients.signers]
    expirations = asked.notification.expirations
    kept = asked.model_dump(exclude={"documents", "recipients"})
    return Envelope(
        kept,
        asked.documents[0].name,
        content,
        hashlib.sha256(content).hexdigest(),
        sorted(signers, key=lambda one: one.routing_order),
        now() + expiry_days(expirations.expireAfter if expirations.expireEnabled == "true" else "120"),
    )


def _pdf(text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
        pdf_reading.page_count(content)
    except (binascii.Error, pdf_reading.Unreadable):
        raise Refusal("UNABLE_TO_LOAD_DOCUMENT", "Unable to load the document.") from None
    if not seal.can_be_sealed(content):
        raise Refusal("PDF_VALIDATION_FAILED", "The PDF is damaged or protected.")
    return content


def _signer(desk: Desk, asked: bodies.NewSigner, content: bytes) -> Signer:
    phone = None
    if verification := asked.identityVerification:
        if verification.workflowId != PHONE_WORKFLOW or not desk.state.switchboard.has_phone_workflow:
            raise wrong_parameter("The identity verification workflow is not one of the account.")
        if not verification.inputOptions:
            raise wrong_body("identityVerification.inputOptions: phone_number_list is required")
        number = verification.inputOptions[0].phoneNumberList[0]
        phone = f"+{number.countryCode}{number.number}"
    for provider in asked.recipientSignatureProviders:
        if provider.signatureProviderName not in SIGNATURE_PROVIDERS:
            raise wrong_parameter("The signature provider is not one of the account.")
        phone = provider.signatureProviderOptions.sms
    tabs = tuple(tab for one in asked.tabs.signHereTabs for tab in _tabs(one, content))
    return Signer(asked.model_dump(exclude={"tabs"}), tabs, phone)


def _tabs(asked: bodies.SignHere, content: bytes) -> list[Tab]:
    if asked.anchorString is None:
        if asked.pageNumber is None or asked.xPosition is None or asked.yPosition is None:
            raise Refusal("TAB_PAGE_NUMBER_NOT_SPECIFIED", "Page number not specified in tab element.")
        return [Tab(int(asked.pageNumber), float(asked.xPosition), float(asked.yPosition))]
    flags = 0 if asked.anchorCaseSensitive == "true" else re.IGNORECASE
    found = pdf_reading.find(content, re.compile(re.escape(asked.anchorString), flags))
    if not found and asked.anchorIgnoreIfNotPresent == "false":
        raise Refusal("ANCHOR_TAB_STRING_NOT_FOUND", "At least one anchor string was not found.")
    unit = UNITS[asked.anchorUnits]
    x, y = float(asked.anchorXOffset) * unit, float(asked.anchorYOffset) * unit
    # the tab's lower left corner goes to the anchor's
    return [Tab(one.page, one.x + x, max(0.0, one.bottom + y - TAB_HEIGHT)) for one in found]


def _matching(envelopes: list[Envelope]) -> list[Envelope]:
    """Newest first, filtered as the query says; a query without a beginning or identifiers is refused."""
    if not request.args.keys() & {"from_date", "envelope_ids", "transaction_ids"}:
        raise wrong_parameter("from_date, envelope_ids or transaction_ids is required.")
    for key, value in request.args.items():
        match key:
            case "transaction_ids":
                since = now() - timedelta(days=TRANSACTION_DAYS)
                known = [one for one in envelopes if one.created_at > since]
                envelopes = [one for one in known if one.asked["transactionId"] in value.split(",")]
            case "custom_field":
                name, _, wanted = value.partition("=")
                field = {"name": name, "value": wanted}
                envelopes = [
                    one for one in envelopes if any(field.items() <= f.items() for f in one.custom_fields)
                ]
            case "from_date":
                since = _moment(value)
                envelopes = [one for one in envelopes if one.changed_at >= since]
            case "include":
                pass
            case _:
                raise wrong_parameter(f"the sandbox does not know the filter {key}")
    return sorted(envelopes, key=lambda one: one.created_at, reverse=True)


def _moment(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value).astimezone(now().tzinfo)
    except ValueError:
        raise wrong_parameter("from_date is not a date.") from None


def _changed(desk: Desk, found: Envelope, asked: bodies.SignerChange, *, is_resent: bool) -> dict[str, Any]:
    outcome = {"errorCode": "SUCCESS", "message": ""}
    try:
        signer = desk.signer(found.id, asked.recipientId)[1]
        corrections = asked.model_dump(exclude_none=True, exclude={"recipientId"})
        signer.asked |= corrections
        if is_resent or corrections:
            desk.lifecycle.resend(found, signer, corrected=bool(corrections))
    except Refusal as refusal:
        outcome = {"errorCode": refusal.code, "message": refusal.message}
    return {"recipientId": asked.recipientId, "errorDetails": outcome}
