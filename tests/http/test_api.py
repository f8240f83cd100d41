"""The door to outside APIs keeps its promises, against a real server."""

from __future__ import annotations

import logging
import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pydantic import BaseModel

from connectors.http import Api, Limits, System, retry_after
from domain.errors import NotFound, ParapheError, Permanent, Retryable, Unknown
from tests.http.certificates import authority
from tests.http.wire import Handler, Wire, answer, answering, serving

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CANARY = "claire.durand"
QUICK = Limits(connect_seconds=1, read_seconds=0.3, total_seconds=0.6, max_bytes=100_000)


class Thing(BaseModel):
    id: str


def api(url: str, limits: Limits = QUICK, key: str = "k") -> Api:
    return Api(
        url,
        System("acme", "Acme", "PARAPHE_ACME"),
        headers={"Authorization": f"Bearer {key}"},
        now=lambda: NOW,
        limits=limits,
    )


def failure(handle: Handler, method: str = "POST") -> ParapheError:
    with serving(handle) as wire, pytest.raises(ParapheError) as raised:
        api(wire.url).request(method, "/things", json={"name": CANARY}, params={"q": CANARY})
    return raised.value


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (301, Permanent, "acme_redirected"),
        (400, Permanent, "acme_refused"),
        (401, Permanent, "acme_unauthorised"),
        (403, Permanent, "acme_forbidden"),
        (404, NotFound, "acme_not_found"),
        (408, Retryable, "acme_busy"),
        (409, Permanent, "acme_refused"),
        (413, Permanent, "acme_refused"),
        (422, Permanent, "acme_refused"),
        (425, Retryable, "acme_busy"),
        (429, Retryable, "acme_busy"),
        (500, Unknown, "acme_outcome_unknown"),
        (502, Unknown, "acme_outcome_unknown"),
        (503, Retryable, "acme_busy"),
        (504, Unknown, "acme_outcome_unknown"),
    ],
)
def test_every_status_becomes_one_error(status: int, kind: type[ParapheError], code: str) -> None:
    error = failure(answer(status))
    assert (type(error), error.code) == (kind, code)


@pytest.mark.parametrize("status", [500, 502, 504])
def test_reading_again_is_harmless_after_a_server_error(status: int) -> None:
    assert type(failure(answer(status), "GET")) is Retryable


@pytest.mark.parametrize("status", [429, 500, 503])
def test_the_wait_that_was_asked_for_is_kept(status: int) -> None:
    error = failure(answer(status, Retry_After="7"))
    assert isinstance(error, Retryable)
    assert error.after == 7


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 1),
        ("120", 120),
        ("999999999999999999999", 3600),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 1),
        (format_datetime(NOW + timedelta(days=9), usegmt=True), 3600),
        ("Sun, 01 Mar 2026 12:01:00 -0000", 60),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date_and_bounded(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == seconds


def test_nobody_listening_means_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Retryable) as raised:
        api(f"http://127.0.0.1:{port}").request("POST", "/")
    assert type(raised.value) is Retryable
    assert raised.value.code == "acme_unreachable"


def test_a_failed_tls_handshake_means_nothing_was_sent() -> None:
    with serving(answer(200)) as wire, pytest.raises(Retryable) as raised:
        api(wire.url.replace("http:", "https:")).request("POST", "/")
    assert raised.value.code == "acme_unreachable"


def test_a_certificate_nobody_vouches_for_is_not_spoken_to() -> None:
    with serving(answer(200), tls=authority("127.0.0.1").server) as wire, pytest.raises(Retryable) as raised:
        api(wire.url).request("POST", "/", json={})
    assert raised.value.code == "acme_unreachable"
    assert wire.received == []


def _silent(wire: Wire, _connection: socket.socket) -> None:
    wire.ended.wait(20)


