"""A callback whose body nobody signed: whatever it claims, the hub only asks the provider."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.steps import StepKind
from tests.contract import adobe_sign
from tests.fixtures.sandbox import Sandbox
from tests.workers.desk import Desk

TOKEN = "jeton-du-bac-a-sable-0123456789"  # the sandbox's, in sandbox/hub.env
ADDRESS = "/v1/callbacks/adobe_sign"
CALLER = {"X-ADOBESIGN-CLIENTID": adobe_sign.CLIENT_ID}


@pytest.fixture
def desk(tmp_path: Path, sandbox: Sandbox) -> Iterator[Desk]:
    made = Desk(
        tmp_path,
        PARAPHE_SANDBOX_URL=sandbox.url,
        PARAPHE_PROVIDER="adobe_sign",
        PARAPHE_AUTHENTICATION="none",
    )
    yield made
    made.close()


def test_a_body_that_claims_anything_only_makes_the_hub_ask(desk: Desk, sandbox: Sandbox) -> None:
    convention_id = desk.ask()
    desk.work()
    shown, ref = desk.shown(convention_id), desk.row(convention_id).provider_ref
    assert shown["state"] == "sent"
    before = len(sandbox.control("adobe_sign").requests())

    for event in adobe_sign.EVENTS:
        content = json.loads(adobe_sign.callback(event))
        content["agreement"] |= {"id": ref, "status": "SIGNED", "externalId": {"id": convention_id}}
        content["participantUserEmail"] = content["actingUserEmail"] = "eve@example.org"
        answer = desk.client.post(f"{ADDRESS}?token={TOKEN}", json=content, headers=CALLER)
        assert (answer.status_code, answer.headers["X-AdobeSign-ClientId"]) == (204, adobe_sign.CLIENT_ID)
    assert desk.due(StepKind.FOLLOW), "it asks"
    desk.work()

    after = desk.shown(convention_id)
    assert after["state"] == "sent"
    assert [one["status"] for one in after["signers"]] == [one["status"] for one in shown["signers"]]
    assert set(desk.events(convention_id)) <= {"convention.rendered", "convention.sent"}
    asked = sandbox.control("adobe_sign").requests()[before:]
    assert {one["method"] for one in asked} == {"GET"}


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("", CALLER),
        ("?token=", CALLER),
        ("?token=a-guess", CALLER),
        (f"?token={TOKEN}", {}),
        (f"?token={TOKEN}", {"X-ADOBESIGN-CLIENTID": "somebody-else"}),
    ],
)
def test_a_stranger_is_refused_and_nothing_is_kept(desk: Desk, query: str, headers: dict[str, str]) -> None:
    raw = adobe_sign.callback("AGREEMENT_WORKFLOW_COMPLETED")
    answer = desk.client.post(ADDRESS + query, data=raw, headers=headers)
    assert answer.status_code == 401
    assert TOKEN not in answer.text
    assert "X-AdobeSign-ClientId" not in answer.headers
    assert desk.due() == []


def test_the_address_echoes_an_accepted_client_and_no_other(desk: Desk) -> None:
    tried = desk.client.get(ADDRESS, headers=CALLER)
    assert (tried.status_code, tried.headers["X-AdobeSign-ClientId"]) == (200, adobe_sign.CLIENT_ID)
    for headers in ({}, {"X-ADOBESIGN-CLIENTID": "somebody-else"}):
        stranger = desk.client.get(ADDRESS, headers=headers)
        assert stranger.status_code == 404
        assert "somebody-else" not in stranger.text + str(stranger.headers)
