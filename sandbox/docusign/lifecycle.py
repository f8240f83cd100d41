"""What may happen to an envelope, in which order, and what each move tells the outside.

Every function is called with the state's lock held. Moves that are not allowed raise Refusal.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sandbox.docusign.refusals import Refusal
from sandbox.docusign.state import Envelope, Signer, State, now
from sandbox.signing import remembered
from sandbox.signing.seal import Sealer, Visible

MAX_WRONG_CODES = 5
MAX_REASON = 200
TIMEZONE = "Europe/Paris"
#: the size of a sign-here tab at its usual scale, in points
TAB_WIDTH, TAB_HEIGHT = 140.0, 56.0
EXPIRED = "Envelope has expired."

#: event, envelope, recipient of a recipient's event
Emit = Callable[[str, Envelope, Signer | None], None]


@dataclass
class Lifecycle:
    """The moves; ``emit`` sends the Connect messages, ``sealer`` makes the final document."""

    state: State
    emit: Emit
    sealer: Sealer

    def send(self, envelope: Envelope) -> None:
        envelope.status, envelope.sent_at = "sent", now()
        self._tell(envelope, "Sent Envelope", "envelope-sent")
        self._invite_next(envelope)

    def open(self, envelope: Envelope, signer: Signer, ip_address: str) -> None:
        """The signer's link was opened; told the first time only. Once all who are asked have opened it, the
        envelope itself is delivered."""
        signer.ip_address = ip_address
        if signer.status != "sent":
            return
        signer.status, signer.delivered_at = "delivered", now()
        self._tell(envelope, "Viewed Envelope", "recipient-delivered", signer)
        if envelope.status == "sent" and all(one.status != "sent" for one in envelope.signers):
            envelope.status, envelope.delivered_at = "delivered", now()
            self._tell(envelope, "Delivered Envelope", "envelope-delivered")

    def consent(self, envelope: Envelope, signer: Signer) -> None:
        self._require_turn(envelope, signer)
        signer.consent_at = now()
        if signer.phone:
            self.send_code(envelope, signer)

    def send_code(self, envelope: Envelope, signer: Signer) -> None:
        """A new one-time code; the former one no longer works."""
        self._require_turn(envelope, signer)
        signer.code, signer.wrong_codes = f"{secrets.randbelow(10**6):06}", 0
        self._note("code", signer)

    def sign(self, envelope: Envelope, signer: Signer, code: str | None) -> bool:
        """Sign if the code is right (when one is needed); False when it is wrong. After too many wrong
        codes a new one is sent."""
        self._require_turn(envelope, signer)
        if signer.phone:
            if signer.code is None or code is None or not secrets.compare_digest(signer.code, code):
                self._refuse_code(envelope, signer)
                return False
            signer.verified_at = now()
        signer.status, signer.signed_at = "completed", now()
        self._tell(envelope, "Signed Envelope", "recipient-completed", signer)
        if all(one.status == "completed" for one in envelope.signers):
            self._complete(envelope)
        else:
            self._invite_next(envelope)
        return True

    def decline(self, envelope: Envelope, signer: Signer, reason: str) -> None:
        self._require_turn(envelope, signer)
        signer.status, signer.declined_at, signer.declined_reason = "declined", now(), reason
        envelope.status, envelope.declined_at = "declined", now()
        self._tell(envelope, "Declined Envelope", "recipient-declined", signer)
        self._tell(envelope, "Declined Envelope", "envelope-declined")

    def void(self, envelope: Envelope, reason: str) -> None:
        if not envelope.is_open:
            raise Refusal(
                "ENVELOPE_CANNOT_VOID_INVALID_STATE",
                "Only envelopes in the 'Sent' or 'Delivered' states may be voided.",
            )
        envelope.status, envelope.voided_at = "voided", now()
        envelope.voided_reason = reason[:MAX_REASON]
        for signer in envelope.signers:
            if signer.is_current:
                self._note("void", signer)
        self._tell(envelope, "Voided Envelope", "envelope-voided")

    def expire(self, envelope: Envelope) -> None:
        envelope.expires_at = min(envelope.expires_at, now())
        self.void(envelope, EXPIRED)

    def expire_overdue(self, envelope: Envelope) -> None:
        if envelope.is_open and now() >= envelope.expires_at:
            self.expire(envelope)

    def resend(self, envelope: Envelope, signer: Signer, *, corrected: bool = False) -> None:
        """The invitation once more; a correction mails something else."""
        self._require_turn(envelope, signer)
        self._note("correction" if corrected else "reminder", signer)
        self._tell(envelope, "Resent Envelope", "recipient-resent", signer)

    def _refuse_code(self, envelope: Envelope, signer: Signer) -> None:
        signer.wrong_codes += 1
        if signer.wrong_codes >= MAX_WRONG_CODES:
            self._tell(envelope, "Failed Authentication", "recipient-authenticationfailed", signer)
            self.send_code(envelope, signer)

    def _invite_next(self, envelope: Envelope) -> None:
        """All of the lowest routing order that has not finished."""
        waiting = [one for one in envelope.signers if one.status != "completed"]
        turn = min(one.routing_order for one in waiting)
        for signer in waiting:
            if signer.routing_order == turn and signer.status == "created":
                signer.status, signer.sent_at = "sent", now()
                self._note("invitation", signer)
                self._tell(envelope, "Sent Invitations", "recipient-sent", signer)

    def _complete(self, envelope: Envelope) -> None:
        names = [signer.name for signer in envelope.signers]
        envelope.sealed = self.sealer.seal(envelope.content, names, _visible(envelope))
        envelope.status, envelope.completed_at = "completed", now()
        for signer in envelope.signers:
            self._note("end", signer)
        self._tell(envelope, "Completed Envelope", "envelope-completed")

    def _tell(self, envelope: Envelope, action: str, event: str, signer: Signer | None = None) -> None:
        """Write it in the envelope's history, and to whoever listens."""
        envelope.changed_at = now()
        who = signer.name if signer else "Bac À Sable"
        envelope.history.append(
            {
                "logTime": envelope.changed_at.isoformat(),
                "Source": "Web" if signer else "API",
                "UserName": who,
                "UserId": signer.guid if signer else "",
                "Action": action,
                "Message": f"{who} - {action}",
                "EnvelopeId": envelope.id,
                "EnvelopeStatus": envelope.status,
                "ClientIPAddress": (signer.ip_address if signer else None) or "127.0.0.1",
            }
        )
        self.emit(event, envelope, signer)

    def _note(self, kind: str, signer: Signer) -> None:
        channel, to = ("sms", signer.phone or "") if kind == "code" else ("email", signer.email)
        self.state.messages.append(remembered.Message(kind, channel, to, signer.id, now().isoformat()))

    def _require_turn(self, envelope: Envelope, signer: Signer) -> None:
        if not envelope.is_open or not signer.is_current:
            raise Refusal("ENVELOPE_INVALID_STATUS", "The recipient is not in a state to act.")


def expiry_days(days: str) -> timedelta:
    """``0`` is under a day."""
    return timedelta(days=int(days)) or timedelta(hours=12)


def _visible(envelope: Envelope) -> list[Visible]:
    """A sign-here tab stands on its anchor's line and rises above it; it is kept on the page."""
    return [
        Visible(signer.name, signer.signed_at, TIMEZONE, tab.page, tab.x, tab.y, TAB_WIDTH, TAB_HEIGHT)
        for signer in envelope.signers
        for tab in signer.tabs
        if signer.signed_at
    ]
