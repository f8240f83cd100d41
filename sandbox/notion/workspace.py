"""What the stand-in keeps: data sources with their columns, pages with their properties."""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import RLock
from typing import Any
from uuid import uuid4

from sandbox.notion import sample
from sandbox.notion.refusals import Refusal, invalid, not_found, restricted, too_fast, unauthorised
from sandbox.notion.values import Column, empty, read, taken, type_by_value, typed

CALLS_PER_SECOND = 3
INLINE = 25
VERSIONS = ("2025-09-03", "2026-03-11")


@dataclass
class Settings:
    """``token_valid`` False revokes the token; ``can_read`` and ``can_update`` are the capabilities of the
    integration; ``hidden`` are ids (pages, data sources) it is not connected to. ``rate_limit`` counts calls
    and refuses those beyond three in a second, telling to wait ``retry_after`` seconds. ``most_results`` is
    where a query is cut."""

    token_valid: bool = True
    can_read: bool = True
    can_update: bool = True
    hidden: list[str] = field(default_factory=list)
    rate_limit: bool = False
    retry_after: int = 1
    most_results: int = 10_000


@dataclass
class DataSource:
    id: str
    columns: dict[str, Column] = field(default_factory=dict)

    def add_column(self, name: str, kind: str, options: list[str] | None = None) -> None:
        """Ids are short and percent-encoded, as Notion's are."""
        identifier = "title" if kind == "title" else f"%3A{secrets.token_hex(2)}"
        self.columns.setdefault(name, Column(identifier, name, kind, list(options or [])))

    def column(self, key: str) -> Column:
        for column in self.columns.values():
            if key in (column.name, column.id):
                return column
        raise invalid(f"{key} is not a property that exists.")


@dataclass
class Page:
    id: str
    source: DataSource
    values: dict[str, Any]
    in_trash: bool = False

    def value(self, column: Column) -> Any:
        return self.values.get(column.name, empty(column.type))

    def as_json(self) -> dict[str, Any]:
        return {
            "object": "page",
            "id": self.id,
            "created_time": "2026-11-02T09:00:00.000Z",
            "last_edited_time": "2026-11-02T09:00:00.000Z",
            "in_trash": self.in_trash,
            "parent": {
                "type": "data_source_id",
                "data_source_id": self.source.id,
                "database_id": str(uuid4()),
            },
            "properties": {column.name: self._property(column) for column in self.source.columns.values()},
            "url": f"https://www.notion.so/{self.id.replace('-', '')}",
            "public_url": None,
        }

    def _property(self, column: Column) -> dict[str, Any]:
        value = self.value(column)
        answer: dict[str, Any] = {"id": column.id, "type": column.type}
        if column.type == "relation":
            return answer | {"relation": value[:INLINE], "has_more": len(value) > INLINE}
        if column.type in ("title", "rich_text"):
            return answer | {column.type: _before_the_26th_mention(value)}
        return answer | {column.type: value}

    def seen(self) -> dict[str, Any]:
        shown = {name: read(column, self.value(column)) for name, column in self.source.columns.items()}
        return {name: value for name, value in shown.items() if value is not None}


class Workspace:
    def __init__(self) -> None:
        self.lock = RLock()
        self.reset()

    def reset(self) -> None:
        with self.lock:
            self.settings = Settings()
            self._sources: dict[str, DataSource] = {}
            self._pages: dict[str, Page] = {}
            self._calls: deque[float] = deque()
            order = {
                "data_source": sample.DATA_SOURCE_ID,
                "properties": sample.FIELDS,
                "types": sample.TYPES,
                "options": sample.OPTIONS,
            }
            self.seed(order, sample.PAGE_ID)

    def admit(self, authorization: str, version: str | None) -> None:
        """Raises Refusal 400, 401, 429."""
        if authorization != f"Bearer {sample.TOKEN}" or not self.settings.token_valid:
            raise unauthorised()
        if version not in VERSIONS:
            message = "Notion-Version header should be defined, instead was `undefined`."
            raise Refusal(400, "missing_version", message)
        if not self.settings.rate_limit:
            return
        with self.lock:
            now = time.monotonic()
            while self._calls and self._calls[0] <= now - 1:
                self._calls.popleft()
            if len(self._calls) >= CALLS_PER_SECOND:
                raise too_fast(self.settings.retry_after)
            self._calls.append(now)

    def source(self, identifier: str) -> DataSource:
        found = self._sources.get(_dashed(identifier))
        if not self.settings.can_read:
            raise restricted()
        if found is None or found.id in self.settings.hidden:
            raise not_found("data_source", identifier)
        return found

    def page(self, identifier: str, *, to_write: bool = False) -> Page:
        if not (self.settings.can_update if to_write else self.settings.can_read):
            raise restricted()
        found = self._pages.get(_dashed(identifier))
        if found is None or {found.id, found.source.id} & set(self.settings.hidden):
            raise not_found("page", identifier)
        return found

    def pages(self, source: DataSource) -> list[Page]:
        return [page for page in self._pages.values() if page.source is source and not page.in_trash]

    def update(self, page: Page, properties: Any) -> None:
        """All of it or nothing."""
        if page.in_trash:
            raise invalid("Can't edit block that is archived. You must unarchive the block before editing.")
        if not isinstance(properties, dict):
            raise invalid("body.properties should be an object")
        news = {}
        for key, given in properties.items():
            column = page.source.column(key)
            news[column.name] = taken(column, given)
        page.values |= news

    def seed(self, order: Mapping[str, Any], identifier: str | None = None) -> Page:
        """A page as a test wants it: values unchecked, formulas and failures included."""
        with self.lock:
            own = _dashed(order["data_source"])
            source = self._sources.setdefault(own, DataSource(own))
            types = dict(sample.WRITE_BACK_TYPES) | dict(order.get("types") or {})
            options = {"Statut convention": sample.STATES} | dict(order.get("options") or {})
            for name, kind in types.items():
                source.add_column(name, kind, options.get(name))
            page = Page(identifier or str(uuid4()), source, {}, bool(order.get("in_trash")))
            self.edit(page, order["properties"])
            self._pages[page.id] = page
            return page

    def edit(self, page: Page, properties: Mapping[str, Any]) -> None:
        with self.lock:
            for name, value in properties.items():
                page.source.add_column(name, type_by_value(value))
                page.values[name] = typed(page.source.columns[name], value)


def _before_the_26th_mention(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept, mentions = [], 0
    for run in runs:
        mentions += run["type"] == "mention"
        if mentions > INLINE:
            break
        kept.append(run)
    return kept


def _dashed(identifier: str) -> str:
    bare = identifier.replace("-", "").lower()
    return "-".join((bare[:8], bare[8:12], bare[12:16], bare[16:20], bare[20:]))
