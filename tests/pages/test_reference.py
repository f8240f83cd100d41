"""The reference that people read: complete, its links lead somewhere, its examples work."""

from __future__ import annotations

import hashlib
import hmac
import html
import json
import re
import shlex
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from connectors.http import Api, Limits, System
from domain.errors import ParapheError
from handlers.problem_codes import SIGNED_FILE_CODES, SYSTEM_CODES, declared
from tests.http.wire import answer, answering, serving
from tests.pages.application import Application

ROOT = Path(__file__).parents[2]
RAISED = re.compile(
    r"\b(?:Invalid|Refused|NotFound|Permanent|Retryable|Unknown|Unauthorized)\(\s*\"([a-z_]+)\""
)
SECRET = "whsec_" + "YWFh" * 8


@pytest.fixture
def page(application: Application) -> str:
    answered = application.client.get("/docs")
    assert answered.status_code == 200
    return answered.text


def ids(page: str) -> list[str]:
    return [html.unescape(one) for one in re.findall(r'\bid="([^"]+)"', page)]


def code(page: str, identifier: str) -> str:
    found = re.search(rf'<pre[^>]* id="{identifier}"><code>(.*?)</code>', page, re.DOTALL)
    assert found
    return html.unescape(found[1])


def test_every_code_that_the_sources_raise_is_explained(page: str) -> None:
    packages = ("handlers", "domain", "documents", "store", "connectors", "workers")
    raised = {
        found
        for package in packages
        for path in (ROOT / package).rglob("*.py")
        for found in RAISED.findall(path.read_text(encoding="utf-8"))
    }
    assert len(raised) > 50
    assert {f"probleme-{one}" for one in raised} <= set(ids(page))


def test_every_code_put_together_for_a_system_is_explained(page: str) -> None:
    told = set()
    answers = [answer(status) for status in (301, 400, 401, 403, 404, 429, 500)]
    for handle in [*answers, answering(b"")]:
        for method in ("GET", "POST"):
            with serving(handle) as wire:
                told.add(_code_of(wire.url, method))
    told |= {_code_of("http://127.0.0.1:1", "GET"), _code_of("http://127.0.0.1:1/\x00", "GET")}
    assert told == set(SYSTEM_CODES)
    assert {f"probleme-yousign_{ending}" for ending in SYSTEM_CODES} <= set(ids(page))


def _code_of(url: str, method: str) -> str:
    limits = Limits(connect_seconds=1, read_seconds=1, total_seconds=2, max_bytes=1000)
    system = System("acme", "Acme", "PARAPHE_ACME")
    with pytest.raises(ParapheError) as raised:
        Api(url, system, headers={}, now=lambda: datetime.now(UTC), limits=limits).request(method, "/things")
    return raised.value.code.removeprefix("acme_")


def test_every_fault_of_a_signed_file_is_explained() -> None:
    source = (ROOT / "documents" / "signatures.py").read_text(encoding="utf-8")
    assert all(f'"{fault}"' in source for fault in SIGNED_FILE_CODES if fault not in ("unsound", "untrusted"))
    named = set(
        re.findall(r'problems(?:=\(|\.append\()"([a-z_]+)"|\("([a-z_]+)", (?:intact|unaltered|whole)', source)
    )
    assert {one for pair in named for one in pair if one} <= set(SIGNED_FILE_CODES)


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("/nowhere", {}),
        ("/v1/conventions", {}),
        ("/v1/me", {"method": "DELETE"}),
        ("/v1/conventions/cv_x", {"key": True}),
        ("/v1/conventions?limit=0", {"key": True}),
        ("/v1/conventions", {"method": "POST", "data": "{", "key": True}),
    ],
)
def test_the_type_of_a_problem_leads_to_its_explanation(
    application: Application, page: str, path: str, given: dict[str, Any]
) -> None:
    headers = application.authorised if given.pop("key", False) else {}
    problem = application.client.open(path, headers=headers, **given).get_json()
    address, _, anchor = problem["type"].partition("#")
    assert (address, anchor in ids(page)) == ("/docs", True)


def test_no_place_is_named_twice_and_every_link_leads_to_one(page: str) -> None:
    twice = [name for name, count in Counter(ids(page)).items() if count > 1]
    assert twice == []
    targets = {html.unescape(one) for one in re.findall(r'href="#([^"]+)"', page)}
    assert targets - set(ids(page)) == set()


def test_nothing_comes_from_elsewhere(page: str) -> None:
    assert "<script" not in page
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', page) == []


def test_the_first_walk_creates_a_convention(application: Application, page: str) -> None:
    command = code(page, "exemple-creation")
    words = shlex.split(command.partition("<<")[0].replace("\\\n", " "))
    body = command.partition("<<'FIN'\n")[2].removesuffix("\nFIN")
    sent = dict(words[n + 1].split(": ", 1) for n, word in enumerate(words) if word == "-H")
    sent |= {"Authorization": f"Bearer {application.key}", "Prefer": "wait=0"}
    answered = application.client.post("/v1/conventions", data=body, headers=sent)
    assert answered.status_code == 202, answered.text
    assert answered.get_json()["external_id"] == json.loads(body)["external_id"]


def test_the_python_that_is_shown_tells_our_events_from_forged_ones(page: str) -> None:
    shown: dict[str, Any] = {}
    exec(compile(code(page, "verifier-python"), "shown", "exec"), shown)
    body, now = '{"id":"evt_1","type":"convention.signed","é":1}', datetime.now(UTC)
    headers = {
        "webhook-id": "evt_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": "v1,AAAA " + Webhook(SECRET).sign("evt_1", now, body),
    }
    assert shown["verifier"](SECRET, headers, body.encode())
    assert not shown["verifier"](SECRET, headers, body.encode() + b" ")
    assert not shown["verifier"](SECRET, {**headers, "webhook-id": "evt_2"}, body.encode())
    old = {**headers, "webhook-timestamp": str(int(now.timestamp()) - 3600)}
    signed = hmac.new(b"a" * 8, f"evt_1.{old['webhook-timestamp']}.{body}".encode(), hashlib.sha256)
    assert not shown["verifier"](SECRET, {**old, "webhook-signature": signed.hexdigest()}, body.encode())


def test_a_code_is_read_with_its_status_and_its_sentence() -> None:
    source = """
WHY = "a word"
def one():
    raise Retryable("late", f"Because of {WHY}, {cause} and " "more.")
def two():
    return Refused("forbidden", sentence)
"""
    assert list(declared(source)) == [
        ("late", 503, "Because of a word, … and more."),
        ("forbidden", 422, "Le détail est dans la réponse, et chaque défaut dans « errors »."),
    ]
