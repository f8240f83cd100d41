"""The stand-in of Acrobat Sign: what people do on its pages, and callbacks that nobody echoes."""

from __future__ import annotations

import pytest

from domain.signature import Authentication
from tests.contract import adobe_sign
from tests.contract.orders import order, person
from tests.fixtures.sandbox import Control, Sandbox
from tests.http.wire import answer, serving

KEY = {"Authorization": "Bearer cle-du-bac-a-sable"}


@pytest.fixture
def control(sandbox: Sandbox) -> Control:
    return sandbox.control("adobe_sign")


def _link(control: Control) -> str:
    """To one signer, who is sent a code."""
    asked = order(1, signers=(person(1, Authentication.SMS_CODE),))
    sent = adobe_sign.build(control.url, ()).send(asked, again=False)
    link = sent.signers[0].link
    assert link
    return link


def _events(control: Control) -> list[str]:
    (shown,) = control.get("signature_requests")
    path = f"{control.url}/api/rest/v6/agreements/{shown['id']}/events"
    return [one["type"] for one in control.client.get(path, headers=KEY).json()["events"]]


def test_a_signer_reads_accepts_and_confirms_with_the_code_received(control: Control) -> None:
    link, client = _link(control), control.client
    assert "Lisez le document" in client.get(link).text
    assert client.post(f"{link}/consent").status_code == 303
    (shown,) = control.get("signature_requests")
    code = control.get(f"code?signer={shown['signers'][0]['id']}")["code"]
    assert client.post(f"{link}/sign", data={"code": "no"}).status_code == 422
    client.post(f"{link}/sign", data={"code": code})
    assert control.get("signature_requests")[0]["status"] == "SIGNED"
    assert _events(control) == ["CREATED", "ACTION_REQUESTED", "EMAIL_VIEWED", "ACTION_COMPLETED"]


def test_too_many_wrong_codes_end_the_agreement(control: Control) -> None:
    link, client = _link(control), control.client
    client.get(link)
    client.post(f"{link}/consent")
    for _ in range(5):
        client.post(f"{link}/sign", data={"code": "000 no"})
    assert control.get("signature_requests")[0]["status"] == "CANCELLED"
    assert _events(control)[-1] == "RECALLED_MAX_SIGNING_PHONE_ATTEMPTS"


def test_a_callback_that_is_not_echoed_is_repeated_and_holds_back_the_next(control: Control) -> None:
    secret = "jeton-qui-ne-se-devine-pas"  # a test's
    connector = adobe_sign.build(control.url, (secret,))
    with serving(answer(204, b"", **connector.echo(adobe_sign.sign(b"", "")))) as hub:
        connector.subscribe(f"{hub.url}/callbacks")
        address = hub.port
    with serving(answer(200), port=address) as deaf:
        connector.send(order(1), again=False)
        deaf.wait_for(lambda: len(deaf.received) >= 3)
        assert len({connector.event_key({}, one.partition(b"\r\n\r\n")[2]) for one in deaf.received}) == 1
    with serving(answer(204, b"", **connector.echo(adobe_sign.sign(b"", ""))), port=address) as hub:
        hub.wait_for(lambda: any(b"AGREEMENT_ACTION_REQUESTED" in one for one in hub.received))
        assert b"AGREEMENT_CREATED" in hub.received[0]
    first = control.get("deliveries")[0]
    assert [one["status"] for one in first["tries"]][:3] == [200, 200, 200]
    assert first["status"] == "delivered"
