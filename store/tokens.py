"""Access tokens that all processes share, sealed: one is asked for when none is fresh, not by each worker."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from store.database import Database
from store.models import TokenRow

#: a token this near its end might die on its way
_EARLY = timedelta(minutes=1)


class Tokens:
    """Two processes that find none at the same time both ask for one: harmless, the last is kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def fresh(self, scope: str, now: datetime) -> str | None:
        with self._database.reading() as session:
            row = session.scalars(select(TokenRow).where(TokenRow.scope == scope)).first()
            return row.token if row and row.expires_at > now + _EARLY else None

    def keep(self, scope: str, token: str, expires_at: datetime) -> None:
        with self._database.transaction() as tx:
            tx.merge(TokenRow(scope=scope, token=token, expires_at=expires_at))

    def drop(self, scope: str, token: str) -> None:
        """Forget ``token``, unless a newer one stands."""
        with self._database.transaction() as tx:
            row = tx.get(TokenRow, scope)
            if row and row.token == token:
                tx.execute(delete(TokenRow).where(TokenRow.scope == scope))
