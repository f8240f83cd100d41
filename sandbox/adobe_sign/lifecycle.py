"""What may happen to an agreement, in which order, and what each move leaves in its list of events.

Every function is called with the state's lock held. Moves that are not allowed raise Refusal.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from sandbox.adobe_sign import tags
from sandbox.adobe_sign.refusals import Refusal, forbidden
from sandbox.adobe_sign.state import (
    CANCELLED,
    EXPIRED,
    OUT,
    PREPARING,
    SIGNED,
    TIMEZONE,
    Agreement,
    Participant,
    State,
    new_id,
    now,
)
from sandbox.signing import remembered
from sandbox.signing.pdf_reading import Unreadable
from sandbox.signing.seal import Sealer, Visible, can_be_sealed

MAX_WRONG_CODES = 5
SENDER = "expediteur@bac-a-sable.example"

#: event (without ``AGREEMENT_``), agreement, participant it is about
Emit = Callable[[str, Agreement, Participant | None], None]


@dataclass
class Lifecycle:
    """The moves; ``emit`` calls the webhooks, ``sealer`` makes the final document."""

    state: State
    emit: Emit
    sealer: Sealer

    def prepare(self, agreement: Agreement) -> None:
        """What Adobe does with a document after it took it: read its tags, then invite, or give it up."""
        if agreement.status != PREPARING:
            return
        try:
            if not can_be_sealed(agreement.content):
                raise Unreadable
            agreement.content, agreement.fields = tags.place(agreement.content, len(agreement.participants))
        except Unreadable:
            self._end(agreement, CANCELLED, "AUTO_CANCELLED_CONVERSION_PROBLEM")
            return
        agreement.status = OUT
        self._note(agreement, "CREATED")
        self._ask_next(agreement)

    def open(self, agreement: Agreement, one: Participant, ip_address: str) -> None:
        """The signer's link was opened; told the first time only."""
        one.ip_address = ip_address
        if one.opened_at is None:
            one.opened_at = now()
            self._note(agreement, "EMAIL_VIEWED", one)

    def consent(self, agreement: Agreement, one: Participant) -> None:
        self._require_turn(agreement, one)
        one.state, one.accepted_at = "accepted", now()
        if one.phone:
            self.send_code(agreement, one)

    def send_code(self, agreement: Agreement, one: Participant) -> None:
        """A new one-time code; the former one no longer works. Wrong ones go on being counted."""
        self._require_turn(agreement, one)
        one.code = f"{secrets.randbelow(10**6):06}"
        self._message("code", one)

    def sign(self, agreement: Agreement, one: Participant, code: str | None) -> bool:
        """Sign if the code is right (when one is needed); False when it is wrong. Too many wrong codes end
        the agreement."""
        self._require_turn(agreement, one)
        if one.phone:
            if one.code is None or code is None or not secrets.compare_digest(one.code, code):
                one.wrong_codes += 1
                if one.wrong_codes >= MAX_WRONG_CODES:
                    self._end(agreement, CANCELLED, "RECALLED_MAX_SIGNING_PHONE_ATTEMPTS")
                return False
            one.verified_at = now()
        one.state, one.signed_at = "signed", now()
        self._note(agreement, "ACTION_COMPLETED", one)
        if all(other.state == "signed" for other in agreement.participants):
            self._complete(agreement)
        else:
            self._ask_next(agreement)
        return True

    def decline(self, agreement: Agreement, one: Participant, reason: str) -> None:
        self._require_turn(agreement, one)
        one.state = "declined"
        self._end(agreement, CANCELLED, "REJECTED", one, reason)

    def cancel(self, agreement: Agreement, comment: str | None) -> None:
        if agreement.status not in (PREPARING, OUT):
            raise forbidden("OPERATION_NOT_ALLOWED", "Requested Operation is not allowed.")
        self._end(agreement, CANCELLED, "RECALLED", None, comment)

    def expire(self, agreement: Agreement) -> None:
        if agreement.status != OUT:
            raise forbidden("OPERATION_NOT_ALLOWED", "Requested Operation is not allowed.")
        agreement.expires_at = min(agreement.expires_at, now())
        self._end(agreement, EXPIRED, "EXPIRED")

    def expire_overdue(self, agreement: Agreement) -> None:
        if agreement.status == OUT and now() >= agreement.expires_at:
            self.expire(agreement)

    def remind(self, agreement: Agreement, ones: list[Participant]) -> None:
        if agreement.status == CANCELLED:
            raise Refusal(HTTPStatus.CONFLICT, "AGREEMENT_ALREADY_CANCELLED", "Already cancelled.")
        if agreement.status != OUT or not all(one.may_act for one in ones):
            raise forbidden("CANNOT_CREATE_REMINDER_INVALID_STATE", "Reminder cannot be created.")
        for one in ones:
            self._message("reminder", one)
            self.emit("REMINDER_SENT", agreement, one)

    def _ask_next(self, agreement: Agreement) -> None:
        """All whose turn it is: those of the lowest order that is not done with."""
        left = [one for one in agreement.participants if one.is_waiting]
        turn = min(one.order for one in left)
        for one in left:
            if one.order == turn and one.state == "unseen":
                one.state = "asked"
                self._message("invitation", one)
                self._note(agreement, "ACTION_REQUESTED", one)

    def _complete(self, agreement: Agreement) -> None:
        names = [one.signer_name for one in agreement.participants]
        agreement.sealed = self.sealer.seal(agreement.content, names, _visible(agreement))
        agreement.status, agreement.completed_at = SIGNED, now()
        for one in agreement.participants:
            self._message("end", one)
        self.emit("WORKFLOW_COMPLETED", agreement, None)

    def _end(
        self,
        agreement: Agreement,
        status: str,
        event: str,
        one: Participant | None = None,
        comment: str | None = None,
    ) -> None:
        agreement.status = status
        for other in agreement.participants:
            if other.is_waiting:
                other.state = "over"
        self._note(agreement, event, one, comment)

    def _note(
        self, agreement: Agreement, event: str, one: Participant | None = None, comment: str | None = None
    ) -> None:
        """Write it into the list of events, and tell the webhooks."""
        acting = one.email if one and event != "ACTION_REQUESTED" else SENDER
        told: dict[str, Any] = {
            "id": new_id("CBJCHBCAABAAe"),
            "type": event,
            "date": f"{now():%Y-%m-%dT%H:%M:%SZ}",
            "actingUserEmail": acting,
            "description": f"{event} ({agreement.file_name})",
        }
        if one:
            told |= {
                "participantId": one.member_id,
                "participantEmail": one.email,
                "participantRole": "SIGNER",
            }
            if one.ip_address and acting == one.email:
                told |= {"actingUserIpAddress": one.ip_address, "actingUserName": one.signer_name}
        if comment:
            told["comment"] = comment
        agreement.events.append(told)
        # the webhooks have one name for every way of being recalled
        self.emit("RECALLED" if event.startswith("RECALLED") else event, agreement, one)

    def _message(self, kind: str, one: Participant) -> None:
        is_sms = kind == "code"
        to = (one.phone or "") if is_sms else one.email
        at = now().isoformat(timespec="seconds")
        self.state.messages.append(remembered.Message(kind, "sms" if is_sms else "email", to, one.id, at))

    def _require_turn(self, agreement: Agreement, one: Participant) -> None:
        if agreement.status != OUT or not one.may_act:
            raise forbidden("OPERATION_NOT_ALLOWED", "It is not this participant's turn.")


def _visible(agreement: Agreement) -> list[Visible]:
    return [
        Visible(
            one.signer_name, one.signed_at, TIMEZONE, place.page, place.x, place.y, place.width, place.height
        )
        for one in agreement.participants
        for place in agreement.fields
        if place.rank == one.rank and one.signed_at
    ]
