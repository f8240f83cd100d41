"""Callbacks repeated, out of order, lost, early or forged: archived once all the same."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from store.models import CallbackRow
from tests.fixtures.databases import on_postgresql
from tests.fixtures.hub import Hub
from tests.fixtures.waiting import wait_for
from tests.flows.ask import activated, airtable_request, assert_archived_once, create, sign_all

pytestmark = on_postgresql

SECRET = b"secret-du-bac-a-sable-0123456789"
MISCHIEFS: dict[str, dict[str, Any]] = {
    "sent three times": {"mode": "duplicate", "count": 3},
    "out of order": {"mode": "reorder", "count": 3},
    "never sent": {"mode": "forget"},
    "only the last one lost": {"mode": "forget", "events": ["signature_request.done"]},
}


@pytest.mark.parametrize("mischief", MISCHIEFS.values(), ids=MISCHIEFS)
def test_callbacks(hub: Hub, mischief: dict[str, Any]) -> None:
    hub.environ["PARAPHE_ASK_AFTER_SECONDS"] = "3"
    hub.start()
    hub.sandbox.control("yousign").post("webhooks", mischief)
    convention_id = create(hub, airtable_request(), Prefer="wait=25")
    sign_all(hub)
    assert_archived_once(hub, convention_id)


def test_one_byte_changed_is_refused_and_changes_nothing(hub: Hub) -> None:
    hub.start("web")
    body = json.dumps({"event_id": "e1", "event_name": "signature_request.done", "data": {}}).encode()
    good = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    for raw, signature in [
        (body.replace(b"e1", b"e2"), good),
        (body, good[:-1] + ("0" if good[-1] != "0" else "1")),
        (body, ""),
        (body, "sha256=é"),
    ]:
        answer = _call_back(hub, raw, signature)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
    assert _stored(hub) == 0
    assert _call_back(hub, body, good).status_code == 204
    assert _call_back(hub, body, good).status_code == 204
    assert _stored(hub) == 1


def test_a_callback_that_comes_before_our_own_answer_finds_its_convention(hub: Hub) -> None:
    """The provider calls back while its answer to ``activate`` is still on its way."""
    hub.environ["PARAPHE_ASK_AFTER_SECONDS"] = "3600"
    hub.start()
    control = hub.sandbox.control("yousign")
    control.fault("delay_after", "POST", "/activate$", seconds=5)
    convention_id = create(hub, airtable_request())
    wait_for(lambda: activated(hub, convention_id), 30, "the request is live")
    sign_all(hub)
    assert hub.state(convention_id) == "rendered"
    assert_archived_once(hub, convention_id)


@pytest.mark.parametrize(("act", "state"), [("decline", "declined"), ("expire", "expired")])
def test_an_ending_without_signature_is_told_and_frees_the_record(hub: Hub, act: str, state: str) -> None:
    hub.start()
    convention_id = create(hub, airtable_request(), Prefer="wait=25")
    request = activated(hub, convention_id)[0]
    hub.sandbox.control("yousign").post(
        act,
        {"signature_request": request["id"], "signer": request["signers"][0]["id"], "reason": "Trop cher"}
        if act == "decline"
        else {"signature_request": request["id"]},
    )
    hub.until(convention_id, state)
    assert list(hub.archive.rglob("*.pdf")) == []
    again = create(hub, airtable_request(), Prefer="wait=25")
    assert again != convention_id
    hub.until(again, "sent")


def _call_back(hub: Hub, raw: bytes, signature: str) -> httpx.Response:
    headers = [(b"content-type", b"application/json"), (b"x-yousign-signature-256", signature.encode())]
    return httpx.post(f"{hub.url}/v1/callbacks/yousign", content=raw, headers=headers)


def _stored(hub: Hub) -> int:
    with hub.runtime() as runtime, runtime.database.reading() as session:
        return len(session.scalars(select(CallbackRow.id)).all())
