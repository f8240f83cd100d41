"""Who signs in a rehearsal: the stand-in by itself, or the person who plays it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from domain.lifecycle import AT_PROVIDER, State
from domain.signature import SignerStatus
from rehearsal.outcome import ByHand, Failed
from rehearsal.scratch import Scratch
from rehearsal.stand_ins import StandIn

_ASK_SECONDS = 5.0
ROLES = {"client": "client", "co_contractant": "cocontractant", "avocat": "avocat"}


class Hands(Protocol):
    def sign(self, hub: Scratch, convention_id: str, key: str) -> None:
        """The signer ``key`` has signed, and the hub has seen it. Raises ByHand when nobody did in time."""
        ...


class StandInHands:
    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in

    def sign(self, hub: Scratch, convention_id: str, key: str) -> None:
        row = hub.row(convention_id)
        rank = [one.key for one in row.signers].index(key)
        self.stand_in.sign(row.provider_ref or "", rank)
        require_signed(hub, convention_id, key)


class PersonHands:
    """``seconds`` is how long each signature is waited for."""

    def __init__(self, say: Callable[[str], None], seconds: float) -> None:
        self._say, self._seconds = say, seconds

    def sign(self, hub: Scratch, convention_id: str, key: str) -> None:
        signer = signer_of(hub.shown(convention_id), key)
        where = signer.get("link") or "voir le courriel du prestataire"
        self._say(f"     → À signer ({ROLES.get(signer['role'], signer['role'])}) : {where}")
        ends = time.monotonic() + self._seconds
        while not is_signed(hub, convention_id, key):
            if time.monotonic() >= ends:
                raise ByHand("Envoyée et prête à signer ; personne n'a signé dans le délai (--timeout).")
            time.sleep(min(_ASK_SECONDS, self._seconds / 20))


def signer_of(shown: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in shown["signers"] if one["key"] == key)
    return found


def keys_of(shown: dict[str, Any]) -> list[str]:
    return [one["key"] for one in shown["signers"]]


def is_signed(hub: Scratch, convention_id: str, key: str) -> bool:
    hub.ask_provider(convention_id)
    shown = hub.shown(convention_id)
    state = State(shown["state"])
    if state not in AT_PROVIDER | {State.SIGNED, State.ARCHIVED}:
        raise Failed("La convention s'est terminée sans être signée.", "Rejouez la répétition.")
    return bool(signer_of(shown, key)["status"] == SignerStatus.SIGNED.value)


def require_signed(hub: Scratch, convention_id: str, key: str) -> None:
    """What a stand-in signed is signed at once."""
    if not is_signed(hub, convention_id, key):
        raise Failed(
            "Un signataire a signé, et le hub ne le voit pas chez le prestataire.",
            "Voyez le journal technique, puis rejouez la répétition.",
        )
