"""The Universign stand-in behaves as the guides say, and as is easy to forget: forms only, no invitation
without a schedule, a refusal that ends nothing, an archive that comes later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from domain.signature import Verdict
from tests.contract import universign
from tests.contract.orders import pdf
from tests.fixtures.sandbox import Control, Sandbox
from tests.fixtures.waiting import wait_for
from tests.http.wire import answer, serving

EMAILS = ("claire@example.org", "paul@example.org")


@dataclass(frozen=True)
class Caller:
    """A client written from the guides alone."""

    control: Control

    def post(self, path: str, data: Mapping[str, Any] | None = None, **more: Any) -> httpx.Response:
        url = f"{self.control.url}/v1{path}"
        return self.control.client.post(url, data=data, auth=("a-key", ""), **more)

    def get(self, path: str) -> httpx.Response:
        return self.control.client.get(f"{self.control.url}/v1{path}", headers={"Authorization": "Bearer k"})

    def made(self, path: str, data: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        told: dict[str, Any] = self.post(path, data, **more).raise_for_status().json()
        return told

    def draft(self, schedule: str = "[0,48]") -> str:
        """A transaction that two people will sign one after the other; its identifier."""
        base = f"/transactions/{self.made('/transactions', {'name': 'Convention', 'duration': '60'})['id']}"
        file = self.made("/files", files={"file": ("c.pdf", pdf(2), "application/pdf")})
        document = self.made(f"{base}/documents", {"document": file["id"]})
        for rank, email in enumerate(EMAILS):
            place = {"page": "1", "x": "70", "y": str(120 + 60 * rank)}
            field = self.made(f"{base}/documents/{document['id']}/fields", place)
            self.made(f"{base}/signatures", {"signer": email, "field": field["id"]})
            about = {"full_name": f"Personne {rank}", "phone_number": "+33639980001", "schedule": schedule}
            self.made(f"{base}/participants", {"email": email, **about})
        self.made(f"{base}/sequencing", {"before": EMAILS[0], "after": EMAILS[1]})
        return base.rpartition("/")[2]

    def started(self) -> dict[str, Any]:
        return self.made(f"/transactions/{self.draft()}/start")

    def sent(self, kind: str) -> list[str]:
        return [one["to"] for one in self.control.get("messages") if one["kind"] == kind]


@pytest.fixture
def caller(sandbox: Sandbox) -> Caller:
    return Caller(sandbox.control("universign"))


def test_what_the_guides_do_not_offer_is_refused(caller: Caller) -> None:
    assert caller.post("/transactions", json={"name": "x"}).status_code == 415
    signed = {"file": ("a.pdf", b"not a PDF", "application/pdf")}
    file = caller.made("/files", files=signed)["id"]
    base = f"/transactions/{caller.draft()}"
    for path, data in [
        ("/transactions", {"unheard_of": "1"}),
        ("/transactions", {"name": "x" * 101}),
        ("/transactions", {"duration": "86401"}),
        (f"{base}/documents", {"document": file}),
        (f"{base}/participants", {"email": "nobody"}),
        (f"{base}/participants", {"email": EMAILS[0], "phone_number": "0639980001"}),
        (f"{base}/participants", {"email": EMAILS[0], "schedule": "[0,12]"}),
        (f"{base}/participants", {"email": EMAILS[0], "min_signature_level": "LEVEL1"}),
        (f"{base}/sequencing", {"before": EMAILS[0], "after": "stranger@example.org"}),
        (f"{base}/participants/remind", {"email": EMAILS[0]}),
        ("/webhook-endpoints", {"name": "x", "url": "http://a.example/", "event_types": ["action.opened"]}),
        ("/webhook-endpoints", {"name": "x", "url": "https://a.example/", "event_types": ["unheard.of"]}),
    ]:
        assert caller.post(path, data).status_code == 400, (path, data)
    assert caller.get(base).json()["state"] == "draft"
    url = f"{caller.control.url}/v1{base}"
    assert caller.control.client.get(url).status_code == 401
    assert caller.control.client.get(url, auth=("refusee", "")).status_code == 401


def test_the_invitation_leaves_only_with_a_schedule_and_in_turn(caller: Caller) -> None:
    silent = caller.made(f"/transactions/{caller.draft(schedule='[]')}/start")
    assert (silent["state"], caller.sent("invitation")) == ("started", [])
    started = caller.started()
    assert caller.sent("invitation") == [EMAILS[0]]
    assert [one["state"] for one in started["actions"]] == ["opened", "waiting"]
    caller.control.post("sign", {"signature_request": started["id"], "signer": EMAILS[0]})
    assert caller.sent("invitation") == list(EMAILS)


def test_a_refusal_only_stalls_and_nothing_is_archived(caller: Caller) -> None:
    ref = caller.started()["id"]
    caller.control.post("decline", {"signature_request": ref, "signer": EMAILS[0]})
    found = caller.get(f"/transactions/{ref}").json()
    assert (found["state"], found["stalled"]) == ("started", True)
    assert found["actions"][0]["stalled_reason"] == "signature_refusal"
    assert caller.get(f"/archives/{ref}/requester-attestation").status_code == 404
    assert caller.post(f"/transactions/{ref}/cancel").json()["state"] == "cancelled"


def test_a_person_signs_in_three_gestures_with_the_code_received(caller: Caller) -> None:
    started = caller.started()
    for action in started["actions"]:
        page = caller.control.client.get(action["url"])
        assert "J’ai lu et j’accepte" in page.text
        caller.control.client.post(f"{action['url']}/consent", follow_redirects=True)
        wrong = caller.control.client.post(f"{action['url']}/sign", data={"code": "no"})
        assert wrong.status_code == 422
        code = caller.control.get(f"code?signer={action['participant_email']}")["code"]
        done = caller.control.client.post(f"{action['url']}/sign", data={"code": code}, follow_redirects=True)
        assert "votre signature est enregistrée" in done.text or "le document est signé" in done.text
    found = caller.get(f"/transactions/{started['id']}").json()
    assert (found["state"], found["progress_value"]) == ("completed", 100)
    path = f"/documents/{found['documents'][0]['id']}/download"
    for base in (f"/archives/{started['id']}", f"/transactions/{started['id']}/archive"):
        assert b"/ByteRange" in caller.get(base + path).content


def test_callbacks_are_repeated_spoilt_and_forgotten_on_order(caller: Caller) -> None:
    control = caller.control
    with serving(answer(503)) as wire:
        events = ["transaction.lifecycle.started", "action.opened", "transaction.lifecycle.cancelled"]
        caller.made("/webhook-endpoints", {"name": "x", "url": wire.url, "event_types": events})
        control.post("webhooks", {"mode": "forget", "events": ["action.opened"]})
        ref = caller.started()["id"]
        wait_for(lambda: len(control.get("deliveries")[0]["tries"]) >= 2, 10, "a repeat")
        first, forgotten = control.get("deliveries")
        assert (first["event_name"], forgotten["status"]) == (events[0], "forgotten")
        again = control.post("deliver", {"event_name": events[0], "corrupt": True, "signature_request": ref})
        assert [one["tries"][0]["status"] for one in again] == [503]
    connector, verdicts, bodies = universign.build(control.url, ()), [], set()
    for one in wire.received:
        head, _, raw = one.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        verdicts.append(connector.verify(headers, raw))
        bodies.add(raw)
    assert len(bodies) == 1, "the same bytes at each try"
    assert verdicts.count(Verdict.INVALID) == 1
    assert verdicts.count(Verdict.VERIFIED) == len(verdicts) - 1
