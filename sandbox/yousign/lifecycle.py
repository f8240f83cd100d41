"""What may happen to a signature request, in which order, and what each move tells the outside.

Every function is called with the state's lock held. Moves that are not allowed raise Refusal.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox.signing import remembered
from sandbox.signing.seal import Sealer, Visible
from sandbox.yousign.refusals import bad_request
from sandbox.yousign.state import Document, SignatureRequest, Signer, State, now

DEFAULT_LIFE_DAYS, MAX_LIFE_DAYS = 183, 366
MAX_WRONG_CODES = 5

#: event name, request, signer of a signer's event
Emit = Callable[[str, SignatureRequest, Signer | None], None]


def end_of_day(day: str | None, timezone: str) -> datetime:
    """The moment a request expires: the last minute of ``day`` there, six months ahead by default;
    refused when past or more than a year ahead."""
    zone = ZoneInfo(timezone)
    today = now().astimezone(zone).date()
    last = date.fromisoformat(day) if day else today + timedelta(days=DEFAULT_LIFE_DAYS)
    if not today <= last <= today + timedelta(days=MAX_LIFE_DAYS):
        raise bad_request("expiration_date: must be in the future and within one year")
    return datetime.combine(last, time(23, 59), zone).astimezone(UTC)


@dataclass
class Lifecycle:
    """The moves; ``emit`` sends the webhooks, ``sealer`` makes the final documents."""

    state: State
    emit: Emit
    sealer: Sealer

    def activate(self, request: SignatureRequest) -> None:
        require(request, "draft")
        if not request.signable or not request.signers:
            raise bad_request("At least one signable document and one signer are required.")
        for signer in request.signers:
            if not request.fields_of(signer):
                raise bad_request("Every signer must have at least one signature field.")
        request.status, request.activated_at = "ongoing", now()
        self.emit("signature_request.activated", request, None)
        self._invite_next(request)

    def open(self, request: SignatureRequest, signer: Signer, ip_address: str) -> None:
        """The signer's link was opened; told the first time only."""
        signer.ip_address = ip_address
        if signer.opened_at is None:
            signer.opened_at = now()
            self.emit("signer.link_opened", request, signer)

    def consent(self, request: SignatureRequest, signer: Signer) -> None:
        self._require_turn(request, signer)
        signer.status, signer.consent_at = "consent_given", now()
        if signer.authentication in ("otp_email", "otp_sms"):
            self.send_code(request, signer)

    def send_code(self, request: SignatureRequest, signer: Signer) -> None:
        """A new one-time code; the former one no longer works."""
        self._require_turn(request, signer)
        signer.code, signer.wrong_codes = f"{secrets.randbelow(10**6):06}", 0
        self._note("code", signer)

    def sign(self, request: SignatureRequest, signer: Signer, code: str | None) -> bool:
        """Sign if the code is right (when one is needed); False when it is wrong. After too many wrong
        codes a new one is sent."""
        self._require_turn(request, signer)
        if signer.authentication in ("otp_email", "otp_sms"):
            if signer.code is None or code is None or not secrets.compare_digest(signer.code, code):
                signer.wrong_codes += 1
                if signer.wrong_codes >= MAX_WRONG_CODES:
                    self.send_code(request, signer)
                return False
            signer.verified_at = now()
        signer.status, signer.signed_at = "signed", now()
        self.emit("signer.done", request, signer)
        if all(one.status == "signed" for one in request.signers):
            self._complete(request)
        else:
            self._invite_next(request)
        return True

    def decline(self, request: SignatureRequest, signer: Signer, reason: str) -> None:
        self._require_turn(request, signer)
        if not request.asked["signers_allowed_to_decline"]:
            raise bad_request("Signers are not allowed to decline this signature request.")
        signer.status, request.status = "declined", "declined"
        request.decline = {
            "signer_id": signer.id,
            "reason": reason,
            "declined_at": now().isoformat(timespec="seconds"),
        }
        self._abort_others(request)
        self.emit("signer.declined", request, signer)
        self.emit("signature_request.declined", request, None)

    def cancel(self, request: SignatureRequest) -> None:
        require(request, "ongoing", "approval")
        request.status = "canceled"
        self._abort_others(request)
        self.emit("signature_request.canceled", request, None)

    def expire(self, request: SignatureRequest) -> None:
        require(request, "ongoing")
        request.status, request.expires_at = "expired", min(request.expires_at, now())
        self.emit("signature_request.expired", request, None)

    def expire_overdue(self, request: SignatureRequest) -> None:
        if request.status == "ongoing" and now() >= request.expires_at:
            self.expire(request)

    def reactivate(self, request: SignatureRequest, expires_at: datetime) -> None:
        require(request, "expired")
        request.status, request.expires_at = "ongoing", expires_at
        self.emit("signature_request.reactivated", request, None)

    def remind(self, request: SignatureRequest, signer: Signer, *, automatic: bool = False) -> None:
        require(request, "ongoing")
        if signer.status != "notified":
            raise bad_request("The signer must be in status notified to be reminded.")
        self._note("reminder", signer)
        kind = "automatic_reminder_executed" if automatic else "reminder_executed"
        self.emit(f"signature_request.{kind}", request, None)

    def delete(self, request: SignatureRequest, *, permanently: bool) -> None:
        if request.status in ("ongoing", "approval"):
            raise bad_request("A signature request cannot be deleted while it is ongoing: cancel it first.")
        request.status = "deleted"
        self.emit("signature_request.deleted", request, None)
        if permanently:
            del self.state.requests[request.id]
            self.emit("signature_request.permanently_deleted", request, None)

    def _invite_next(self, request: SignatureRequest) -> None:
        """All who wait, or, when the order matters, the first of them."""
        waiting = [signer for signer in request.signers if signer.status == "initiated"]
        if request.asked["ordered_signers"]:
            waiting = (
                [] if any(s.status in ("notified", "consent_given") for s in request.signers) else waiting[:1]
            )
        for signer in waiting:
            signer.status = "notified"
            if (signer.asked.get("delivery_mode") or request.asked["delivery_mode"]) == "email":
                self._note("invitation", signer)
            self.emit("signer.notified", request, signer)

    def _complete(self, request: SignatureRequest) -> None:
        names = [signer.name for signer in request.signers]
        for document in request.signable:
            document.sealed = self.sealer.seal(document.content, names, _visible(request, document))
        request.status, request.completed_at = "done", now()
        for signer in request.signers:
            self._note("end", signer)
        self.emit("signature_request.done", request, None)

    def _abort_others(self, request: SignatureRequest) -> None:
        for signer in request.signers:
            if signer.is_waiting:
                signer.status = "aborted"

    def _note(self, kind: str, signer: Signer) -> None:
        is_sms = kind == "code" and signer.authentication == "otp_sms"
        to = signer.info["phone_number"] if is_sms else signer.info["email"]
        at = now().isoformat(timespec="seconds")
        self.state.messages.append(remembered.Message(kind, "sms" if is_sms else "email", to, signer.id, at))

    def _require_turn(self, request: SignatureRequest, signer: Signer) -> None:
        require(request, "ongoing")
        if not signer.is_waiting or signer.status == "initiated":
            raise bad_request("It is not this signer's turn.")


def require(request: SignatureRequest, *statuses: str) -> None:
    """Raise the refusal of a call that the request's status does not allow."""
    if request.status not in statuses:
        raise bad_request(f"This is not possible on a signature request in status {request.status}.")


def _visible(request: SignatureRequest, document: Document) -> list[Visible]:
    zone = request.asked["timezone"]
    return [
        Visible(signer.name, signer.signed_at, zone, place.page, place.x, place.y, place.width, place.height)
        for signer in request.signers
        for place in request.fields_of(signer)
        if place.document_id == document.id and signer.signed_at
    ]
