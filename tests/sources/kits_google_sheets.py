"""One sheet of the stand-in's Google Sheets, and the hands of a person in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from pydantic import BaseModel

from connectors import Services
from connectors.sources import Candidate, Row
from connectors.sources.google_sheets import (
    GoogleSheets,
    GoogleSheetsConfig,
    GoogleSheetsPlace,
    GoogleSheetsRef,
)
from sandbox.airtable.sample import WRITE_BACK_COLUMNS
from sandbox.google import SPREADSHEET_ID
from tests.fixtures.sandbox import Control, Sandbox
from tests.fixtures.services import services

#: names the rows here: what the suite writes in a record says nothing that two records do not share
KEY = "Clé"


class _Bare(GoogleSheets):
    """Reads a record without the column that names it: elsewhere that name is no column."""

    def read(self, ref: GoogleSheetsRef) -> Row:
        return _without_key(super().read(ref))

    def candidates(self, place: GoogleSheetsPlace, column: str, value: str) -> Iterator[Candidate]:
        for one in super().candidates(place, column, value):
            yield Candidate(one.record, _without_key(one.row))


class GoogleSheetsKit:
    outside = True
    written_back = True
    place: BaseModel | None = GoogleSheetsPlace(spreadsheet=SPREADSHEET_ID, sheet="L'été / hiver")
    strangers: Sequence[str] = ("", "  ", "\n", "a\x00", "x" * 201, "\u202e")

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._keys = count(1)

    @property
    def control(self) -> Control:
        return self.sandbox.control("google")

    def config(self, **changes: Any) -> GoogleSheetsConfig:
        values = {
            "service_account_json": json.dumps(self.control.get("service_account.json")),
            "key_column": KEY,
            "api_root": f"{self.sandbox.url}/google/",
        }
        return GoogleSheetsConfig.model_validate(values | changes)

    def source(self, lent: Services | None = None, **changes: Any) -> GoogleSheets:
        return _Bare(self.config(**changes), lent or services())

    def holding(self, fields: Mapping[str, Any]) -> GoogleSheetsRef:
        """A list is a text of several lines, and an empty text an empty cell."""
        key = f"2026-{next(self._keys):04}"
        cells = {
            name: "\n".join(map(str, value)) if isinstance(value, list) else value
            for name, value in fields.items()
        }
        self.put(fields={KEY: key} | cells)
        assert isinstance(self.place, GoogleSheetsPlace)
        return GoogleSheetsRef(**self.place.model_dump(), key=key)

    def edited(self, ref: GoogleSheetsRef, column: str, value: str) -> GoogleSheetsRef:
        rows = self.rows()
        self._row(rows, ref)[rows[0].index(column)] = value
        self.put(rows=rows)
        return ref

    def spellings(self, ref: GoogleSheetsRef) -> Sequence[GoogleSheetsRef]:
        return [
            ref,
            ref.model_validate_json(ref.model_dump_json()),
            GoogleSheetsRef(**(ref.model_dump() | {"key": f" {ref.key}\u00a0"})),
        ]

    def written(self, ref: GoogleSheetsRef) -> Mapping[str, str]:
        rows = self.rows()
        cells = dict(zip(rows[0], self._row(rows, ref), strict=False))
        return {name: cell for name, cell in cells.items() if name in WRITE_BACK_COLUMNS and cell}

    def writes(self) -> int:
        return len(self.control.requests("POST", f"/v4/spreadsheets/{SPREADSHEET_ID}/values:batchUpdate"))

    def fault(self, kind: str, **details: Any) -> None:
        """httplib2 sends a request again when the server closes without an answer."""
        times = 2 if kind.startswith("cut") else 1
        self.control.fault(kind, "GET", "/values/", times=times, **details)

    def put(self, **order: Any) -> int:
        """The number of the sheet's last row; see the stand-in's control."""
        assert self.place is not None
        row: int = self.control.post("sheets/rows", {**self.place.model_dump(), **order})["row"]
        return row

    def rows(self) -> list[list[Any]]:
        rows: list[list[Any]] = self.control.get(f"sheets/{SPREADSHEET_ID}/L'été / hiver")
        return rows

    def settings(self, **settings: Any) -> None:
        self.control.patch("sheets/settings", settings)

    @staticmethod
    def _row(rows: list[list[Any]], ref: GoogleSheetsRef) -> list[Any]:
        place = rows[0].index(KEY)
        return next(row for row in rows[1:] if row[place] == ref.key)


def _without_key(row: Row) -> Row:
    return Row({name: value for name, value in row.fields.items() if name != KEY})
