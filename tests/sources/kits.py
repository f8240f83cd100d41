"""What the suite needs of each kind of source: one class in a file of its own, and one line in ``KITS``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol

from pydantic import BaseModel

from connectors.sources import Source
from tests.fixtures.sandbox import Sandbox


class Kit(Protocol):
    """A source, and the hands of a person in the tool that it reads. Built anew for each test, with the
    sandbox empty."""

    #: whether a stand-in is behind it, which can fail
    outside: bool
    #: whether there is a record to write the outcome to
    written_back: bool
    #: what ``candidates`` lists; None: there is nothing to list
    place: BaseModel | None
    #: record identifiers that ``ref`` must refuse, whatever comes before or behind them
    strangers: Sequence[str]

    def __init__(self, sandbox: Sandbox) -> None: ...

    def source(self) -> Source:
        """A new one each time, as each worker builds its own."""
        ...

    def holding(self, fields: Mapping[str, Any]) -> BaseModel:
        """The ref of a new record of ``place`` with these fields, each in the tool's own type (a text of
        several lines, a number, a box, a list of choices), and the columns that the hub writes, empty."""
        ...

    def edited(self, ref: Any, column: str, value: str) -> BaseModel:
        """The ref of the same record once a person has changed one of its texts."""
        ...

    def spellings(self, ref: Any) -> Sequence[BaseModel]:
        """The ways in which callers may name this very record, ``ref`` first."""
        ...

    def written(self, ref: Any) -> Mapping[str, str]:
        """What a person sees in the columns that the hub writes, empty ones left out."""
        ...

    def writes(self) -> int:
        """How many requests that write have reached the stand-in."""
        ...

    def fault(self, kind: str, **details: Any) -> None:
        """Order a fault (``tests.fixtures.sandbox.Control``) of the next request that brings a record."""
        ...


#: name in the registry -> "module:Class"
KITS: Mapping[str, str] = {
    "inline": "tests.sources.kits_inline:InlineKit",
    "airtable": "tests.sources.kits_airtable:AirtableKit",
    "google_sheets": "tests.sources.kits_google_sheets:GoogleSheetsKit",
    "http_json": "tests.sources.kits_http_json:HttpJsonKit",
    "notion": "tests.sources.kits_notion:NotionKit",
}


def kit_class(name: str) -> type[Kit]:
    module, _, attribute = KITS[name].partition(":")
    found: type[Kit] = getattr(import_module(module), attribute)
    return found


OUTSIDE = [name for name in KITS if kit_class(name).outside]
WRITTEN_BACK = [name for name in KITS if kit_class(name).written_back]
LISTED = [name for name in KITS if kit_class(name).place is not None]