@pytest.mark.parametrize(
    "handle",
    [
        lambda _wire, _connection: None,
        _silent,
        answering(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
        answering(b"HTTP/1.1 200 OK\r\nContent-Len"),
        answering(b"not http at all\r\n\r\n"),
    ],
    ids=["cut", "silence", "truncated", "half headers", "not http"],
)
def test_an_answer_lost_after_the_request_left_is_unknown_unless_it_only_read(handle: Handler) -> None:
    assert type(failure(handle, "POST")) is Unknown
    assert type(failure(handle, "DELETE")) is Unknown
    assert type(failure(handle, "GET")) is Retryable


def _drips_headers(wire: Wire, connection: socket.socket) -> None:
    wire.drip(connection, b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 1000)


def _drips_body(wire: Wire, connection: socket.socket) -> None:
    connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    wire.drip(connection, b"x" * 1000)


def _endless_early_hints(wire: Wire, connection: socket.socket) -> None:
    while not wire.ended.wait(0.02):
        connection.send(b"HTTP/1.1 103 Early Hints\r\n\r\n")


@pytest.mark.parametrize("handle", [_drips_headers, _drips_body, _endless_early_hints])
def test_a_server_that_drips_is_left_when_the_total_time_is_up(handle: Handler) -> None:
    started = time.monotonic()
    assert failure(handle, "GET").code == "acme_answer_lost"
    assert time.monotonic() - started < 8


def test_a_silent_server_is_left_when_the_total_time_is_up_even_if_each_read_may_last() -> None:
    started = time.monotonic()
    with serving(_silent) as wire, pytest.raises(Unknown):
        api(wire.url, Limits(read_seconds=30, total_seconds=0.4)).request("POST", "/")
    assert time.monotonic() - started < 8


def test_a_server_that_does_not_read_is_left_when_the_total_time_is_up() -> None:
    started = time.monotonic()
    with serving(_silent, reading=False) as wire, pytest.raises(Unknown):
        api(wire.url).request("POST", "/", files={"file": ("a.pdf", b"x" * 20_000_000, "application/pdf")})
    assert time.monotonic() - started < 8


def test_an_answer_over_the_size_is_dropped_while_it_comes() -> None:
    def flood(wire: Wire, connection: socket.socket) -> None:
        connection.send(b"HTTP/1.1 200 OK\r\n\r\n")
        wire.flood(connection)

    with serving(flood) as wire, pytest.raises(Retryable):
        api(wire.url, Limits(total_seconds=30, max_bytes=100_000)).request("GET", "/")
    assert wire.sent < 50_000_000


def test_a_redirect_is_not_followed() -> None:
    with serving(answer(200)) as elsewhere:
        error = failure(answer(307, Location=elsewhere.url))
        assert error.code == "acme_redirected"
        assert elsewhere.received == []


def test_errors_and_logs_hold_no_url_body_key_or_echo(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = answer(400, f'{{"detail": "{CANARY} is wrong", "code": "{CANARY} is wrong"}}'.encode(), X=CANARY)
    error = failure(echo)
    lines = [str(vars(record)) for record in caplog.records]
    assert any("provider_call" in line for line in lines)
    for text in [error.code, error.detail, repr(error), str(error.__cause__), *lines]:
        assert CANARY not in text
        assert "Bearer" not in text


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b'{"code": "invalid_field"}', "code invalid_field"),
        (b'{"type": "https://acme.example/errors", "code": 12}', ""),
        (b'{"errorCode": "A.B-C_1"}', "code A.B-C_1"),
        (b'["invalid_field"]', ""),
        (b"\xff\xfe", ""),
        (b"[" * 100_000, ""),
    ],
)
def test_the_providers_own_code_is_told_only_when_it_is_safe(body: bytes, kept: str) -> None:
    detail = failure(answer(400, body)).detail
    assert detail.endswith(f"{kept})." if kept else "(réponse 400).")


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff", b"[" * 50_000, b"[]", b'{"id": 1}'])
def test_a_success_that_is_not_of_the_documented_shape_counts_as_a_lost_answer(body: bytes) -> None:
    with serving(answer(201, body)) as wire:
        with pytest.raises(Unknown):
            api(wire.url).ask(Thing, "POST", "/")
        with pytest.raises(Retryable) as raised:
            api(wire.url).ask(Thing, "GET", "/")
    assert type(raised.value) is Retryable


@pytest.mark.parametrize(
    ("url", "key"),
    [("http://127.0.0.1:9", "clé"), ("http://127.0.0.1:9", "a\nb"), ("ftp://x", "k"), ("", "k")],
)
def test_a_key_or_address_that_cannot_be_sent_names_its_settings(url: str, key: str) -> None:
    with serving(answer(200)) as wire, pytest.raises(Permanent) as raised:
        api(url.replace(":9", f":{wire.port}"), key=key).request("GET", "/")
    assert raised.value.code == "acme_misconfigured"
    assert "PARAPHE_ACME" in raised.value.detail
    assert wire.received == []


def test_a_proxy_named_in_the_environment_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answer(200)) as proxy, serving(answer(200)) as wire:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert api(wire.url).request("GET", "/").status == 200
        assert proxy.received == []


def test_an_expected_status_is_an_answer() -> None:
    with serving(answer(404, b"{}")) as wire:
        assert api(wire.url).request("DELETE", "/", expect=(404,)).status == 404
