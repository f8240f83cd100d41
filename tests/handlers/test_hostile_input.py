"""Whatever arrives, the answer is a problem document that says what is wrong: never a 5xx."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.pages.application import Application, sample

SOURCE = json.dumps({"kind": "inline", "fields": sample()})


def _post(door: Application, body: str | bytes, **headers: str) -> TestResponse:
    raw = body.encode() if isinstance(body, str) else body
    return door.client.post("/v1/conventions", data=raw, headers={**door.authorised, **headers})


def _problem(answer: TestResponse) -> dict[str, Any]:
    assert answer.content_type == "application/problem+json", answer.text
    told: dict[str, Any] = answer.get_json()
    assert answer.status_code == told["status"] < 500, told
    return told


@pytest.mark.parametrize("depth", [51, 300, 900, 940, 100_000])
@pytest.mark.parametrize("where", ["metadata", "fields"])
def test_json_too_deep_is_refused_whatever_reads_it_later(door: Application, depth: int, where: str) -> None:
    deep = "[" * depth + "]" * depth
    body = f'{{"source": {SOURCE}, "metadata": {{"a": {deep}}}}}'
    if where == "fields":
        body = f'{{"source": {{"kind": "inline", "fields": {{"a": {deep}}}}}}}'
    assert _problem(_post(door, body))["code"] == "body_too_deep"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 5000])
def test_a_number_that_json_cannot_give_back_is_refused(door: Application, number: str) -> None:
    body = f'{{"source": {SOURCE}, "metadata": {{"a": {number}}}}}'
    assert _problem(_post(door, body))["code"] == "body_not_json"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\x00",
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b'{"\\udfff": 1}',
        b"a=b",
        b"--x\r\n\r\n--x--",
        b"\xef\xbb\xbf\xef\xbb\xbf{}",
        "{“a”: 1}".encode(),
    ],
)
@pytest.mark.parametrize("media", ["application/json", "application/x-www-form-urlencoded", "", "\x7f/;;="])
def test_what_is_not_json_is_refused_whatever_its_type_says(
    door: Application, body: bytes, media: str
) -> None:
    answer = _post(door, body, **{"Content-Type": media})
    assert (answer.status_code, _problem(answer)["code"]) == (400, "body_not_json")


@pytest.mark.parametrize("body", ["[]", "5", '"x"', "true"])
def test_json_that_is_no_object_is_refused(door: Application, body: str) -> None:
    assert _problem(_post(door, body))["code"] == "body_not_an_object"


def test_more_data_of_the_callers_than_events_should_carry_is_refused(door: Application) -> None:
    told = _problem(_post(door, f'{{"source": {SOURCE}, "metadata": {{"a": "{"é" * 9000}"}}}}'))
    assert [fault["path"] for fault in told["errors"]] == ["metadata"]


def test_thousands_of_faults_are_told_by_their_first_hundred(door: Application) -> None:
    names = ", ".join(f'"{"x" * 300}{number}": 1' for number in range(500))
    told = _problem(_post(door, f'{{"source": {SOURCE}, {names}}}'))
    assert len(told["errors"]) == 100
    assert all(len(fault["path"]) <= 120 for fault in told["errors"])


@pytest.mark.parametrize("value", ["\x00", 5, 1.5, True, [1], {"a": 1}, "x" * 300, [], "é"])
@pytest.mark.parametrize(
    "field",
    [
        "source",
        "source.kind",
        "source.fields",
        "template",
        "signature",
        "signature.provider",
        "signature.level",
        "signature.order",
        "archive",
        "until",
        "resume_url",
        "resume_at",
        "idempotency_key",
    ],
)
def test_a_field_of_the_wrong_type_is_named(door: Application, field: str, value: Any) -> None:
    readable = [
        ("archive", []),
        ("source.fields", {"a": 1}),
        ("idempotency_key", 5),
        ("idempotency_key", 1.5),
    ]
    if (field, value) in readable:
        return
    body: dict[str, Any] = {"source": json.loads(SOURCE)}
    name, _, inner = field.partition(".")
    body[name] = {**body.get(name, {}), inner: value} if inner else value
    told = _problem(_post(door, json.dumps(body)))
    assert told["code"] == "request_invalid"
    assert any(fault["path"].startswith(field) for fault in told["errors"])


@pytest.mark.parametrize("value", ["", "   ", 5, "x" * 300, "a\x00b", ["x"]])
@pytest.mark.parametrize("field", ["base", "record"])
def test_a_malformed_reference_to_a_record_is_named(door: Application, field: str, value: Any) -> None:
    source = {"kind": "airtable", "base": "app" + "a" * 14, "table": "t", "record": "rec" + "b" * 14}
    told = _problem(_post(door, json.dumps({"source": {**source, field: value}})))
    assert [fault["path"] for fault in told["errors"]] == [f"source.{field}"]


@pytest.mark.parametrize("value", ["\x00", 5, True, [["x"]], {"a": 1}, "x" * 21_000, "{{ 7*7 }}", "\u202e"])
def test_any_junk_in_any_column_is_taken_or_named(door: Application, value: Any) -> None:
    for column in sample():
        answer = _post(
            door, json.dumps({"source": {"kind": "inline", "fields": {**sample(), column: value}}})
        )
        if answer.status_code not in (200, 202):
            assert _problem(answer)["code"] == "record_invalid"


@pytest.mark.parametrize(
    "path",
    [
        "/v1/conventions?limit=" + "9" * 5000,
        "/v1/conventions?limit=0",
        "/v1/conventions?limit=-1",
        "/v1/conventions?limit=٣",
        "/v1/conventions?limit=1e2",
        "/v1/events?limit=" + "9" * 5000,
        "/v1/conventions?since=0001-01-01T00:00:00%2B23:59",
        "/v1/conventions?since=9999-12-31T23:59:59-23:59",
        "/v1/conventions?since=hier",
        "/v1/conventions?since=2026-12-15",
        "/v1/conventions?since=2026-12-15T08:00:00",
        "/v1/conventions?state=nowhere",
        "/v1/conventions?cursor=zzz",
        "/v1/conventions?cursor=cv_" + "g" * 32,
        "/v1/events?since=zzz",
    ],
)
def test_a_bad_filter_is_named(door: Application, path: str) -> None:
    told = _problem(door.client.get(path, headers=door.authorised))
    assert told["code"] == "filter_invalid"
    assert told["errors"][0]["path"] in path


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/events?since=%00"),
        ("GET", "/v1/events?type=%00"),
        ("GET", "/v1/conventions?dossier=%00"),
        ("GET", "/v1/conventions?cursor=%00"),
        ("GET", "/v1/conventions?state=%00"),
        ("GET", "/v1/conventions?%00=%00"),
        ("GET", "/v1/conventions/%00"),
        ("GET", "/v1/conventions/%00/journal"),
        ("GET", "/v1/conventions/a%00b/signed"),
        ("POST", "/v1/conventions/%00/cancel"),
        ("DELETE", "/v1/hooks/%00"),
        ("GET", "/v1/conventions/%ed%a0%80"),
        ("GET", "/v1/conventions/%ff"),
        ("GET", "/suivi/%00"),
        ("POST", "/v1/callbacks/%00"),
        ("GET", "/%00"),
        ("GET", "/v1/conventions/" + "x" * 60_000),
    ],
)
def test_a_null_or_a_broken_character_in_an_address_is_no_crash(
    door: Application, method: str, path: str
) -> None:
    _problem(door.client.open(path, method=method, headers=door.authorised))


@pytest.mark.parametrize(
    "user", ["\x00", "prp_\x00_x", "é", "prp_" + "a" * 100_000 + "_x", "prp__", "prp_x_é"]
)
def test_a_hostile_key_is_refused(door: Application, user: str) -> None:
    basic = base64.b64encode(f"{user}:".encode()).decode()
    for headers in ({"Authorization": f"Basic {basic}"}, {"X-API-Key": user}):
        if "\x00" in user and "X-API-Key" in headers:
            continue  # no server lets it through
        answer = door.client.get("/v1/me", headers=headers)
        assert (answer.status_code, _problem(answer)["code"]) == (401, "key_refused")


@pytest.mark.parametrize(
    "given", ["Bearer", "Bearer ", "Basic !!!", "Basic", "Digest a=b", "a b c", "Basic /w=="]
)
def test_a_header_that_holds_no_key_is_a_missing_key(door: Application, given: str) -> None:
    answer = door.client.get("/v1/me", headers={"Authorization": given})
    assert (answer.status_code, _problem(answer)["code"]) == (401, "key_missing")


@pytest.mark.parametrize("key", [" ", "é", "x" * 129, "a b"])
def test_a_malformed_idempotency_key_is_refused(door: Application, key: str) -> None:
    answer = _post(door, f'{{"source": {SOURCE}}}', **{"Idempotency-Key": key})
    assert _problem(answer)["code"] == "idempotency_key_invalid"


@pytest.mark.parametrize("prefer", ["wait=-1", "wait=x", "wait=", "respond-async, wait", "wait=1e9", "\x7f"])
def test_an_odd_preference_is_ignored(door: Application, prefer: str) -> None:
    assert _post(door, f'{{"source": {SOURCE}}}', Prefer=prefer).status_code in (200, 202)


class _Broken(io.RawIOBase):
    """The connection of a client that announces a chunk and sends something else."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> int:
        raise OSError("invalid chunk size")


