"""What the signing pages and the controls are shown of a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sandbox.signing import counter, french
from sandbox.signing.counter import Code, Paper, View
from sandbox.universign.desk import Desk
from sandbox.universign.lifecycle import needs_code
from sandbox.universign.refusals import Refusal
from sandbox.universign.state import TIMEZONE, Participant, Transaction


class Counter(counter.Counter[Transaction, Participant]):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.state.lock, desk.lifecycle, Refusal)
        self.desk = desk

    def requests(self) -> Iterable[Transaction]:
        return tuple(self.desk.state.transactions.values())

    def request(self, request_id: str) -> Transaction:
        return self.desk.transaction(request_id)

    def signers(self, transaction: Transaction) -> Sequence[Participant]:
        return transaction.signers

    def is_out(self, transaction: Transaction) -> bool:
        return transaction.started_at is not None

    def look(self, transaction: Transaction, participant: Participant) -> View:
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
            left=sum(one.is_waiting for one in transaction.signers),
            code=_code(participant),
        )

    def summary(self, transaction: Transaction) -> dict[str, Any]:
        return {
            "id": transaction.id,
            "name": transaction.name,
            "status": transaction.state,
            "was_started": transaction.started_at is not None,
            "documents": len(transaction.documents),
            "expires_at": transaction.expires_at.isoformat(),
            "signers": [
                {
                    "id": one.email,  # what the orders above take
                    "email": one.email,
                    "name": one.name,
                    "status": one.status,
                    "link": f"{self.desk.link_base}/{one.token}",
                }
                for one in transaction.signers
            ],
        }


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
