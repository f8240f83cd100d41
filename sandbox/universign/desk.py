"""What all routes of the stand-in share: the state, the moves, the webhooks, the way to find things."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.context import Context
from sandbox.signing.seal import Sealer
from sandbox.universign.keys import KeyRing
from sandbox.universign.lifecycle import Lifecycle
from sandbox.universign.refusals import not_found
from sandbox.universign.state import Document, Participant, State, Transaction
from sandbox.universign.webhooks import Webhooks


@dataclass(frozen=True)
class Desk:
    """``link_base`` is what a signing link starts with; its token follows."""

    context: Context
    state: State
    keys: KeyRing
    webhooks: Webhooks
    lifecycle: Lifecycle
    link_base: str

    @classmethod
    def set_up(cls, context: Context) -> Desk:
        state, keys, link_base = State(), KeyRing(), f"{context.url}/s"
        webhooks = Webhooks(state, keys, link_base, context.retry_scale)
        lifecycle = Lifecycle(state, webhooks.emit, Sealer(context.authority))
        return cls(context, state, keys, webhooks, lifecycle, link_base)

    def reset(self) -> None:
        with self.state.lock:
            self.webhooks.clear()
            self.keys.clear()
            self.state.clear()

    def transaction(self, transaction_id: str) -> Transaction:
        """Raises the 404 of an unknown one; an overdue one expires on the way."""
        if found := self.state.transactions.get(transaction_id):
            self.lifecycle.expire_overdue(found)
        found = self.state.transactions.get(transaction_id)
        if found is None:
            raise not_found("Transaction")
        return found

    def document(self, transaction_id: str, document_id: str) -> tuple[Transaction, Document]:
        within = self.transaction(transaction_id)
        for document in within.documents:
            if document.id == document_id:
                return within, document
        raise not_found("Document")

    def participant(self, transaction: Transaction, email: str) -> Participant:
        found = transaction.participant(email)
        if found is None:
            raise not_found("Participant")
        return found

    def require_archived(self, transaction: Transaction) -> None:
        """Archives exist once the transaction is completed, and some minutes more."""
        if transaction.state != "completed" or self.state.switchboard.still_preparing():
            raise not_found("Archive")
