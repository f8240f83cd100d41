"""The record comes with the call itself: Make, Zapier and n8n already hold its fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict

from connectors import Finding, Services
from connectors.sources import Candidate, Outcome, Row


class InlineConfig(BaseModel):
    """Nothing to set."""


class InlineRef(BaseModel):
    """``{"fields": {column: value}}``."""

    model_config = ConfigDict(extra="forbid")

    fields: dict[str, Any]


class Inline:
    Config = InlineConfig
    immediate = True
    Ref: type[BaseModel] = InlineRef
    Place: type[BaseModel] | None = None

    def __init__(self, config: InlineConfig, services: Services) -> None:
        """Needs neither; the signature is every connector's."""

    def key(self, ref: InlineRef) -> None:
        """Nothing identifies these fields over time."""

    def lasting(self, ref: InlineRef) -> InlineRef:
        return ref

    def read(self, ref: InlineRef) -> Row:
        return Row(fields=ref.fields)

    def ref(self, place: object, record: str) -> InlineRef:  # noqa: ARG002 # every source's signature
        raise ValueError("these fields stand nowhere")

    def candidates(self, place: object, column: str, value: str) -> Iterator[Candidate]:  # noqa: ARG002
        return iter(())  # they stand nowhere

    def link_formula(self, url: str) -> None:
        """There is no tool to write it in."""

    def write_back(self, ref: InlineRef, outcome: Outcome) -> None:
        """There is no record to write to: the caller reads the answer and the events."""

    def check(self) -> tuple[Finding, ...]:
        return (Finding(ok=True, text="Les champs reçus dans l'appel lui-même sont acceptés, sans réglage."),)
