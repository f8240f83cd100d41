"""Record sources: where the hub reads a client's record and writes the outcome back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel

from connectors import Finding


@dataclass(frozen=True)
class Row:
    """A record as the source gives it: column name -> plain value (str, number, bool, list, None)."""

    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What is written back to the record. ``None`` leaves the column as it is.

    ``state`` is the French label of the convention's state; dates are ISO 8601.
    """

    state: str | None = None
    link: str | None = None
    signed_on: str | None = None
    archive: str | None = None
    error: str | None = None


class Source(Protocol):
    #: ``read`` needs no network: a faulty record is refused in the very call that brings it
    immediate: bool

    #: the shape of ``source`` in POST /v1/conventions, without ``kind``; ``extra="forbid"``
    Ref: type[BaseModel]

    def key(self, ref: Any) -> str | None:
        """What identifies the record over time (``airtable:app.../tbl.../rec...``), or None."""
        ...

    def read(self, ref: Any) -> Row: ...

    def write_back(self, ref: Any, outcome: Outcome) -> None:
        """Write the outcome; doing it twice changes nothing more."""
        ...

    def check(self) -> tuple[Finding, ...]: ...


#: name -> "module:Class"
REGISTRY: Mapping[str, str] = {
    "inline": "connectors.sources.inline:Inline",
    "airtable": "connectors.sources.airtable:Airtable",
}
