"""What the scenarios of one rehearsal share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.errors import ParapheError
from domain.lifecycle import ENDED, State
from rehearsal.hands import Hands
from rehearsal.listener import Listener
from rehearsal.outcome import ByHand, Failed
from rehearsal.records import record
from rehearsal.scratch import Scratch
from rehearsal.stand_ins import StandIn

_TIDY_SECONDS = 15.0
SIGNED_PATH, RESUMED_PATH = "/facturation", "/reprise"


@dataclass
class Stage:
    """``stand_in`` is None at a real provider; ``folder`` is the report's. ``nominal`` and ``devices`` are
    conventions that several scenarios look at."""

    hub: Scratch
    hands: Hands
    stand_in: StandIn | None
    billing: Listener
    folder: Path
    firm_days: tuple[int, ...]
    mails: Sequence[str] = ()
    phone: str | None = None
    nominal: str | None = None
    devices: str | None = None
    hook_secret: str = ""
    _numbers: list[str] = field(default_factory=list)

    def record(self, sample: str) -> dict[str, Any]:
        """Under a number of its own: the same record is never sent twice."""
        self._numbers.append(f"REPETITION-{len(self._numbers) + 1:02}")
        return record(sample, self._numbers[-1], self.mails, self.phone)

    def archived(self) -> dict[str, Any]:
        """The nominal convention, filed; what looks at it has nothing to see before."""
        if self.nominal is None:
            raise Failed("Le cas nominal n'est pas parti : rien à examiner.", "Voyez le scénario 1.")
        shown = self.hub.shown(self.nominal)
        if shown["state"] == State.ARCHIVED:
            return shown
        if shown["state"] == State.CANCELLED:  # by ``tidy``: nobody had signed it
            raise ByHand("La convention du cas nominal n'a pas été signée : rien à examiner encore.")
        raise Failed("Le cas nominal n'est pas allé jusqu'au classement.", "Voyez le scénario 1.")

    def tidy(self) -> list[str]:
        """Nothing of a rehearsal stays before signers; the file numbers of what could not be cancelled. The
        lease of a step that was cut short is taken to have run out."""
        lease = float(self.hub.settings.core.lease_seconds)
        with self.hub.later((lease + 1) / 3600):
            return [number for one in self.hub.made if (number := self._still_open(one))]

    def _still_open(self, convention_id: str) -> str | None:
        shown = self.hub.shown(convention_id)
        if State(shown["state"]) in ENDED | {State.SIGNED}:
            return None
        try:
            self.hub.post(f"/v1/conventions/{convention_id}/cancel")
            self.hub.carry(convention_id, State.CANCELLED, patience=_TIDY_SECONDS)
        except (Failed, ParapheError):
            return str(shown.get("dossier", convention_id))
        return None
