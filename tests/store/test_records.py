"""One convention of a record at a time sees whether another stands."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, TimeoutError
from dataclasses import replace
from datetime import timedelta

import pytest

from store import conventions, records
from store.database import Database
from tests.fixtures.databases import on_postgresql
from tests.pages.application import asked
from tests.store.conftest import NOW


@on_postgresql
def test_two_conventions_of_one_record_look_one_after_the_other(database: Database) -> None:
    with database.transaction() as tx:
        ids = [
            conventions.create(tx, NOW + timedelta(seconds=n), replace(asked(("folder",)), record_key=key))[
                0
            ].id
            for n, key in enumerate(("a", "a", "b"))
        ]

    def looks(convention_id: str) -> None:
        with database.transaction() as tx:
            records.hold(tx, convention_id)

    with ThreadPoolExecutor(2) as pool:
        with database.transaction() as tx:
            records.hold(tx, ids[0])
            pool.submit(looks, ids[2]).result(10)
            other = pool.submit(looks, ids[1])
            with pytest.raises(TimeoutError):
                other.result(0.5)
        other.result(10)
