"""Column types: sealed text, JSON and bytes, and UTC times.

The key ring reaches the types through the engine's dialect (``database.py`` puts it there): no global.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from store.cipher import KeyRing


def _ring(dialect: Dialect) -> KeyRing:
    ring = dialect.__dict__["paraphe_ring"]
    assert isinstance(ring, KeyRing)
    return ring


class SealedBytes(TypeDecorator[bytes]):
    """Bytes sealed at rest. ``place`` is ``table.column``."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else _ring(dialect).seal(value, self.place)

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else _ring(dialect).open(bytes(value), self.place)


class SealedJson(TypeDecorator[Any]):
    """Any JSON value sealed at rest."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return _ring(dialect).seal(json.dumps(value, ensure_ascii=False).encode(), self.place)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else json.loads(_ring(dialect).open(bytes(value), self.place))


class UtcTime(TypeDecorator[datetime]):
    """Aware datetimes, kept in UTC: SQLite has no time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)
