"""What the suite does at a stand-in in place of people, whatever the provider."""

from __future__ import annotations

from typing import Protocol


class Hands(Protocol):
    """``ref`` and ``signer_ref`` are the provider's own identifiers."""

    def live(self, reference: str) -> list[str]:
        """The requests for our reference that the signers were asked about."""
        ...

    def drafts(self) -> list[str]:
        """What was begun and never activated, whatever its reference."""
        ...

    def invitations(self) -> int:
        """How many invitations went out to signers, reminders left aside."""
        ...

    def bin_drafts(self) -> None:
        """Throw the drafts away as a person does in the provider's own pages."""
        ...

    def sign(self, ref: str, signer_ref: str) -> None: ...

    def decline(self, ref: str, signer_ref: str, reason: str) -> None: ...

    def expire(self, ref: str) -> None: ...

    def callback_secret(self, told: str) -> str:
        """What callbacks are signed with from now on, ``told`` being what subscribing answered."""
        ...

    def not_ready(self, calls: int) -> None:
        """The next ``calls`` downloads are answered "not ready yet", as the provider says it."""
        ...
