"""What may happen to a transaction, in which order, and what each move tells the outside.

Every function is called with the state's lock held. Moves that are not allowed raise Refusal.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sandbox.signing import remembered
from sandbox.signing.seal import Sealer, Visible
from sandbox.universign.refusals import bad_request
from sandbox.universign.state import (
    FIELD_HEIGHT,
    FIELD_WIDTH,
    TIMEZONE,
    Document,
    Participant,
    State,
    Transaction,
    now,
)

MAX_WRONG_CODES = 5
BETWEEN_REMINDERS = timedelta(hours=1)

#: event name, transaction, participant of an action's event
Emit = Callable[[str, Transaction, Participant | None], None]


@dataclass
class Lifecycle:
    """The moves; ``emit`` sends the webhooks, ``sealer`` makes the final documents."""

    state: State
    emit: Emit
    sealer: Sealer

    def start(self, transaction: Transaction) -> None:
        require(transaction, "draft")
        assigned = [one for _, one in transaction.fields() if one.signers]
        if not assigned or len(assigned) < len(list(transaction.fields())):
            raise bad_request("The transaction needs a document, and a signer for each of its fields.")
        transaction.state, transaction.started_at = "started", now()
        transaction.expires_at = now() + timedelta(minutes=transaction.duration)
        self.emit("transaction.lifecycle.started", transaction, None)
        self._invite_next(transaction)

    def open(self, _transaction: Transaction, participant: Participant, ip_address: str) -> None:
        """The link was opened: Universign tells nobody."""
        participant.ip_address = ip_address
        participant.opened_at = participant.opened_at or now()

    def consent(self, transaction: Transaction, participant: Participant) -> None:
        _require_turn(transaction, participant)
        participant.status, participant.consent_at = "confirming", now()
        if needs_code(participant):
            self.send_code(transaction, participant)

    def send_code(self, transaction: Transaction, participant: Participant) -> None:
        """A new one-time code; the former one no longer works."""
        _require_turn(transaction, participant)
        participant.code, participant.wrong_codes = f"{secrets.randbelow(10**6):06}", 0
        self._note("code", participant, participant.phone_number or "", "sms")

    def sign(self, transaction: Transaction, participant: Participant, code: str | None) -> bool:
        """Sign if the code is right (when one is needed); False when it is wrong. After too many wrong
        codes a new one is sent."""
        _require_turn(transaction, participant)
        if needs_code(participant):
            right, given = participant.code, code
            if right is None or given is None or not secrets.compare_digest(right, given):
                participant.wrong_codes += 1
                if participant.wrong_codes >= MAX_WRONG_CODES:
                    self.send_code(transaction, participant)
                return False
        participant.status, participant.signed_at = "signed", now()
        self.emit("action.closed", transaction, participant)
        if all(one.status == "signed" for one in transaction.signers):
            self._complete(transaction)
        else:
            self._invite_next(transaction)
        return True

    def decline(self, transaction: Transaction, participant: Participant, _reason: str) -> None:
        """It only stalls, and no reason is passed on: the transaction goes on, and so may the others."""
        _require_turn(transaction, participant)
        participant.status, participant.refusal = "refused", "signature_refusal"
        self.emit("action.stalled", transaction, participant)

    def cancel(self, transaction: Transaction) -> None:
        require(transaction, "draft", "started")
        transaction.state = "cancelled"
        self.emit("transaction.lifecycle.cancelled", transaction, None)

    def expire(self, transaction: Transaction) -> None:
        require(transaction, "started")
        transaction.state, transaction.expires_at = "expired", min(transaction.expires_at, now())
        self.emit("transaction.lifecycle.expired", transaction, None)

    def expire_overdue(self, transaction: Transaction) -> None:
        """Expire what was started, delete what never was."""
        if now() < transaction.expires_at:
            return
        if transaction.state == "started":
            self.expire(transaction)
        elif transaction.state == "draft":
            del self.state.transactions[transaction.id]

    def remind(self, transaction: Transaction, participant: Participant, *, automatic: bool = False) -> None:
        require(transaction, "started")
        if participant.status not in ("notified", "confirming") or not participant.schedule:
            raise bad_request("This participant cannot be reminded.")
        last = participant.reminded_at
        if not automatic and last and now() - last < BETWEEN_REMINDERS:
            raise bad_request("At least one hour must pass between two reminders.")
        participant.reminded_at = now()
        self._note("reminder", participant)
        kind = "reminder" if automatic else "manualreminder"
        self.emit(f"action.{kind}.sent", transaction, participant)

    def _invite_next(self, transaction: Transaction) -> None:
        """All those whose turn has come; the e-mail leaves only when there is a schedule."""
        signed = {one.email.casefold() for one in transaction.participants if one.status == "signed"}
        for participant in transaction.signers:
            email = participant.email.casefold()
            awaited = {first.casefold() for first, then in transaction.before if then.casefold() == email}
            if participant.status != "waiting" or not awaited <= signed:
                continue
            participant.status = "notified"
            if participant.schedule:
                self._note("invitation", participant)
            self.emit("action.opened", transaction, participant)

    def _complete(self, transaction: Transaction) -> None:
        names = [one.name for one in transaction.signers]
        for document in transaction.documents:
            document.sealed = self.sealer.seal(document.content, names, _visible(transaction, document))
        transaction.state, transaction.completed_at = "completed", now()
        for participant in transaction.signers:
            self._note("end", participant)
        self.emit("transaction.lifecycle.completed", transaction, None)

    def _note(self, kind: str, to: Participant, address: str | None = None, channel: str = "email") -> None:
        at = now().isoformat(timespec="seconds")
        self.state.messages.append(remembered.Message(kind, channel, address or to.email, to.id, at))


def require(transaction: Transaction, *states: str) -> None:
    """Raise the refusal of a call that the transaction's state does not allow."""
    if transaction.state not in states:
        raise bad_request(f"This is not possible on a transaction in state {transaction.state}.")


def needs_code(participant: Participant) -> bool:
    return participant.level != "level0"


def _require_turn(transaction: Transaction, participant: Participant) -> None:
    require(transaction, "started")
    if participant.status not in ("notified", "confirming"):
        raise bad_request("It is not this participant's turn.")


def _visible(transaction: Transaction, document: Document) -> list[Visible]:
    shown = []
    for place in document.fields:
        signed = [one for email in place.signers if (one := transaction.participant(email)) and one.signed_at]
        if place.page is not None and signed and signed[0].signed_at:
            at = signed[0].signed_at
            box = (place.page, place.x, place.y, FIELD_WIDTH, FIELD_HEIGHT)
            shown.append(Visible(signed[0].name, at, TIMEZONE, *box))
    return shown
