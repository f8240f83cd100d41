"""What the signing pages are shown of an agreement, and what they may do to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import RLock

from sandbox.adobe_sign.desk import Desk
from sandbox.adobe_sign.refusals import Refusal
from sandbox.adobe_sign.state import EXPIRED, OUT, PREPARING, SIGNED, TIMEZONE, Agreement, Participant
from sandbox.signing import french
from sandbox.signing.pages import Code, NoSuchLink, Paper, TooLate, View


@dataclass(frozen=True)
class Counter:
    """Satisfies ``sandbox.signing.pages.Counter``."""

    desk: Desk

    @property
    def lock(self) -> RLock:
        return self.desk.state.lock

    def view(self, token: str) -> View:
        agreement, one = self._found(token)
        return View(
            situation=_situation(agreement, one),
            request_name=agreement.asked["name"],
            papers=(Paper(agreement.id, agreement.file_name, agreement.content, agreement.sealed),),
            signer_name=one.signer_name,
            has_declined=one.state == "declined",
            may_decline=True,
            expires_at=agreement.expires_at,
            timezone=TIMEZONE,
            signed_at=one.signed_at,
            left=sum(other.is_waiting for other in agreement.participants),
            code=Code(True, french.hidden_phone(one.phone), one.code) if one.phone else None,
        )

    def open(self, token: str, ip_address: str) -> None:
        self.desk.lifecycle.open(*self._found(token), ip_address)

    def consent(self, token: str) -> None:
        self._move(token, self.desk.lifecycle.accept)

    def send_code(self, token: str) -> None:
        self._move(token, self.desk.lifecycle.send_code)

    def sign(self, token: str, code: str | None) -> bool:
        return self.desk.lifecycle.sign(*self._found(token), code)

    def decline(self, token: str, reason: str) -> None:
        self._move(token, lambda agreement, one: self.desk.lifecycle.decline(agreement, one, reason))

    def _move(self, token: str, move: Callable[[Agreement, Participant], None]) -> None:
        try:
            move(*self._found(token))
        except Refusal:
            raise TooLate from None

    def _found(self, token: str) -> tuple[Agreement, Participant]:
        pair = self.desk.state.by_token(token)
        if pair is None or pair[0].status == PREPARING:
            raise NoSuchLink
        self.desk.lifecycle.expire_overdue(pair[0])
        return pair


def _situation(agreement: Agreement, one: Participant) -> str:
    if one.state == "signed":
        return "completed" if agreement.status == SIGNED else "signed"
    if agreement.status == EXPIRED:
        return "expired"
    if agreement.status != OUT:
        declined = any(other.state == "declined" for other in agreement.participants)
        return "declined" if declined else "canceled"
    return {"asked": "reading", "accepted": "confirming"}.get(one.state, "waiting")
