"""The same record, however often and however fast it is posted, reaches the provider once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.fixtures.hub import Hub
from tests.flows.ask import activated, airtable_request, create, inline_request, requests_at_provider

BODIES = {"airtable": airtable_request, "inline": inline_request}


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("headers", [{"Idempotency_Key": "one"}, {}], ids=["with a key", "without"])
def test_ten_posts_at_once_reach_the_provider_once(hub: Hub, kind: str, headers: dict[str, str]) -> None:
    hub.start()
    body = BODIES[kind]()
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: hub.post("/v1/conventions", body, **headers), range(10)))
    assert {a.status_code for a in answers} <= {200, 202}, [a.text for a in answers]
    ended = {_settled(hub, a.json()["id"])["id"] for a in answers}
    assert len(ended) == 1
    assert len(activated(hub, ended.pop())) == 1
    assert len(requests_at_provider(hub)) == 1


def test_a_replay_says_so_and_a_key_is_not_for_two_requests(hub: Hub) -> None:
    hub.start("web")
    first = hub.post("/v1/conventions", inline_request(), Idempotency_Key="k1")
    again = hub.post("/v1/conventions", inline_request(), Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json()["replayed"] is True
    assert again.json()["id"] == first.json()["id"]
    other = hub.post("/v1/conventions", inline_request(external_id="other"), Idempotency_Key="k1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_a_record_that_changed_is_another_convention(hub: Hub) -> None:
    hub.start()
    first = create(hub, inline_request(), Prefer="wait=25")
    changed = inline_request()
    changed["source"]["fields"]["Objet"] = "Conseil et assistance pour une tout autre affaire."
    second = create(hub, changed, Prefer="wait=25")
    assert first != second
    assert len(requests_at_provider(hub)) == 2


def _settled(hub: Hub, convention_id: str) -> dict[str, Any]:
    return hub.until(convention_id, "sent", "opened")
