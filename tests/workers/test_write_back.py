"""What the record is told, and when: where its convention stands, and the link of who signs next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.signature import Callback, CallbackKind
from sandbox.airtable.sample import BASE_ID, RECORD_ID, TABLE_ID
from store import inbox
from tests.fixtures.databases import one_database
from tests.fixtures.sandbox import Control, Sandbox
from tests.workers.desk import Desk
from workers.clock import tick

SOURCE = {"kind": "airtable", "base": BASE_ID, "table": TABLE_ID, "record": RECORD_ID}


@pytest.fixture
def desk(tmp_path: Path, database_url: str, sandbox: Sandbox) -> Iterator[Desk]:
    made = Desk(tmp_path, DATABASE_URL=database_url, PARAPHE_SANDBOX_URL=sandbox.url)
    yield made
    made.close()


def told(sandbox: Sandbox) -> tuple[str | None, str | None]:
    """State and link, as they stand in the record."""
    fields = sandbox.control("airtable").get(f"records/{BASE_ID}/{TABLE_ID}/{RECORD_ID}")
    return fields.get("Statut convention"), fields.get("Lien de signature")


def asked_again(desk: Desk) -> None:
    """As a callback would make it."""
    desk.later(desk.runtime.settings.core.ask_after_seconds + 1)
    tick(desk.runtime)
    desk.work()


def act(provider: Control, order: str, signer: int | str) -> None:
    (request,) = provider.get("signature_requests")
    who = signer if isinstance(signer, str) else request["signers"][signer]["id"]
    provider.post(order, {"signature_request": request["id"], "signer": who})


def opened(desk: Desk, provider: Control) -> None:
    """No GET tells of it: its callback has come."""
    (request,) = provider.get("signature_requests")
    told = Callback(CallbackKind.OPENED, request["id"], None, request["signers"][0]["id"], desk.now)
    with desk.runtime.database.transaction() as tx:
        inbox.keep(tx, desk.now, "yousign", "event", told, {}, b"{}")


@one_database
def test_the_link_is_that_of_who_signs_next_and_goes_when_nobody_does(desk: Desk, sandbox: Sandbox) -> None:
    provider = sandbox.control("yousign")
    desk.ask(source=SOURCE)
    desk.work()
    first, second = (one["link"] for one in provider.get("signature_requests")[0]["signers"])
    assert told(sandbox) == ("Envoyée", first)
    opened(desk, provider)
    asked_again(desk)
    assert told(sandbox) == ("Ouverte", first)
    act(provider, "sign", 0)
    asked_again(desk)
    assert told(sandbox) == ("Ouverte", second)
    act(provider, "sign", "all")
    asked_again(desk)
    assert told(sandbox) == ("Archivée", None)


@one_database
def test_a_link_that_leads_nowhere_is_taken_away(desk: Desk, sandbox: Sandbox) -> None:
    provider = sandbox.control("yousign")
    desk.ask(source=SOURCE)
    desk.work()
    act(provider, "decline", 0)
    asked_again(desk)
    assert told(sandbox) == ("Refusée", None)


@one_database
def test_a_convention_that_is_only_drawn_up_says_so(desk: Desk, sandbox: Sandbox) -> None:
    desk.ask(source=SOURCE, until="rendered")
    desk.work()
    assert told(sandbox) == ("Rédigée", None)
