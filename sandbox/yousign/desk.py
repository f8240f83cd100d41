"""What all routes of the stand-in share: the state, the moves, the webhooks, the way to find things."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from sandbox.context import Context
from sandbox.signing.seal import Sealer
from sandbox.yousign.lifecycle import Lifecycle
from sandbox.yousign.refusals import Refusal, not_found
from sandbox.yousign.state import Document, SignatureRequest, Signer, State
from sandbox.yousign.webhooks import Webhooks


@dataclass(frozen=True)
class Desk:
    context: Context
    state: State
    webhooks: Webhooks
    lifecycle: Lifecycle

    @classmethod
    def set_up(cls, context: Context) -> Desk:
        state = State()
        webhooks = Webhooks(state, context.retry_scale)
        return cls(context, state, webhooks, Lifecycle(state, webhooks.emit, Sealer(context.authority)))

    @property
    def link_base(self) -> str:
        """What a signing link starts with; its token follows."""
        return f"{self.context.url}/s"

    def reset(self) -> None:
        with self.state.lock:
            self.webhooks.clear()
            self.state.clear()

    def request(self, request_id: str) -> SignatureRequest:
        """Raises the 404 of an unknown one; an overdue one expires on the way."""
        found = self.state.requests.get(request_id)
        if found is None:
            raise not_found("Signature request")
        self.lifecycle.expire_overdue(found)
        return found

    def signer(self, request_id: str, signer_id: str) -> tuple[SignatureRequest, Signer]:
        request = self.request(request_id)
        for signer in request.signers:
            if signer.id == signer_id:
                return request, signer
        raise not_found("Signer")

    def document(self, request_id: str, document_id: str) -> tuple[SignatureRequest, Document]:
        request = self.request(request_id)
        for document in request.documents:
            if document.id == document_id:
                return request, document
        raise not_found("Document")

    def require_prepared(self) -> None:
        """Raise what a download answers while the provider is still preparing the file."""
        if self.state.switchboard.still_preparing():
            status = HTTPStatus(self.state.switchboard.not_ready_status)
            raise Refusal(status, "This file is not available yet.")