@pytest.mark.parametrize("path", ["/v1/conventions", "/v1/conventions/cv_x/cancel", "/v1/callbacks/yousign"])
@pytest.mark.parametrize(
    ("stream", "status"), [(_Broken(), 400), (io.BytesIO(b" " * 1_000_001), 413)], ids=["broken", "too large"]
)
def test_chunks_that_break_or_never_end_are_the_callers_fault(
    door: Application, path: str, stream: io.IOBase, status: int
) -> None:
    stream.seek(0) if stream.seekable() else None
    environ = {"wsgi.input": stream, "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = door.client.open(path, method="POST", headers=door.authorised, environ_overrides=environ)
    assert _problem(answer)["status"] == status


@pytest.mark.parametrize("method", ["TRACE", "PUT", "PATCH", "BREW"])
def test_another_method_is_a_problem_that_tells_the_right_ones(door: Application, method: str) -> None:
    answer = door.client.open("/v1/conventions", method=method, headers=door.authorised)
    assert _problem(answer)["code"] == "method_not_allowed"
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("empty", ["", None])
def test_what_tools_send_for_not_set_counts_as_absent(door: Application, empty: str | None) -> None:
    body: dict[str, Any] = {"source": json.loads(SOURCE), "external_id": 42}
    body |= dict.fromkeys(
        ("template", "archive", "until", "resume_url", "metadata", "idempotency_key"), empty
    )
    body["signature"] = {"provider": empty, "level": empty, "order": empty}
    answer = _post(door, json.dumps(body), **{"Idempotency-Key": ""})
    assert answer.status_code in (200, 202), answer.text
