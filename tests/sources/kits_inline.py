"""Records that come with the call: there is no tool, no place and nothing to write to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from connectors.sources.inline import Inline, InlineConfig, InlineRef
from tests.fixtures.sandbox import Sandbox
from tests.fixtures.services import services


class InlineKit:
    outside = False
    written_back = False
    place: BaseModel | None = None
    strangers: Sequence[str] = ("", "1", "rec00000000000000")

    def __init__(self, sandbox: Sandbox) -> None:
        """There is no stand-in to know."""

    def source(self) -> Inline:
        return Inline(InlineConfig(), services())

    def holding(self, fields: Mapping[str, Any]) -> InlineRef:
        return InlineRef(fields=dict(fields))

    def edited(self, ref: InlineRef, column: str, value: str) -> InlineRef:
        return InlineRef(fields=ref.fields | {column: value})

    def spellings(self, ref: InlineRef) -> Sequence[InlineRef]:
        return [ref]

    def written(self, ref: InlineRef) -> Mapping[str, str]:
        return {}

    def writes(self) -> int:
        return 0

    def fault(self, kind: str, **details: Any) -> None:
        raise AssertionError("nothing outside can fail")
