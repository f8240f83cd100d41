"""Three copies, on two kinds of medium, one off site (3-2-1): what counts as a copy, and what is missing.

A copy is the whole of a signed convention in one archive: the signed file and each file of its proof. The
hub's own database is none (sources-and-storage 8), nor is what the signature provider keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

COPIES, MEDIA = 3, 2
#: a restore test is due every six months
RESTORE_EVERY = timedelta(days=182)


class Copies(BaseModel):
    """Read from ``PARAPHE_COPIES_*``."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    verify_after_days: Annotated[int, Field(ge=1, le=365)] = Field(
        default=30, description="jours après lesquels une copie est relue dans son archive et comparée"
    )
    sample: Annotated[int, Field(ge=0, le=1000)] = Field(
        default=20,
        description="conventions relues chaque jour, les plus anciennement relues d'abord ; 0 : jamais",
    )

    @property
    def verify_after(self) -> timedelta:
        return timedelta(days=self.verify_after_days)


class CopyState(StrEnum):
    """Of one file in one archive, as it was last seen."""

    KEPT = "kept"
    MISSING = "missing"  # gone or changed, and not made again yet
    LOST = "lost"  # gone or changed, and no good one is left to make it again


@dataclass(frozen=True)
class Place:
    medium: str
    off_site: bool


@dataclass(frozen=True)
class FileCopy:
    archive: str
    kind: str
    state: CopyState
    verified_at: datetime


@dataclass(frozen=True)
class Filing:
    """A signed convention: where it was to be filed (``asked``), where that gave up (``stuck``), which files
    it is made of (``kinds``), and what was confirmed."""

    id: str
    dossier: str
    asked: tuple[str, ...]
    stuck: frozenset[str]
    kinds: frozenset[str]
    copies: tuple[FileCopy, ...]


class Standing(StrEnum):
    """Of a whole convention in one archive. Only ``COMPLETE`` counts."""

    COMPLETE = "complete"
    FILING = "filing"  # under way, or retried by itself
    STUCK = "stuck"  # the filing gave up
    MISSING = "missing"
    LOST = "lost"
    NOT_SET_UP = "not_set_up"  # nobody can look: the archive is no longer configured


@dataclass(frozen=True)
class Holding:
    """``verified_at`` is the oldest of its files; None when there is none."""

    archive: str
    standing: Standing
    files: int
    place: Place | None
    verified_at: datetime | None


@dataclass(frozen=True)
class Verdict:
    filing: Filing
    holdings: tuple[Holding, ...]

    @property
    def good(self) -> tuple[Holding, ...]:
        return tuple(one for one in self.holdings if one.standing is Standing.COMPLETE)

    @property
    def media(self) -> int:
        return len({one.place.medium for one in self.good if one.place})

    @property
    def off_site(self) -> bool:
        return any(one.place.off_site for one in self.good if one.place)

    @property
    def holds(self) -> bool:
        return len(self.good) >= COPIES and self.media >= MEDIA and self.off_site

    @property
    def verified_at(self) -> datetime | None:
        """When the copy looked at longest ago was looked at."""
        return min((one.verified_at for one in self.good if one.verified_at), default=None)

    def of_kind(self, kind: str) -> int:
        """How many good copies of this file there are, in archives that can be asked."""
        able = {one.archive for one in self.holdings if one.place}
        found = [c for c in self.filing.copies if c.kind == kind and c.archive in able]
        return sum(copy.state is CopyState.KEPT for copy in found)


def judge(filing: Filing, places: Mapping[str, Place]) -> Verdict:
    """``places``: the archives that are set up now."""
    names = dict.fromkeys((*filing.asked, *(copy.archive for copy in filing.copies)))
    return Verdict(filing, tuple(_holding(filing, name, places.get(name)) for name in names))


def restore_overdue(now: datetime, passed_at: datetime | None, first_archived_at: datetime | None) -> bool:
    """No restore test has passed for six months; before the first one the count begins with the first filing,
    and with nothing filed nothing is due."""
    since = passed_at or first_archived_at
    return first_archived_at is not None and since is not None and now - since > RESTORE_EVERY


def _holding(filing: Filing, name: str, place: Place | None) -> Holding:
    here = [copy for copy in filing.copies if copy.archive == name]
    oldest = min((copy.verified_at for copy in here), default=None)
    return Holding(name, _standing(filing, name, place, here), len(here), place, oldest)


def _standing(filing: Filing, name: str, place: Place | None, here: list[FileCopy]) -> Standing:
    states = {copy.state for copy in here}
    if place is None:
        return Standing.NOT_SET_UP
    if CopyState.LOST in states:
        return Standing.LOST
    if CopyState.MISSING in states:
        return Standing.MISSING
    if filing.kinds <= {copy.kind for copy in here} and here:
        return Standing.COMPLETE
    return Standing.STUCK if name in filing.stuck else Standing.FILING
