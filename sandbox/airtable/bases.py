"""What the stand-in keeps: bases, tables, columns, records, and the rules of reading and writing them."""

from __future__ import annotations

import secrets
import string
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import RLock
from typing import Any

from sandbox.airtable import sample
from sandbox.airtable.cells import Column, stored, type_by_value
from sandbox.airtable.refusals import (
    forbidden,
    hidden,
    malformed,
    not_found,
    too_fast,
    unauthorised,
    unknown_field,
)

CALLS_PER_SECOND = 5


@dataclass
class Settings:
    """``token_valid`` False revokes the token; ``can_read`` False takes ``data.records:read`` away,
    ``can_write`` ``data.records:write``, and ``can_manage_webhooks`` ``webhook:manage``.
    ``rate_limit`` counts calls per base, and refuses all for ``penalty_seconds`` after a burst."""

    token_valid: bool = True
    can_read: bool = True
    can_write: bool = True
    can_manage_webhooks: bool = True
    rate_limit: bool = False
    penalty_seconds: float = 30.0


@dataclass
class Record:
    id: str
    cells: dict[str, Any]
    created: str = field(default_factory=lambda: _rfc3339(datetime.now(UTC)))

    def as_json(self) -> dict[str, Any]:
        """Empty cells are absent."""
        return {"id": self.id, "createdTime": self.created, "fields": dict(self.cells)}


@dataclass
class Table:
    id: str
    name: str
    columns: dict[str, Column] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)

    def add_column(self, name: str, kind: str, options: list[str] | None = None) -> None:
        self.columns.setdefault(name, Column(_new_id("fld"), name, kind, list(options or [])))

    def column(self, key: str) -> Column:
        """By name or id."""
        for column in self.columns.values():
            if key in (column.name, column.id):
                return column
        raise unknown_field(key)

    def write(self, record: Record, fields: Any, *, typecast: bool, replace: bool) -> None:
        """All of it or nothing."""
        if not isinstance(fields, dict):
            raise malformed()
        news = {
            column.name: stored(column, value, typecast=typecast)
            for column, value in ((self.column(key), value) for key, value in fields.items())
        }
        cells = {} if replace else dict(record.cells)
        cells |= news
        record.cells = {name: value for name, value in cells.items() if value is not None}


class Bases:
    def __init__(self) -> None:
        self.lock = RLock()
        self.reset()

    def reset(self) -> None:
        with self.lock:
            self.settings = Settings()
            self._bases: dict[str, list[Table]] = {}
            self._calls: dict[str, deque[float]] = {}
            self._refused_until: dict[str, float] = {}
            table = Table(sample.TABLE_ID, sample.TABLE_NAME)
            for name, kind in sample.COLUMNS.items():
                table.add_column(name, kind, sample.SELECT_OPTIONS.get(name))
            table.records[sample.RECORD_ID] = Record(sample.RECORD_ID, dict(sample.FIELDS))
            self._bases[sample.BASE_ID] = [table]

    def admit(self, authorization: str, base: str | None = None) -> None:
        """Check the token, then the rate of the base. Raises Refusal 401, 429."""
        if authorization != f"Bearer {sample.TOKEN}" or not self.settings.token_valid:
            raise unauthorised()
        if base is None or not self.settings.rate_limit:
            return
        with self.lock:
            now = time.monotonic()
            if now < self._refused_until.get(base, 0):
                raise too_fast()
            calls = self._calls.setdefault(base, deque())
            while calls and calls[0] <= now - 1:
                calls.popleft()
            calls.append(now)
            if len(calls) > CALLS_PER_SECOND:
                self._refused_until[base] = now + self.settings.penalty_seconds
                raise too_fast()

    def names(self) -> list[str]:
        return list(self._bases)

    def tables(self, base: str) -> list[Table]:
        if base not in self._bases:
            raise not_found()
        return self._bases[base]

    def table(self, base: str, table: str, *, to_write: bool = False) -> Table:
        for one in self.tables(base):
            if table in (one.id, one.name):
                if not (to_write or self.settings.can_read):
                    raise hidden()
                if to_write and not self.settings.can_write:
                    raise forbidden()
                return one
        raise hidden()

    def record(self, base: str, table: str, record: str, *, to_write: bool = False) -> tuple[Table, Record]:
        standing = self.table(base, table, to_write=to_write)
        if record not in standing.records:
            raise hidden()
        return standing, standing.records[record]

    def create(self, table: Table, fields: Any, *, typecast: bool) -> Record:
        record = Record(_new_id("rec"), {})
        table.write(record, fields, typecast=typecast, replace=False)
        table.records[record.id] = record
        return record

    def seed(self, order: Mapping[str, Any]) -> Record:
        """A record as a test wants it, cells unchecked: formulas and failures included."""
        with self.lock:
            tables = self._bases.setdefault(order["base"], [])
            table = next((one for one in tables if order["table"] in (one.id, one.name)), None)
            if table is None:
                is_id = order["table"].startswith("tbl")
                table = Table(order["table"] if is_id else _new_id("tbl"), order["table"])
                tables.append(table)
            types = {"columns": dict(sample.WRITE_BACK_COLUMNS)} | dict(order)
            options = order.get("select_options") or {}
            for name in options:
                table.add_column(name, types["columns"].get(name, "singleSelect"), options[name])
            for name, kind in types["columns"].items():
                table.add_column(name, kind)
            for name, value in order["fields"].items():
                table.add_column(name, type_by_value(value))
            record = Record(_new_id("rec"), dict(order["fields"]))
            table.records[record.id] = record
            return record


def _new_id(prefix: str) -> str:
    alphabet = string.ascii_letters + string.digits
    return prefix + "".join(secrets.choice(alphabet) for _ in range(14))


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
