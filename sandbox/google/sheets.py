"""What Google Sheets keeps and its rules: grids of cells, as they are read and as they are written."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from threading import RLock
from typing import Any

from sandbox.google import sheets_sample
from sandbox.google.ranges import Range, parsed, unparsable
from sandbox.google.refusals import Refusal

#: a value as the API gives it, or ``{"date": "2026-12-15"}`` for a cell of a date's type
Cell = Any
DAY_NOUGHT = date(1899, 12, 30)
GRID_ROWS, GRID_COLUMNS = 1000, 26


@dataclass
class Settings:
    """``role`` of the service account on every spreadsheet: writer, reader or none. ``api_enabled`` False is
    a project without the Sheets API. ``reads_per_minute`` counts and refuses, None does not.
    ``locale`` decides how dates are spelt."""

    role: str = "writer"
    api_enabled: bool = True
    reads_per_minute: int | None = None
    locale: str = "fr_FR"


@dataclass
class Sheet:
    title: str
    rows: list[list[Cell]] = field(default_factory=list)

    @property
    def grid(self) -> tuple[int, int]:
        return max(GRID_ROWS, len(self.rows)), max([GRID_COLUMNS, *map(len, self.rows)])

    def cell(self, row: int, column: int) -> Cell:
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else ""

    def put(self, row: int, column: int, value: Cell) -> None:
        self.rows += [[] for _ in range(row + 1 - len(self.rows))]
        cells = self.rows[row]
        cells += [""] * (column + 1 - len(cells))
        cells[column] = value

    def corners(self, wanted: Range) -> tuple[int, int, int, int]:
        """(first row, last row, first column, last column) within the grid. Raises Refusal 400 outside."""
        rows, columns = self.grid
        top, left = wanted.rows[0], wanted.columns[0]
        if top >= rows or left >= columns:
            message = f"Range exceeds grid limits. Max rows: {rows}, max columns: {columns}"
            raise Refusal(400, "badRequest", message)
        last_row = rows - 1 if wanted.rows[1] is None else min(wanted.rows[1], rows - 1)
        last_column = columns - 1 if wanted.columns[1] is None else min(wanted.columns[1], columns - 1)
        return top, last_row, left, last_column


class Sheets:
    def __init__(self) -> None:
        self.lock = RLock()
        self.reset()

    def reset(self) -> None:
        with self.lock:
            self.settings = Settings()
            self._reads: deque[float] = deque()
            self.spreadsheets: dict[str, list[Sheet]] = {
                sheets_sample.SPREADSHEET_ID: [Sheet(sheets_sample.SHEET, sheets_sample.rows())]
            }

    def admit(self, *, writing: bool) -> None:
        """Raises Refusal 403, 429."""
        if not self.settings.api_enabled:
            raise Refusal(403, "SERVICE_DISABLED", "Google Sheets API has not been used in project 1 before.")
        most = self.settings.reads_per_minute
        if writing or most is None:
            return
        with self.lock:
            now = time.monotonic()
            while self._reads and self._reads[0] <= now - 60:
                self._reads.popleft()
            if len(self._reads) >= most:
                raise Refusal(429, "RATE_LIMIT_EXCEEDED", "Quota exceeded for quota metric 'Read requests'.")
            self._reads.append(now)

    def spreadsheet(self, spreadsheet_id: str, *, writing: bool = False) -> list[Sheet]:
        if spreadsheet_id not in self.spreadsheets:
            raise Refusal(404, "notFound", "Requested entity was not found.")
        if self.settings.role == "none" or (writing and self.settings.role != "writer"):
            raise Refusal(403, "forbidden", "The caller does not have permission")
        return self.spreadsheets[spreadsheet_id]

    def read(self, spreadsheet_id: str, text: str, values: str, dates: str) -> list[list[Any]]:
        """Empty cells and rows at the end are left out."""
        sheet, wanted = self._sheet(self.spreadsheet(spreadsheet_id), text)
        top, last_row, left, last_column = sheet.corners(wanted)
        rows = [
            _without_end(
                [
                    self._shown(sheet.cell(row, column), values, dates)
                    for column in range(left, last_column + 1)
                ],
                "",
            )
            for row in range(top, min(last_row, len(sheet.rows) - 1) + 1)
        ]
        return _without_end(rows, [])

    def write(self, spreadsheet_id: str, text: str, rows: list[list[Any]], option: str) -> int:
        """How many cells were written. None skips a cell, an empty text empties it."""
        sheet, wanted = self._sheet(self.spreadsheet(spreadsheet_id, writing=True), text)
        top, last_row, left, last_column = sheet.corners(wanted)
        count = 0
        for down, row in enumerate(rows):
            for across, value in enumerate(row):
                if top + down > last_row or left + across > last_column:
                    raise Refusal(
                        400, "badRequest", "Requested writing within range, but tried writing outside"
                    )
                if value is not None:
                    sheet.put(top + down, left + across, value if option == "RAW" else _typed(value))
                    count += 1
        return count

    def check_range(self, spreadsheet_id: str, text: str) -> None:
        sheet, wanted = self._sheet(self.spreadsheet(spreadsheet_id, writing=True), text)
        sheet.corners(wanted)

    def seed(self, order: Mapping[str, Any]) -> int:
        """Put a sheet in place, or add a row to it; the number of its last row."""
        with self.lock:
            sheets = self.spreadsheets.setdefault(order["spreadsheet"], [])
            sheet = next((one for one in sheets if one.title == order["sheet"]), None)
            if sheet is None:
                sheet = Sheet(order["sheet"])
                sheets.append(sheet)
            if "rows" in order:
                sheet.rows = [list(row) for row in order["rows"]]
            if "fields" in order:
                _add(sheet, order["fields"])
            if "sort_by" in order:
                place = sheet.rows[0].index(order["sort_by"])
                sheet.rows[1:] = sorted(
                    sheet.rows[1:], key=lambda row: str(row[place]) if place < len(row) else ""
                )
            return len(sheet.rows)

    def _sheet(self, sheets: list[Sheet], text: str) -> tuple[Sheet, Range]:
        wanted = parsed(text)
        for sheet in sheets:
            if sheet.title == wanted.title:
                return sheet, wanted
        raise unparsable(text)

    def _shown(self, cell: Cell, values: str, dates: str) -> Any:
        if isinstance(cell, dict):
            day = date.fromisoformat(cell["date"])
            if values == "UNFORMATTED_VALUE" and dates != "FORMATTED_STRING":
                return (day - DAY_NOUGHT).days
            return f"{day:%m/%d/%Y}" if self.settings.locale == "en_US" else f"{day:%d/%m/%Y}"
        if values != "FORMATTED_VALUE" or isinstance(cell, str):
            return cell
        if isinstance(cell, bool):
            return ("VRAI" if cell else "FAUX") if self.settings.locale == "fr_FR" else str(cell).upper()
        return str(cell).replace(".", "," if self.settings.locale == "fr_FR" else ".")


def _add(sheet: Sheet, fields: Mapping[str, Any]) -> None:
    """One more row, with one more column for each name that is not there."""
    if not sheet.rows:
        sheet.rows.append([])
    header = sheet.rows[0]
    header += [name for name in (*fields, *sheets_sample.WRITE_BACK_COLUMNS) if name not in header]
    sheet.rows.append(_without_end([fields.get(name, "") for name in header], ""))


def _typed(value: Any) -> Any:
    """As if a person had typed it: formulas are evaluated, figures become numbers."""
    if not isinstance(value, str):
        return value
    if value.startswith(("=", "+")):
        return "#NAME?"
    return float(value) if value.replace(".", "", 1).isdigit() else value


def _without_end(cells: list[Any], empty: Any) -> list[Any]:
    while cells and cells[-1] == empty:
        cells.pop()
    return cells
