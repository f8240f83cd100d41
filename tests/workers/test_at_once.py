"""Two workers, or a worker and a callback, at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.signature import Callback, CallbackKind
from domain.steps import StepKind
from sandbox.airtable import BASE_ID, RECORD_ID, TABLE_ID
from store import conventions, inbox, steps
from store.models import CallbackRow
from tests.fixtures.sandbox import Control, Sandbox
from tests.fixtures.waiting import wait_for
from tests.workers.desk import Desk

AIRTABLE = {"kind": "airtable", "base": BASE_ID, "table": TABLE_ID, "record": RECORD_ID}


def _ask_provider(desk: Desk, convention_id: str) -> str:
    with desk.runtime.database.transaction() as tx:
        return steps.ask_provider(tx, desk.now, convention_id).id


def _sign_first(provider: Control) -> None:
    request: dict[str, Any] = provider.get("signature_requests")[0]
    provider.post("sign", {"signature_request": request["id"], "signer": request["signers"][0]["id"]})


def _answered(control: Control, method: str, ending: str) -> bool:
    return any(one["status"] for one in control.requests(method) if one["path"].endswith(ending))


def test_an_answer_that_was_long_on_its_way_takes_no_signature_back(served: Desk, sandbox: Sandbox) -> None:
    provider = sandbox.control("yousign")
    convention_id = served.ask()
    served.work()
    slow = _ask_provider(served, convention_id)
    provider.fault("delay_after", "GET", "/signers$", seconds=1.5)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(served.run, slow)
        wait_for(lambda: _answered(provider, "GET", "/signers"), 10, "the slow answer is on its way")
        _sign_first(provider)
        served.run(_ask_provider(served, convention_id))
        assert served.shown(convention_id)["signers"][0]["status"] == "signed"
        running.result(20)
    assert served.shown(convention_id)["signers"][0]["status"] == "signed"
    assert served.events(convention_id).count("convention.signer_signed") == 1


def test_the_state_written_last_to_the_record_is_the_newest(served: Desk, sandbox: Sandbox) -> None:
    """One worker's write of "sent" is held up until another has written "cancelled"."""
    airtable = sandbox.control("airtable")
    convention_id = served.ask(source=AIRTABLE)
    served.work(StepKind.FETCH, StepKind.RENDER, StepKind.SEND)
    late = served.step(convention_id, StepKind.WRITE_BACK)
    airtable.fault("delay", "PATCH", seconds=1.5)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(served.run, late.id)
        wait_for(lambda: airtable.requests("PATCH"), 10, "the late write is on its way")
        served.post(f"/{convention_id}/cancel")
        served.work(StepKind.CANCEL)
        newer = next(s for s in served.steps(convention_id, StepKind.WRITE_BACK) if s.id != late.id)
        served.run(newer.id)
        running.result(20)
    served.work()
    cells = airtable.get(f"records/{BASE_ID}/{TABLE_ID}/{RECORD_ID}")
    assert cells["Statut convention"] == "Annulée"


def test_a_callback_written_while_its_convention_learns_its_reference_is_matched(desk: Desk) -> None:
    convention_id = desk.convention("read", "render")
    now = datetime.now(UTC)
    callback = Callback(CallbackKind.MOVED, "ref-1", None, None, now)

    def sent() -> None:
        """As the sending step ends."""
        with desk.runtime.database.transaction() as tx:
            row = conventions.lock(tx, convention_id)
            row.provider_ref = "ref-1"
            tx.flush()
            assert inbox.adopt(tx, row)

    with ThreadPoolExecutor(1) as pool:
        with desk.runtime.database.transaction() as tx:
            assert inbox.keep(tx, now, "yousign", "e1", callback, {}, b"{}") is None
            tx.flush()
            ending = pool.submit(sent)
            with pytest.raises(TimeoutError):
                ending.result(0.3)  # it waits for the callback
        ending.result(20)
    with desk.runtime.database.reading() as session:
        assert [row.id for row in inbox.matched(session, convention_id)] != []


def test_a_callback_that_comes_as_the_sending_ends_finds_its_convention(desk: Desk) -> None:
    convention_id = desk.convention("read", "render")
    now = datetime.now(UTC)
    callback = Callback(CallbackKind.MOVED, "ref-1", None, None, now)

    def called() -> str | None:
        with desk.runtime.database.transaction() as tx:
            return inbox.keep(tx, now, "yousign", "e1", callback, {}, b"{}")

    with ThreadPoolExecutor(1) as pool:
        with desk.runtime.database.transaction() as tx:
            row = conventions.lock(tx, convention_id)
            row.provider_ref = "ref-1"
            tx.flush()
            assert not inbox.adopt(tx, row)
            writing = pool.submit(called)
            with pytest.raises(TimeoutError):
                writing.result(0.3)  # it waits for the sending
        assert writing.result(20) == convention_id


def test_two_events_whose_long_keys_begin_alike_are_both_kept(desk: Desk) -> None:
    callback = Callback(CallbackKind.MOVED, "ref-1", None, None, desk.now)
    for end in "ab":
        with desk.runtime.database.transaction() as tx:
            inbox.keep(tx, desk.now, "yousign", "k" * 200 + end, callback, {}, b"{}")
    with desk.runtime.database.reading() as session:
        assert session.query(CallbackRow).count() == 2
