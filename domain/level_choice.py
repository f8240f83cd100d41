"""Which level a convention is signed at, and whether that choice stands beside the advice (R-SIG-01).

The caller's wish comes first, then the record's, then the settings'. ``auto`` names no level: it takes the
record's, or else the one advised. A level below the advice wants a reason, whoever chose it, the settings
included; above, none.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from domain.errors import FieldError, Invalid
from domain.level_advice import Advice, advise, lowered
from domain.record import Record
from domain.signature import Level
from domain.thresholds import Thresholds

AUTO = "auto"
#: where the reason is given: in the call, or in the record
IN_CALL, IN_RECORD = "signature.level_reason", "signature.derogation_motif"


@dataclass(frozen=True)
class Choice:
    """``reason``: why it is below the advice, in the lawyer's words; it may hold personal data. ``path``: the
    field that would hold it, given who chose."""

    chosen: Level
    advice: Advice
    reason: str | None
    path: str

    @property
    def lowered(self) -> bool:
        return lowered(self.chosen, self.advice)

    def faults(self) -> tuple[FieldError, ...]:
        """One when the level is below the advice without a reason."""
        if not self.lowered or self.reason:
            return ()
        detail = (
            f"{self.advice.reason} Le niveau choisi est inférieur : donnez-en le motif (« {IN_CALL} » de la "
            "demande, ou « Motif de dérogation » de la fiche), ou choisissez le niveau conseillé."
        )
        return (FieldError(self.path, "level_reason_missing", detail),)

    def require(self) -> None:
        """Raises Invalid: nothing is sent below the advice without a reason."""
        if faults := self.faults():
            raise Invalid(
                "level_reason_missing",
                "Le niveau de signature est inférieur à celui qui est conseillé, sans motif : rien n'a été "
                "envoyé. Donnez le motif ou changez le niveau, puis relancez.",
                faults,
            )

    def as_data(self) -> dict[str, Any]:
        """What is kept and shown: the advice, what was chosen, and why when it is lower. Absent, not null."""
        told = {name: value for name, value in asdict(self.advice).items() if value is not None}
        given = {"level_reason": self.reason} if self.lowered and self.reason else {}
        return {**told, "chosen": self.chosen.value, "lowered": self.lowered, **given}


def choose(
    record: Record, thresholds: Thresholds, asked: str | None, reason: str | None, default: str
) -> Choice:
    """``asked`` and ``reason`` are the caller's, ``default`` the settings'. Both levels may be ``auto``."""
    advice, wished = advise(record, thresholds), record.signature
    why = reason or wished.derogation_motif
    if asked is not None and asked != AUTO:
        return Choice(Level(asked), advice, why, IN_CALL)
    if wished.niveau is not None:
        return Choice(wished.niveau, advice, why, IN_RECORD)
    if AUTO in (asked, default):
        return Choice(advice.level, advice, why, IN_CALL)
    return Choice(Level(default), advice, why, IN_CALL)
