"""What the signing pages are shown of a request, and what they may do to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import RLock

from sandbox.signing import french
from sandbox.signing.pages import Code, NoSuchLink, Paper, TooLate, View
from sandbox.yousign.desk import Desk
from sandbox.yousign.refusals import Refusal
from sandbox.yousign.state import SignatureRequest, Signer


@dataclass(frozen=True)
class Counter:
    """Satisfies ``sandbox.signing.pages.Counter``."""

    desk: Desk

    @property
    def lock(self) -> RLock:
        return self.desk.state.lock

    def view(self, token: str) -> View:
        request, signer = self._found(token)
        return View(
            situation=_situation(request, signer),
            request_name=request.asked["name"],
            papers=tuple(Paper(one.id, one.name, one.content, one.sealed) for one in request.documents),
            signer_name=signer.name,
            has_declined=signer.status == "declined",
            may_decline=request.asked["signers_allowed_to_decline"],
            expires_at=request.expires_at,
            timezone=request.asked["timezone"],
            signed_at=signer.signed_at,
            left=sum(one.is_waiting for one in request.signers),
            code=_code(signer),
            return_url=(signer.asked.get("redirect_urls") or {}).get("success"),
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
        self._move(token, lambda request, signer: self.desk.lifecycle.decline(request, signer, reason))

    def _move(self, token: str, move: Callable[[SignatureRequest, Signer], None]) -> None:
        try:
            move(*self._found(token))
        except Refusal:
            raise TooLate from None

    def _found(self, token: str) -> tuple[SignatureRequest, Signer]:
        pair = self.desk.state.by_token(token)
        if pair is None or pair[0].status in ("draft", "deleted"):
            raise NoSuchLink
        self.desk.lifecycle.expire_overdue(pair[0])
        return pair


def _situation(request: SignatureRequest, signer: Signer) -> str:
    if signer.status == "signed":
        return "completed" if request.status == "done" else "signed"
    if request.status != "ongoing":
        return request.status
    return {"notified": "reading", "consent_given": "confirming"}.get(signer.status, "waiting")


def _code(signer: Signer) -> Code | None:
    if signer.authentication == "otp_sms":
        return Code(True, french.hidden_phone(signer.info["phone_number"]), signer.code)
    if signer.authentication == "otp_email":
        return Code(False, french.hidden_email(signer.info["email"]), signer.code)
    return None
