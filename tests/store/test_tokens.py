"""Access tokens: shared, sealed, never used near their end."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from connectors.bearer import scope
from store.database import Database
from store.tokens import Tokens
from tests.store.conftest import NOW

SCOPE, SECRET = "acme:client", "eyJ-a-secret-token"


def test_a_token_serves_every_worker_until_a_minute_before_its_end(database: Database) -> None:
    one, another = Tokens(database), Tokens(database)
    assert one.fresh(SCOPE, NOW) is None
    one.keep(SCOPE, SECRET, NOW + timedelta(hours=1))
    assert another.fresh(SCOPE, NOW + timedelta(minutes=58)) == SECRET
    assert another.fresh(SCOPE, NOW + timedelta(minutes=59, seconds=30)) is None
    one.keep(SCOPE, "the next", NOW + timedelta(hours=2))
    another.drop(SCOPE, SECRET)
    assert one.fresh(SCOPE, NOW) == "the next", "a newer one is not dropped with the old"
    another.drop(SCOPE, "the next")
    assert one.fresh(SCOPE, NOW) is None


def test_a_token_is_sealed_at_rest(database: Database) -> None:
    Tokens(database).keep(SCOPE, SECRET, NOW + timedelta(hours=1))
    with database.reading() as session:
        (kept,) = session.execute(text("SELECT token FROM tokens")).one()
    assert SECRET.encode() not in bytes(kept)


def test_the_longest_name_of_an_identity_is_kept(database: Database) -> None:
    """PostgreSQL counts what SQLite does not."""
    named = scope("google_sheets", "t" * 200, "c" * 200, credential="x" * 5000)
    Tokens(database).keep(named, "token", NOW + timedelta(hours=1))
    assert Tokens(database).fresh(named, NOW) == "token"
