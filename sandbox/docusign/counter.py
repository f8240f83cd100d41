"""What the signing pages and the controls are shown of an envelope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sandbox.docusign.answers import moment
from sandbox.docusign.desk import Desk
from sandbox.docusign.lifecycle import TIMEZONE
from sandbox.docusign.refusals import Refusal
from sandbox.docusign.state import Envelope, Signer, now
from sandbox.signing import counter, french
from sandbox.signing.counter import Code, Paper, View


class Counter(counter.Counter[Envelope, Signer]):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.state.lock, desk.lifecycle, Refusal)
        self.desk = desk

    def requests(self) -> Iterable[Envelope]:
        return tuple(self.desk.state.envelopes.values())

    def request(self, request_id: str) -> Envelope:
        return self.desk.envelope(request_id)

    def signers(self, envelope: Envelope) -> Sequence[Signer]:
        return envelope.signers

    def is_out(self, envelope: Envelope) -> bool:
        return envelope.status != "created"

    def look(self, envelope: Envelope, signer: Signer) -> View:
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

    def summary(self, envelope: Envelope) -> dict[str, Any]:
        return {
            "id": envelope.id,
            "external_id": envelope.external_id,
            "name": envelope.asked["emailSubject"],
            "status": envelope.status,
            "expiration_date": moment(envelope.expires_at),
            "signers": [
                {
                    "id": one.id,
                    "name": one.name,
                    "status": one.status,
                    "link": f"{self.desk.link_base}/{one.token}",
                }
                for one in envelope.signers
            ],
        }


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
