"""One table of the stand-in's Airtable, and the hands of a person in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from connectors import Services
from connectors.sources.airtable import Airtable, AirtablePlace, AirtableRef
from connectors.sources.airtable_config import AirtableConfig
from sandbox.airtable import BASE_ID, TOKEN
from sandbox.airtable.sample import WRITE_BACK_COLUMNS
from tests.fixtures.sandbox import Control, Sandbox
from tests.fixtures.services import services


class AirtableKit:
    outside = True
    written_back = True
    place: BaseModel | None = AirtablePlace(base=BASE_ID, table="Conventions")
    strangers: Sequence[str] = (
        "",
        "recShort",
        "recClaireDurand01\n",
        "RECCLAIREDURAND01",
        "../../meta/whoami",
        "recClaireDurand0/",
        "recClaireDuran%2F",
        "<script>alert(1)</script>",
    )

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    @property
    def control(self) -> Control:
        return self.sandbox.control("airtable")

    def source(self, lent: Services | None = None, **changes: Any) -> Airtable:
        values = {"token": TOKEN, "endpoint": f"{self.sandbox.url}/airtable"}
        return Airtable(AirtableConfig.model_validate(values | changes), lent or services())

    def holding(self, fields: Mapping[str, Any], **details: Any) -> AirtableRef:
        """``details``: base, table, columns and select_options of the seed. A list is one of choices; a box
        that is not ticked and an empty text are absent, as Airtable keeps them."""
        cells = {name: value for name, value in fields.items() if value is not False and value != ""}
        lists = {name: value for name, value in cells.items() if isinstance(value, list)}
        choices = [name for name, value in lists.items() if all(isinstance(one, str) for one in value)]
        order = {"base": BASE_ID, "table": "Conventions", "fields": cells, **details}
        if "columns" not in details and choices:
            order["columns"] = dict(WRITE_BACK_COLUMNS) | dict.fromkeys(choices, "multipleSelects")
        record = self.control.post("records", order)["id"]
        return AirtableRef(base=order["base"], table=order["table"], record=record)

    def edited(self, ref: AirtableRef, column: str, value: str) -> AirtableRef:
        answer = self.sandbox.client.patch(
            f"{self.sandbox.url}/airtable/v0/{ref.base}/{ref.table}/{ref.record}",
            json={"fields": {column: value}},
            headers={"Authorization": f"Bearer {TOKEN}"},
        )
        answer.raise_for_status()
        return ref

    def spellings(self, ref: AirtableRef) -> Sequence[AirtableRef]:
        """A table goes by its name or by its id."""
        answer = self.sandbox.client.get(
            f"{self.sandbox.url}/airtable/v0/meta/bases/{ref.base}/tables",
            headers={"Authorization": f"Bearer {TOKEN}"},
        )
        tables = answer.raise_for_status().json()["tables"]
        table = next(one["id"] for one in tables if one["name"] == ref.table)
        return [ref, ref.model_copy(update={"table": table})]

    def written(self, ref: AirtableRef) -> Mapping[str, str]:
        return {name: cell for name, cell in self.cells(ref).items() if name in WRITE_BACK_COLUMNS}

    def writes(self) -> int:
        return len(self.control.requests("PATCH"))

    def fault(self, kind: str, **details: Any) -> None:
        self.control.fault(kind, "GET", "/rec", **details)

    def cells(self, ref: AirtableRef) -> dict[str, Any]:
        cells: dict[str, Any] = self.control.get(f"records/{ref.base}/{ref.table}/{ref.record}")
        return cells

    def settings(self, **settings: Any) -> None:
        self.control.patch("settings", settings)
