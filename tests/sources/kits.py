"""One source of each kind, holding a record that the test gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel

from connectors.sources import Source
from connectors.sources import airtable as airtable_connector
from connectors.sources import inline as inline_connector
from sandbox.airtable import BASE_ID, TABLE_ID, TOKEN
from tests.archives.memory import Memory
from tests.fixtures.sandbox import Control, Sandbox


class Kit(Protocol):
    def source(self) -> Source: ...

    def holding(self, fields: dict[str, Any]) -> BaseModel:
        """The ref of a record that holds these fields."""
        ...


class InlineKit:
    def source(self) -> inline_connector.Inline:
        return inline_connector.Inline(inline_connector.InlineConfig(), Memory().services())

    def holding(self, fields: dict[str, Any]) -> BaseModel:
        return self.source().Ref.model_validate({"fields": fields})


@dataclass
class AirtableKit:
    sandbox: Sandbox

    @property
    def control(self) -> Control:
        return self.sandbox.control("airtable")

    def source(self, **changes: Any) -> airtable_connector.Airtable:
        values = {"token": TOKEN, "endpoint": f"{self.sandbox.url}/airtable"}
        config = airtable_connector.AirtableConfig.model_validate(values | changes)
        return airtable_connector.Airtable(config, Memory().services())

    def holding(self, fields: dict[str, Any], **details: Any) -> airtable_connector.AirtableRef:
        order = {"base": BASE_ID, "table": TABLE_ID, "fields": fields, **details}
        record = self.control.post("records", order)["id"]
        return airtable_connector.AirtableRef(base=order["base"], table=order["table"], record=record)

    def cells(self, ref: airtable_connector.AirtableRef) -> dict[str, Any]:
        cells: dict[str, Any] = self.control.get(f"records/{ref.base}/{ref.table}/{ref.record}")
        return cells

    def settings(self, **settings: Any) -> None:
        url = f"{self.control.url}/_control/settings"
        self.sandbox.client.patch(url, json=settings).raise_for_status()
