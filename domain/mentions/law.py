"""What the law asks, as data: ``law.toml``, dated, each line with its source.

Read once, at import, and checked then: a line that cannot be read stops the start.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Mention(_Row):
    """``severity``: ``depends`` means that the rule of the same id decides from the record. ``source``: T,
    the article was read in a consolidated code; P, a public page; K, general knowledge, to be read again."""

    label: Annotated[str, Field(min_length=5)]
    article: Annotated[str, Field(min_length=3)]
    severity: Literal["blocking", "warning", "depends"]
    source: Literal["T", "P", "K"]


class Amount(_Row):
    """Euros, from ``since`` to ``until``, both included; no ``until``: still in force when checked."""

    id: str
    label: str
    value: Annotated[Decimal, Field(gt=0, decimal_places=2)]
    since: Annotated[date, Field(alias="from")]
    until: date | None = None
    article: str
    source: str


class Since(_Row):
    since: Annotated[date, Field(alias="from")]
    source: str


class Law(_Row):
    """``wordings``: a name, and the writings of which one must stand in the clause."""

    checked_on: date
    notice: str
    mentions: Mapping[str, Mention]
    wordings: Mapping[str, tuple[str, ...]]
    dates: Mapping[str, Since]
    amounts: tuple[Amount, ...]

    def amount(self, name: str, day: date) -> Amount | None:
        """The statutory amount in force on ``day``, None when there is none. Raises KeyError for a name that
        the file does not know."""
        known = [one for one in self.amounts if one.id == name]
        if not known:
            raise KeyError(name)
        return next((one for one in known if one.since <= day <= (one.until or date.max)), None)

    def in_force(self, name: str, day: date) -> bool:
        """Whether a dated rule applies on ``day``. Raises KeyError."""
        return self.dates[name].since <= day


LAW = Law.model_validate(tomllib.loads(Path(__file__).with_name("law.toml").read_text(encoding="utf-8")))
