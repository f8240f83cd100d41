"""Every line of "bad input": a status, a stable code, a French sentence, the path of the field; nothing is
written but what the journal should hold, and nothing of what was sent comes back or is logged."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from logs import JsonLines
from store.models import Base
from tests.handlers.callbacks import signature, signed
from tests.pages.application import Application, sample

CANARY = "CANARI"
FRENCH = re.compile(r"[A-ZÀÉ][^{}]{15,}[.!?]")
#: status, code, path of the field
Expected = tuple[int, str, str | None]


def _body(**more: Any) -> bytes:
    return json.dumps({"source": {"kind": "inline", "fields": sample()}, **more}).encode()


def _record(column: str, value: Any) -> bytes:
    fields = {**sample(), column: value}
    if value is None:
        del fields[column]
    return _body(source={"kind": "inline", "fields": fields})


CALLS: dict[str, tuple[bytes, Expected]] = {
    "a missing field": (_record("E-mail", None), (422, "record_invalid", "client.email")),
    "an empty field": (_record("Nom", "  "), (422, "record_invalid", "client.nom")),
    "a malformed e-mail": (
        _record("E-mail", f"{CANARY} at example"),
        (422, "record_invalid", "client.email"),
    ),
    "a malformed phone": (_record("Téléphone", f"06 {CANARY}"), (422, "record_invalid", "client.telephone")),
    "a malformed amount": (_record("Montant HT", f"{CANARY} €"), (422, "record_invalid", "honoraires.")),
    "a file number that is none": (
        _record("N° dossier", f"<{CANARY}>"),
        (422, "record_invalid", "dossier.numero"),
    ),
    "no record at all": (b"{}", (422, "request_invalid", "source")),
    "an unknown template": (_body(template="canari"), (422, "request_invalid", "template")),
    "a template that climbs": (_body(template=f"../../{CANARY}"), (422, "request_invalid", "template")),
    "an unknown provider": (
        _body(signature={"provider": "canari"}),
        (422, "request_invalid", "signature.provider"),
    ),
    "an unknown archive": (_body(archive=["folder", "canari"]), (422, "request_invalid", "archive.1")),
    "an archive that is not set up": (_body(archive="google_drive"), (422, "request_invalid", "archive.0")),
    "an unknown source": (_body(source={"kind": "canari"}), (422, "request_invalid", "source.kind")),
    "a field too many": (_body(templte="forfait"), (422, "request_invalid", "templte")),
    "a private address": (_body(resume_url=f"http://10.0.0.1/{CANARY}"), (422, "url_not_allowed", None)),
    "a body too large": (_body(metadata={"a": CANARY * 200_000}), (413, "body_too_large", None)),
    "no JSON": (f"{{{CANARY}".encode(), (400, "body_not_json", None)),
    "no UTF-8": (b'{"a": "\xe9"}', (400, "body_not_json", None)),
    "a list": (f'["{CANARY}"]'.encode(), (400, "body_not_an_object", None)),
}


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the log of this test holds, as it would be written, libraries included."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    logging.getLogger("paraphe").setLevel(logging.DEBUG)
    yield written
    logging.getLogger().removeHandler(handler)
    assert '"event": "request"' in written.getvalue()


def everything(door: Application) -> dict[str, list[Any]]:
    with door.runtime.database.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table.name}"))]
            for table in Base.metadata.sorted_tables
        }


def problem(answer: TestResponse, expected: Expected) -> dict[str, Any]:
    status, code, path = expected
    told: dict[str, Any] = answer.get_json()
    assert answer.content_type == "application/problem+json"
    assert (answer.status_code, told["status"], told["code"]) == (status, status, code), told
    assert told["type"] == f"/docs#probleme-{code}"
    assert told["request_id"] == answer.headers["X-Request-Id"]
    sentences = [told["detail"], *(fault["detail"] for fault in told.get("errors", []))]
    assert all(FRENCH.fullmatch(sentence) for sentence in sentences), sentences
    if path:
        assert any(fault["path"].startswith(path) for fault in told["errors"]), told["errors"]
    assert CANARY not in answer.text
    return told


@pytest.mark.parametrize(("raw", "expected"), CALLS.values(), ids=CALLS)
def test_a_bad_call(door: Application, lines: io.StringIO, raw: bytes, expected: Expected) -> None:
    before = everything(door)
    headers = {**door.authorised, "Idempotency-Key": "k", "Content-Type": "application/json"}
    problem(door.client.post("/v1/conventions", data=raw, headers=headers), expected)
    assert everything(door) == before
    assert CANARY not in lines.getvalue()


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "key_missing"),
        ({"Authorization": f"Bearer prp_x_{CANARY}"}, "key_refused"),
        ({"X-API-Key": CANARY}, "key_refused"),
        ({"Authorization": f"Token {CANARY}"}, "key_missing"),
    ],
)
def test_a_wrong_key(door: Application, lines: io.StringIO, headers: dict[str, str], code: str) -> None:
    before = everything(door)
    problem(door.client.post("/v1/conventions", data=_body(), headers=headers), (401, code, None))
    assert everything(door) == before
    assert CANARY not in lines.getvalue()


@pytest.mark.parametrize(
    ("provider", "header", "expected"),
    [
        ("canari", "", (404, "provider_unknown", None)),
        ("yousign", "", (401, "callback_signature_invalid", None)),
        ("yousign", "sha256=" + "0" * 64, (401, "callback_signature_invalid", None)),
        ("yousign", "sha256=é", (401, "callback_signature_invalid", None)),
        ("yousign", signature(b"another body"), (401, "callback_signature_invalid", None)),
    ],
)
def test_a_forged_callback(
    door: Application, lines: io.StringIO, provider: str, header: str, expected: Expected
) -> None:
    before = everything(door)
    raw, _ = signed({"event_id": CANARY, "event_name": "signature_request.done"})
    headers = {"X-Yousign-Signature-256": header}
    problem(door.client.post(f"/v1/callbacks/{provider}", data=raw, headers=headers), expected)
    assert everything(door) == before
    assert CANARY not in lines.getvalue()


def test_a_callback_too_large(door: Application) -> None:
    before = everything(door)
    raw, headers = signed({"a": "x" * 1_100_000})
    answer = door.client.post("/v1/callbacks/yousign", data=raw, headers=headers)
    problem(answer, (413, "body_too_large", None))
    assert everything(door) == before


def test_a_replayed_callback_is_acknowledged_and_changes_nothing(application: Application) -> None:
    raw, headers = signed({"event_id": "e1", "event_name": "signature_request.done", "data": {}})
    assert application.client.post("/v1/callbacks/yousign", data=raw, headers=headers).status_code == 204
    before = everything(application)
    assert len(before["callbacks"]) == 1
    for _ in range(3):
        assert application.client.post("/v1/callbacks/yousign", data=raw, headers=headers).status_code == 204
    assert everything(application) == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff",
        b"{" * 5000,
        b'{"event_id": ' + b"9" * 5000 + b"}",
        json.dumps({"event_id": "x" * 5000, "event_name": "signature_request.done"}).encode(),
        json.dumps({"event_id": "\x00", "event_name": ["x"], "data": {"signature_request": 5}}).encode(),
        json.dumps(
            {
                "event_name": "signer.done",
                "event_time": "9" * 30,
                "data": {"signature_request": {"id": "a" * 64}, "signer": {"id": "\ud800"}},
            }
        ).encode(),
        json.dumps(
            {
                "event_name": "signer.link_opened",
                "event_time": 253402300799,
                "data": {"signature_request": {"id": "r-1"}, "signer": {"id": "s-1"}},
            }
        ).encode(),
    ],
)
def test_an_odd_callback_of_the_provider_is_kept_and_acknowledged(
    application: Application, content: bytes
) -> None:
    headers = {"X-Yousign-Signature-256": signature(content), "X-Odd": "é" * 300}
    answer = application.client.post("/v1/callbacks/yousign", data=content, headers=headers)
    assert answer.status_code == 204
    kept = everything(application)
    assert (len(kept["callbacks"]), kept["steps"], kept["journal"], kept["events"]) == (1, [], [], [])


def test_a_callback_of_a_convention_writes_one_question_to_the_provider(application: Application) -> None:
    convention_id = application.convention("read", "render", "send")
    with application.runtime.database.transaction() as tx:
        tx.execute(text("UPDATE conventions SET provider_ref = 'r-1'"))
    before = everything(application)
    for number in range(3):
        content = {"event_id": f"e{number}", "event_name": "signer.done"}
        raw, headers = signed({**content, "data": {"signature_request": {"id": "r-1"}}})
        application.client.post("/v1/callbacks/yousign", data=raw, headers=headers)
    after = everything(application)
    assert len(after["callbacks"]) == 3
    assert len(after["steps"]) == 1
    assert (after["conventions"], after["journal"]) == (before["conventions"], before["journal"])
    assert convention_id in str(after["steps"])
