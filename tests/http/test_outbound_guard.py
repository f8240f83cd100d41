"""URLs that strangers give cannot be used against the network the hub stands in."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from threading import Event

import pytest

from connectors.outbound_guard import Guarded, system_resolve
from domain.errors import Refused, Retryable, Unknown
from tests.http.certificates import authority
from tests.http.wire import Wire, answer, serving

LOOPBACK = (ip_network("127.0.0.0/8"),)
NOW = datetime(2026, 3, 1, tzinfo=UTC)

NOT_PUBLIC = (Path(__file__).parent / "not_public.txt").read_text().split()

PUBLIC = (
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "172.32.0.0",
    "2606:4700::1111",
)


def knowing(*addresses: str) -> Callable[[str, int], list[str]]:
    return lambda _host, _port: list(addresses)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    for found in ([address], ["8.8.8.8", address], [address, "8.8.8.8"]):
        guarded = Guarded(resolve=knowing(*found))
        for act in (lambda g=guarded: g.check_url("https://a.example/x"), lambda g=guarded: send(g)):
            with pytest.raises(Refused) as raised:
                act()
            assert raised.value.code == "url_not_allowed"


def send(guarded: Guarded, url: str = "https://a.example/x", **headers: str) -> object:
    return guarded.post(url, b"{}", headers)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_name_that_leads_outside_is_allowed(address: str) -> None:
    Guarded(resolve=knowing(address)).check_url("https://a.example/x?y=1")


@pytest.mark.parametrize(
    "address", [one for one in NOT_PUBLIC if "%" not in one and one[0] in "0123456789:f"]
)
def test_an_address_that_leads_inside_is_refused(address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(Refused):
        Guarded(resolve=knowing("8.8.8.8")).check_url(f"http://{host}/")


@pytest.mark.parametrize(
    "host",
    (Path(__file__).parent / "odd_hosts.txt").read_text().split(),
)
def test_odd_spellings_of_an_address_are_refused_before_anything_is_resolved(host: str) -> None:
    asked: list[str] = []

    def resolve(name: str, _port: int) -> list[str]:
        asked.append(name)
        return ["8.8.8.8"]

    with pytest.raises(Refused):
        Guarded(resolve=resolve).check_url(f"http://{host}/")
    assert asked == []


@pytest.mark.parametrize(
    "url",
    [
        *("", "x", "a.example", "//a.example/", "http:", "http:/", "http://", "http:///x", "https:a.example"),
        *("ftp://a.example/", "file:///etc/passwd", "gopher://a.example/", "unix:///run/x", "data:,x"),
        *("https://user@a.example/", "https://user:secret@a.example/", "https://@a.example/"),
        *("https://a.example/#x", "https://a.example#@b.example/", "https://a.example\\@b.example/"),
        *(
            "https://a.example /",
            "https://a.example/\r\nHost: b",
            "https://a.example/\x00",
            "\thttps://a.example/",
        ),
        *(
            "https://a.example:0/",
            "https://a.example:65536/",
            "https://a.example:x/",
            "https://a.example:-1/",
        ),
        *("https://a.example/" + "x" * 3000, "https://" + "a" * 70 + ".é/"),
    ],
)
def test_urls_that_readers_could_understand_differently_are_refused(url: str) -> None:
    with pytest.raises(Refused) as raised:
        Guarded(resolve=knowing("8.8.8.8")).check_url(url)
    assert raised.value.code == "url_not_allowed"
    assert "secret" not in raised.value.detail
    assert "a.example" not in raised.value.detail


def test_ones_own_network_can_be_allowed_and_no_other() -> None:
    guarded = Guarded(
        (ip_network("10.1.0.0/16"), ip_network("fd00::/64")), resolve=knowing("10.1.2.3", "fd00::1")
    )
    guarded.check_url("http://n8n.intra.example:5678/webhook")
    guarded.check_url("http://10.1.2.3/")
    for other in ("10.2.0.1", "127.0.0.1", "[::ffff:10.1.2.3]", "[fd00:1::1]"):
        with pytest.raises(Refused):
            guarded.check_url(f"http://{other}/")


def test_a_name_that_changes_its_answer_is_connected_where_it_was_checked() -> None:
    answers = [["127.0.0.1"], ["127.0.0.2"]]
    with (
        serving(answer(200)) as checked,
        serving(answer(200), host="127.0.0.2", port=checked.port) as rebound,
    ):
        guarded = Guarded((ip_network("127.0.0.1"),), resolve=lambda *_: answers.pop(0))
        send(guarded, f"http://a.example:{checked.port}/")
        assert (len(checked.received), len(rebound.received)) == (1, 0)
        assert answers == [["127.0.0.2"]], "one resolution per call"

        with pytest.raises(Refused):  # good at subscription, bad at delivery
            send(guarded, f"http://a.example:{checked.port}/")
        assert (len(checked.received), len(rebound.received)) == (1, 0)


def test_what_is_posted_arrives_under_the_name_of_the_url() -> None:
    with serving(answer(204)) as wire:
        guarded = Guarded(LOOPBACK, resolve=knowing("127.0.0.1"))
        url = f"http://a.example:{wire.port}/hook?x=1"
        assert (
            guarded.post(
                url, b'{"a": 1}', {"content-type": "application/json", "X-Sig": "s", "user-agent": "P"}
            ).status
            == 204
        )
    head, _, body = wire.received[0].partition(b"\r\n\r\n")
    lines = [line.lower() for line in head.decode().split("\r\n")]
    assert lines[0] == "post /hook?x=1 http/1.1"
    assert f"host: a.example:{wire.port}" in lines
    assert {"content-type: application/json", "x-sig: s"} <= set(lines)
    assert [line for line in lines if line.startswith("user-agent")] == ["user-agent: p"]
    assert body == b'{"a": 1}'


def test_tls_asks_for_and_checks_the_name_of_the_url_not_the_address() -> None:
    keys = authority("hooks.example")
    with serving(answer(200), tls=keys.server) as wire:
        guarded = Guarded(LOOPBACK, resolve=knowing("127.0.0.1"), tls=keys.client)
        assert send(guarded, f"https://hooks.example:{wire.port}/") is not None
        with pytest.raises(Retryable):
            send(guarded, f"https://other.example:{wire.port}/")
    assert wire.names == ["hooks.example", "other.example"]
    assert len(wire.received) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(status: int) -> None:
    with serving(answer(200)) as inside, serving(answer(status, Location=inside.url)) as wire:
        guarded = Guarded(LOOPBACK)
        assert guarded.post(wire.url, b"", {}).status == status
        assert inside.received == []


@pytest.mark.parametrize("status", [200, 404, 409, 410, 429, 500, 503])
def test_every_status_is_for_the_caller_to_judge(status: int) -> None:
    with serving(answer(status, Retry_After="40")) as wire:
        result = Guarded(LOOPBACK, now=lambda: NOW).post(wire.url, b"", {})
    assert (result.status, result.retry_after) == (status, 40)


def test_headers_that_drip_end_with_the_total_time() -> None:
    def drip(wire: Wire, connection: socket.socket) -> None:
        wire.drip(connection, b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000)

    started = time.monotonic()
    with serving(drip) as wire, pytest.raises(Unknown):
        Guarded(LOOPBACK, total_seconds=0.4).post(wire.url, b"", {})
    assert time.monotonic() - started < 8


def test_a_body_that_drips_ends_with_the_total_time_and_the_status_counts() -> None:
    def drip(wire: Wire, connection: socket.socket) -> None:
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        wire.drip(connection, b"x" * 1000)

    started = time.monotonic()
    with serving(drip) as wire:
        assert Guarded(LOOPBACK, total_seconds=0.4).post(wire.url, b"", {}).status == 200
    assert time.monotonic() - started < 8


def test_an_endless_answer_is_left_early_and_its_status_counts() -> None:
    def flood(wire: Wire, connection: socket.socket) -> None:
        connection.send(b"HTTP/1.1 200 OK\r\n\r\n")
        wire.flood(connection)

    with serving(flood) as wire:
        assert Guarded(LOOPBACK).post(wire.url, b"", {}).status == 200
    assert wire.sent < 50_000_000


def test_a_resolver_that_hangs_does_not_hold_the_worker() -> None:
    release = Event()

    def resolve(_host: str, _port: int) -> list[str]:
        release.wait(20)
        return ["8.8.8.8"]

    started = time.monotonic()
    with pytest.raises(Retryable):
        Guarded(resolve=resolve, total_seconds=0.2).check_url("https://a.example/")
    assert time.monotonic() - started < 8
    release.set()


def test_a_name_without_an_address_may_have_one_later() -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        raise socket.gaierror("unknown")

    for failing in (resolve, knowing()):
        with pytest.raises(Retryable) as raised:
            Guarded(resolve=failing).check_url("https://a.example/")
        assert type(raised.value) is Retryable


def test_nobody_listening_is_retryable_and_the_next_address_is_tried() -> None:
    with serving(answer(200)) as wire:
        guarded = Guarded(LOOPBACK, resolve=knowing("127.0.0.3", "127.0.0.1"))
        assert send(guarded, f"http://a.example:{wire.port}/") is not None
    with pytest.raises(Retryable) as raised:
        send(guarded, f"http://a.example:{wire.port}/")
    assert type(raised.value) is Retryable


def test_no_cookie_passes_from_one_call_to_the_next() -> None:
    with serving(answer(200, Set_Cookie="a=b; Path=/")) as wire:
        guarded = Guarded(LOOPBACK)
        guarded.post(wire.url, b"", {})
        guarded.post(wire.url, b"", {})
    assert not any(b"ookie" in request for request in wire.received)


def test_the_systems_resolver_is_asked_by_default() -> None:
    assert "127.0.0.1" in system_resolve("localhost", 80)
    with pytest.raises(Refused):
        Guarded().check_url("http://localhost/")
