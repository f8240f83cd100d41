"""What all routes of the stand-in share: the state, the moves, the webhooks, the way to find things."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.adobe_sign.lifecycle import Lifecycle
from sandbox.adobe_sign.refusals import not_found
from sandbox.adobe_sign.state import Agreement, Participant, State
from sandbox.adobe_sign.webhooks import Webhooks
from sandbox.context import Context
from sandbox.signing.seal import Sealer

#: how long Adobe seems to work on a document, scaled as its retries are
PREPARING_SECONDS = 3.0


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

    @property
    def preparing_seconds(self) -> float:
        """To the tenth: at the pace of tests there is no wait."""
        return round(PREPARING_SECONDS * self.context.retry_scale, 1)

    def reset(self) -> None:
        with self.state.lock:
            self.webhooks.clear()
            self.state.clear()

    def agreement(self, agreement_id: str) -> Agreement:
        """Raises the 404 of an unknown one; an overdue one expires on the way."""
        found = self.state.agreements.get(agreement_id)
        if found is None:
            raise not_found("INVALID_AGREEMENT_ID", "The Agreement ID specified is invalid.")
        self.lifecycle.expire_overdue(found)
        return found

    def participant(self, agreement_id: str, participant_id: str) -> tuple[Agreement, Participant]:
        """By the id of the set or of its member."""
        agreement = self.agreement(agreement_id)
        for one in agreement.participants:
            if participant_id in (one.id, one.member_id):
                return agreement, one
        raise not_found("INVALID_PARTICIPANT_ID", "The participant ID specified is invalid.")
