"""Record sources: where the hub reads a client's record and writes the outcome back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from pydantic import BaseModel

from connectors import Finding
from domain.signature import Verdict


@dataclass(frozen=True)
class Row:
    """A record as the source gives it: column name -> plain value (str, number, bool, list, None), without
    the columns that the hub itself writes."""

    fields: Mapping[str, Any]

    @property
    def version(self) -> str:
        """SHA-256 (hex) of the fields: the same record, unchanged, has the same version. What the hub wrote
        back changes nothing of it, which no date of last edition could promise."""
        canonical = json.dumps(self.fields, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()  # half an emoji, cut


@dataclass(frozen=True)
class Candidate:
    """A record of a place: ``record`` is its own identifier there. What is linked to it is not read, nor what
    its tool could not compute, so its ``row`` may hold less than ``read`` gives, unless it is ``whole``."""

    record: str
    row: Row
    whole: bool = False


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

    #: what ``Ref`` holds beside the record's own identifier (a base and a table); ``extra="forbid"``. None:
    #: its records stand nowhere that could be listed
    Place: type[BaseModel] | None

    def ref(self, place: Any, record: str) -> BaseModel:
        """The ``Ref`` of one record of a place. Raises ValueError (pydantic's) for what is no identifier:
        it may come from anybody's browser."""
        ...

    def candidates(self, place: Any, column: str, value: str) -> Iterator[Candidate]:
        """The records of a place whose ``column`` says ``value``, every page of them."""
        ...

    def link_formula(self, url: str) -> str | None:
        """What to write in a column or button of the tool so that it opens ``url`` with the record's own
        identifier behind it; None where there is no such thing."""
        ...

    def key(self, ref: Any) -> str | None:
        """What identifies the record over time (``airtable:app.../rec...``), or None; the same however a
        caller names the record, of a ref that is ``lasting``."""
        ...

    def lasting(self, ref: Any) -> BaseModel:
        """``ref`` by what leads to the record for good, when it was given by where it stood at that moment (a
        row number). Asked once, before the first reading."""
        ...

    def read(self, ref: Any) -> Row: ...

    def write_back(self, ref: Any, outcome: Outcome) -> None:
        """Write the outcome; doing it twice changes nothing more."""
        ...

    def check(self) -> tuple[Finding, ...]: ...


@dataclass(frozen=True)
class Subscription:
    """How a tool tells that records of a place changed. ``id`` is its own, None where people set it up by
    hand; ``secret`` is what its notifications are known by."""

    id: str | None
    secret: str
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Heard:
    """``event_key``: the same for every delivery of one notification. ``confirmation``: what an address must
    have been told before the tool signs with it; nothing else is said then."""

    verdict: Verdict
    event_key: str = ""
    confirmation: str | None = None


@runtime_checkable
class Notifying(Protocol):
    """A source whose tool can call the hub. What it says is a signal: the records are listed anyway, so
    nothing is lost with a notification. ``url`` is unlike any other watch's."""

    def subscribe(self, place: Any, column: str, url: str) -> Subscription:
        """Ask the tool to call ``url``; what was asked for this ``url`` before is taken back first."""
        ...

    def refresh(self, place: Any, column: str, url: str, standing: Subscription) -> Subscription:
        """Keep it alive: prolonged, switched on again, or made anew."""
        ...

    def unsubscribe(self, place: Any, standing: Subscription) -> None:
        """Once more changes nothing."""
        ...

    def by_hand(self, url: str, standing: Subscription) -> tuple[str, ...]:
        """What a person must set up in the tool, in French, line by line; empty where ``subscribe`` did
        all."""
        ...

    def hear(self, headers: Mapping[str, str], raw: bytes, secret: str, confirmed: str | None) -> Heard:
        """Whether a call is the tool's own. ``confirmed``: the ``confirmation`` that was kept. Never
        raises."""
        ...

    def advance(self, place: Any, standing: Subscription, cursor: int) -> int:
        """Take note of the notifications from ``cursor`` (the first is 1); the next cursor."""
        ...


#: name -> "module:Class"
REGISTRY: Mapping[str, str] = {
    "inline": "connectors.sources.inline:Inline",
    "airtable": "connectors.sources.airtable:Airtable",
    "notion": "connectors.sources.notion:Notion",
    "google_sheets": "connectors.sources.google_sheets:GoogleSheets",
    "http_json": "connectors.sources.http_json:HttpJson",
}
