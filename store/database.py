"""The door to the database: engine, transactions, migrations.

SQLite runs with WAL and synchronous FULL, and write transactions begin IMMEDIATE (a reader that turns
into a writer would otherwise fail at once instead of waiting). PostgreSQL is used as it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import SQLAlchemyError as DatabaseError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from store.cipher import KeyRing

__all__ = ["UNAVAILABLE", "Database", "DatabaseError", "Session"]

#: away, locked, out of connections, or a deadlock's victim: the same call may succeed a moment later
UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeout)

_MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """``after_commit`` receives the ids of the steps that a committed transaction wrote."""

    def __init__(
        self, url: str, ring: KeyRing, after_commit: Callable[[list[str]], None] = lambda _ids: None
    ) -> None:
        self.engine = _engine(url)
        self.engine.dialect.__dict__["paraphe_ring"] = ring
        self.ring = ring
        self._after_commit = after_commit

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """All or nothing; what it wrote is handed over only once it is committed."""
        with Session(self.engine, expire_on_commit=False) as session:
            with session.begin():
                if self.is_sqlite:
                    session.execute(text("BEGIN IMMEDIATE"))
                yield session
            written = session.info.pop("new_steps", [])
        if written:
            self._after_commit(written)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def ready(self) -> bool:
        """Answers, and its tables are those of this version."""
        try:
            with self.engine.connect() as connection:
                current = MigrationContext.configure(connection).get_current_revision()
        except DatabaseError:
            return False
        return current == ScriptDirectory(str(_MIGRATIONS)).get_current_head()

    def upgrade(self) -> None:
        """Bring the tables to this version; several processes may ask at once."""
        config = AlembicConfig()
        config.set_main_option("script_location", str(_MIGRATIONS))
        with self.engine.begin() as connection:
            if self.is_sqlite:
                connection.execute(text("BEGIN IMMEDIATE"))
            else:
                connection.execute(text("SELECT pg_advisory_xact_lock(7271)"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        self.engine.dispose()


def _engine(url: str) -> Engine:
    """``hide_parameters``: an exception's text may reach a log or a trace; values must not be in it."""
    if not url.startswith("sqlite"):
        return create_engine(
            url, pool_pre_ping=True, pool_size=10, hide_parameters=True, connect_args={"connect_timeout": 5}
        )
    path = url.removeprefix("sqlite:///")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": 20})
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions behind our back
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=20000"):
        connection.execute(f"PRAGMA {pragma}")
