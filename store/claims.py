"""First-writer-wins memory: an id drawn before it is used outside stays the same for every worker."""

from __future__ import annotations

import hashlib

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from store.database import Database
from store.models import Claim


class Claims:
    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, scope: str, key: str, proposal: str) -> str:
        """Keep ``proposal`` under (scope, key) unless a value stands there; the value that stands."""
        insert = sqlite.insert if self._database.is_sqlite else postgresql.insert
        row = {"scope": scope, "key": _short(key), "value": proposal}
        standing = select(Claim.value).where(Claim.scope == scope, Claim.key == row["key"])
        while True:  # what stood may be forgotten between the two statements
            with self._database.transaction() as tx:
                tx.execute(insert(Claim).values(row).on_conflict_do_nothing())
                if found := tx.scalars(standing).first():
                    return found

    def forget(self, scope: str, key: str, value: str) -> None:
        with self._database.transaction() as tx:
            tx.execute(
                delete(Claim).where(Claim.scope == scope, Claim.key == _short(key), Claim.value == value)
            )


def _short(key: str) -> str:
    """Keys may hold names of people (folder and file names): only their hash is kept."""
    return hashlib.sha256(key.encode()).hexdigest()
