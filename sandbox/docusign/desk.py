"""What all routes of the stand-in share: the state, the moves, the messages, the way to find things."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from sandbox.context import Context
from sandbox.docusign.connect import Connect
from sandbox.docusign.lifecycle import Lifecycle
from sandbox.docusign.refusals import Refusal, no_envelope
from sandbox.docusign.state import Envelope, Signer, State, now
from sandbox.signing.seal import Sealer


@dataclass(frozen=True)
class Desk:
    context: Context
    state: State
    connect: Connect
    lifecycle: Lifecycle

    @classmethod
    def set_up(cls, context: Context) -> Desk:
        state = State()
        connect = Connect(state, context.retry_scale)
        return cls(context, state, connect, Lifecycle(state, connect.emit, Sealer(context.authority)))

    @property
    def link_base(self) -> str:
        """What a signing link starts with; its token follows."""
        return f"{self.context.url}/s"

    def accepts(self, authorization: str) -> bool:
        """Whether this is a token that was given and still lives. Called with the lock held."""
        kind, _, token = authorization.partition(" ")
        until = self.state.tokens.get(token)
        return kind.lower() == "bearer" and until is not None and now() < until

    def reset(self) -> None:
        with self.state.lock:
            self.connect.clear()
            self.state.clear()

    def envelope(self, envelope_id: str) -> Envelope:
        """Raises the refusal of an unknown one; an overdue one expires on the way."""
        found = self.state.envelopes.get(envelope_id)
        if found is None:
            raise no_envelope()
        self.lifecycle.expire_overdue(found)
        return found

    def signer(self, envelope_id: str, signer_id: str) -> tuple[Envelope, Signer]:
        envelope = self.envelope(envelope_id)
        for signer in envelope.signers:
            if signer.id == signer_id:
                return envelope, signer
        raise Refusal("RECIPIENT_NOT_IN_SEQUENCE", "The recipient is not in the envelope.")

    def require_prepared(self) -> None:
        """Raise what a download answers while the file is being prepared (its code is not published)."""
        if self.state.switchboard.still_preparing():
            status = HTTPStatus(self.state.switchboard.not_ready_status)
            raise Refusal("DOCUMENT_NOT_AVAILABLE", "The document is not available yet.", status)
