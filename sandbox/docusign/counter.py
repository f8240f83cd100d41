"""What the signing pages are shown of an envelope, and what they may do to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import RLock

from sandbox.docusign.desk import Desk
from sandbox.docusign.lifecycle import TIMEZONE
from sandbox.docusign.refusals import Refusal
from sandbox.docusign.state import Envelope, Signer, now
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
        envelope, signer = self._found(token)
        phone = signer.phone
        return View(
            situation=_situation(envelope, signer),
            request_name=envelope.asked["emailSubject"],
            papers=(Paper("1", envelope.document_name, envelope.content, envelope.sealed),),
            signer_name=signer.name,
            has_declined=signer.status == "declined",
            may_decline=True,
            expires_at=envelope.expires_at,
            timezone=TIMEZONE,
            signed_at=signer.signed_at,
            left=sum(one.status != "completed" for one in envelope.signers),
            code=Code(True, french.hidden_phone(phone), signer.code) if phone else None,
        )

    def open(self, token: str, ip_address: str) -> None:
        self.desk.lifecycle.open(*self._found(token), ip_address)

    def consent(self, token: str) -> None:
        self._move(token, self.desk.lifecycle.consent)

    def send_code(self, token: str) -> None:
        self._move(token, self.desk.lifecycle.send_code)

    def sign(self, token: str, code: str | None) -> bool:
        return self.desk.lifecycle.sign(*self._found(token), code)

    def decline(self, token: str, reason: str) -> None:
        self._move(token, lambda envelope, signer: self.desk.lifecycle.decline(envelope, signer, reason))

    def _move(self, token: str, move: Callable[[Envelope, Signer], None]) -> None:
        try:
            move(*self._found(token))
        except Refusal:
            raise TooLate from None

    def _found(self, token: str) -> tuple[Envelope, Signer]:
        pair = self.desk.state.by_token(token)
        if pair is None or pair[0].status == "created":
            raise NoSuchLink
        self.desk.lifecycle.expire_overdue(pair[0])
        return pair


def _situation(envelope: Envelope, signer: Signer) -> str:
    if signer.status == "completed":
        return "completed" if envelope.status == "completed" else "signed"
    if envelope.status == "voided":
        return "expired" if now() >= envelope.expires_at else "canceled"
    if envelope.status == "declined":
        return "declined"
    if not signer.is_current:
        return "waiting"
    return "confirming" if signer.consent_at else "reading"
