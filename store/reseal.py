"""Seal again, under the ring's first key, whatever an older key sealed: after that, the old key may go."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Column, LargeBinary, Table, func, select, type_coerce, update
from sqlalchemy.orm import Session

from store.columns import SealedBytes, SealedJson
from store.database import Database
from store.models import Base

_AT_A_TIME = 50


def reseal(database: Database) -> int:
    """The number of values sealed again. Safe to stop and to run again, and while the hub works."""
    return sum(_column(database, table, column) for table, column in _sealed())


def key_ids(database: Database) -> set[str]:
    """The keys that what is kept was sealed under."""
    found: set[str] = set()
    with database.reading() as session:
        for _, column in _sealed():
            start = func.substr(type_coerce(column, LargeBinary), 1, 34)  # version, length, key id
            for (head,) in session.execute(select(start).where(column.is_not(None)).distinct()):
                found.add(database.ring.key_id(bytes(head)))
        return found


def _sealed() -> Iterator[tuple[Table, Column[object]]]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, SealedBytes | SealedJson):
                yield table, column


def _column(database: Database, table: Table, column: Column[object]) -> int:
    keys = list(table.primary_key.columns)
    with database.reading() as session:
        rows = session.execute(select(*keys).where(column.is_not(None))).all()
    done = 0
    for start in range(0, len(rows), _AT_A_TIME):
        with database.transaction() as tx:
            for row in rows[start : start + _AT_A_TIME]:
                this = [key == value for key, value in zip(keys, row, strict=True)]
                done += _value(tx, database, table, column, this)
    return done


def _value(tx: Session, database: Database, table: Table, column: Column[object], this: list[object]) -> int:
    """Read as raw bytes and held until written: what the hub writes meanwhile is never undone."""
    raw = type_coerce(column, LargeBinary).label("raw")
    found = tx.execute(select(raw).where(*this).with_for_update()).first()  # type: ignore[arg-type]
    if found is None or found.raw is None or database.ring.key_id(found.raw) == database.ring.current:
        return 0
    assert isinstance(column.type, SealedBytes | SealedJson)
    plain = database.ring.open(found.raw, column.type.place)
    again = type_coerce(database.ring.seal(plain, column.type.place), LargeBinary)
    tx.execute(update(table).where(*this).values({column.name: again}))  # type: ignore[arg-type]
    return 1
