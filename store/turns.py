"""Who calls next: a limit on calls that all processes share. Only the moment of the next one is kept."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy.dialects import postgresql, sqlite

from store.database import Database
from store.models import Turn


class Turns:
    def __init__(self, database: Database) -> None:
        self._database = database

    def book(self, scope: str, interval_seconds: float, now: datetime, longest_seconds: float) -> float:
        """The seconds until the turn that is now the caller's; turns are ``interval_seconds`` apart.
        Nothing is booked when that is longer than ``longest_seconds``: who gives up holds back nobody."""
        insert = sqlite.insert if self._database.is_sqlite else postgresql.insert
        key = hashlib.sha256(scope.encode()).hexdigest()
        with self._database.transaction() as tx:
            tx.execute(insert(Turn).values(scope=key, next_at=now).on_conflict_do_nothing())
            row = tx.get_one(Turn, key, with_for_update=True, populate_existing=True)
            mine = max(row.next_at, now)
            wait = (mine - now).total_seconds()
            if wait <= longest_seconds:
                row.next_at = mine + timedelta(seconds=interval_seconds)
        return wait
