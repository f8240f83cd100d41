"""Transactions: create, read, fill, order, start, cancel, remind."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from sandbox.universign import answers, forms
from sandbox.universign.api import blueprint, form
from sandbox.universign.desk import Desk
from sandbox.universign.lifecycle import require
from sandbox.universign.refusals import bad_request, not_found
from sandbox.universign.state import Participant, Transaction

Answer = dict[str, Any]


def routes(desk: Desk) -> Blueprint:
    api = blueprint("transactions", desk)
    state, lifecycle = desk.state, desk.lifecycle

    def told(of: Transaction) -> Answer:
        return answers.transaction(of, desk.link_base)

    @api.post("/transactions")
    def create() -> Answer:
        asked = form(forms.NewTransaction)
        made = Transaction(asked.name or "", asked.language, asked.duration)
        made.name = made.name or made.id
        state.transactions[made.id] = made
        lifecycle.emit("transaction.lifecycle.created", made, None)
        return told(made)

    @api.get("/transactions/<transaction_id>")
    def read(transaction_id: str) -> Answer:
        return told(desk.transaction(transaction_id))

    @api.post("/transactions/<transaction_id>/start")
    def start(transaction_id: str) -> Answer:
        form(forms.Nothing)
        found = desk.transaction(transaction_id)
        lifecycle.start(found)
        return told(found)

    @api.post("/transactions/<transaction_id>/cancel")
    def cancel(transaction_id: str) -> Answer:
        form(forms.Nothing)
        found = desk.transaction(transaction_id)
        lifecycle.cancel(found)
        return told(found)

    _people(api, desk)
    return api


def _people(api: Blueprint, desk: Desk) -> None:
    @api.post("/transactions/<transaction_id>/signatures")
    def assign(transaction_id: str) -> Answer:
        asked = form(forms.Assignment, lists=("signer",))
        within = desk.transaction(transaction_id)
        require(within, "draft")
        field = next((one for _, one in within.fields() if one.id == asked.field), None)
        if field is None:
            raise not_found("Field")
        for email in asked.signer:
            _known(within, email)
        field.signers = asked.signer
        return {"field": field.id, "signers": field.signers}

    @api.post("/transactions/<transaction_id>/participants")
    def describe(transaction_id: str) -> Answer:
        asked = form(forms.NewParticipant, lists=("schedule",))
        within = desk.transaction(transaction_id)
        require(within, "draft")
        one = _known(within, asked.email)
        one.full_name, one.phone_number = asked.full_name or "", asked.phone_number
        one.level, one.schedule = asked.min_signature_level, asked.schedule
        return answers.participant(one)

    @api.post("/transactions/<transaction_id>/sequencing")
    def sequence(transaction_id: str) -> Answer:
        asked = form(forms.Sequencing, lists=("before", "after"))
        within = desk.transaction(transaction_id)
        require(within, "draft")
        if any(within.participant(email) is None for email in (*asked.before, *asked.after)):
            raise bad_request("before, after: no such participant")
        pairs = [(first, then) for first in asked.before for then in asked.after]
        kept = [pair for pair in within.before if pair not in pairs]
        within.before = kept if asked.delete else [*kept, *pairs]
        return {"before": asked.before, "after": asked.after}

    @api.post("/transactions/<transaction_id>/participants/remind")
    def remind(transaction_id: str) -> Answer:
        asked = form(forms.Reminder)
        within = desk.transaction(transaction_id)
        pending = [one for one in within.signers if one.status in ("notified", "confirming")]
        for one in [desk.participant(within, asked.email)] if asked.email else pending:
            desk.lifecycle.remind(within, one)
        return {}


def _known(within: Transaction, email: str) -> Participant:
    """The participant of this address, who becomes one on being named."""
    found = within.participant(email)
    if found is None:
        found = Participant(email)
        within.participants.append(found)
    return found
