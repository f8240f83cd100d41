"""What the signing pages are shown of a transaction, and what they may do to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import RLock

from sandbox.signing import french
from sandbox.signing.pages import Code, NoSuchLink, Paper, TooLate, View
from sandbox.universign.desk import Desk
from sandbox.universign.lifecycle import needs_code
from sandbox.universign.refusals import Refusal
from sandbox.universign.state import TIMEZONE, Participant, Transaction


@dataclass(frozen=True)
class Counter:
    """Satisfies ``sandbox.signing.pages.Counter``."""

    desk: Desk

    @property
    def lock(self) -> RLock:
        return self.desk.state.lock

    def view(self, token: str) -> View:
        transaction, participant = self._found(token)
        return View(
            situation=_situation(transaction, participant),
            request_name=transaction.name,
            papers=tuple(Paper(one.id, one.name, one.content, one.sealed) for one in transaction.documents),
            signer_name=participant.name,
            has_declined=participant.status == "refused",
            may_decline=True,
            expires_at=transaction.expires_at,
            timezone=TIMEZONE,
            signed_at=participant.signed_at,
            left=sum(one.is_pending for one in transaction.signers),
            code=_code(participant),
        )

    def open(self, token: str, ip_address: str) -> None:
        self.desk.lifecycle.open(self._found(token)[1], ip_address)

    def consent(self, token: str) -> None:
        self._move(token, self.desk.lifecycle.consent)

    def send_code(self, token: str) -> None:
        self._move(token, self.desk.lifecycle.send_code)

    def sign(self, token: str, code: str | None) -> bool:
        return self.desk.lifecycle.sign(*self._found(token), code)

    def decline(self, token: str, reason: str) -> None:  # noqa: ARG002 # Universign passes no reason on
        self._move(token, self.desk.lifecycle.refuse)

    def _move(self, token: str, move: Callable[[Transaction, Participant], None]) -> None:
        try:
            move(*self._found(token))
        except Refusal:
            raise TooLate from None

    def _found(self, token: str) -> tuple[Transaction, Participant]:
        pair = self.desk.state.by_token(token)
        if pair is None or pair[0].started_at is None:
            raise NoSuchLink
        self.desk.lifecycle.expire_overdue(pair[0])
        return pair


def _situation(transaction: Transaction, participant: Participant) -> str:
    if participant.status == "signed":
        return "completed" if transaction.state == "completed" else "signed"
    if participant.status == "refused":
        return "declined"
    if transaction.state != "started":
        return {"cancelled": "canceled"}.get(transaction.state, transaction.state)
    return {"notified": "reading", "confirming": "confirming"}.get(participant.status, "waiting")


def _code(participant: Participant) -> Code | None:
    if not needs_code(participant):
        return None
    return Code(True, french.hidden_phone(participant.phone_number or "+33 "), participant.code)
