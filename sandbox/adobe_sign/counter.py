"""What the signing pages and the controls are shown of an agreement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sandbox.adobe_sign.answers import moment, security
from sandbox.adobe_sign.desk import Desk
from sandbox.adobe_sign.refusals import Refusal
from sandbox.adobe_sign.state import EXPIRED, OUT, PREPARING, SIGNED, TIMEZONE, Agreement, Participant
from sandbox.signing import counter, french
from sandbox.signing.counter import Code, Paper, View


class Counter(counter.Counter[Agreement, Participant]):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.state.lock, desk.lifecycle, Refusal)
        self.desk = desk

    def requests(self) -> Iterable[Agreement]:
        return tuple(self.desk.state.agreements.values())

    def request(self, request_id: str) -> Agreement:
        return self.desk.agreement(request_id)

    def signers(self, agreement: Agreement) -> Sequence[Participant]:
        return sorted(agreement.participants, key=lambda one: one.order)

    def is_out(self, agreement: Agreement) -> bool:
        return agreement.status != PREPARING

    def look(self, agreement: Agreement, one: Participant) -> View:
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

    def summary(self, agreement: Agreement) -> dict[str, Any]:
        return {
            "id": agreement.id,
            "external_id": agreement.external_id,
            "name": agreement.asked["name"],
            "status": agreement.status,
            "expiration_date": moment(agreement.expires_at),
            "signers": [
                {
                    "id": one.id,
                    "name": one.signer_name,
                    "status": one.state,
                    "authentication": security(one)["authenticationMethod"],
                    "link": f"{self.desk.link_base}/{one.token}",
                }
                for one in agreement.participants
            ],
        }


def _situation(agreement: Agreement, one: Participant) -> str:
    if one.state == "signed":
        return "completed" if agreement.status == SIGNED else "signed"
    if agreement.status == EXPIRED:
        return "expired"
    if agreement.status != OUT:
        declined = any(other.state == "declined" for other in agreement.participants)
        return "declined" if declined else "canceled"
    return {"asked": "reading", "accepted": "confirming"}.get(one.state, "waiting")
