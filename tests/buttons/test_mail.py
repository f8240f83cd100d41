"""The firm's mail server: real SMTP, encrypted or not at all, and every refusal told."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from pydantic import ValidationError

from connectors.mail import Mail, MailConfig
from domain.errors import Permanent, Retryable
from tests.fixtures.databases import _free_port
from tests.fixtures.sandbox import Sandbox
from tests.http.certificates import authority

TRUSTED = authority("127.0.0.1")
SECRET = "p@ss:w/rd"
USER = "paraphe@example.com:p%40ss%3Aw%2Frd@"


class Server:
    """What a mail server of the firm's would answer: ``refusal`` at the named word of the protocol."""

    def __init__(self, refusal: str = "", word: str = "") -> None:
        self.refusal, self.word = refusal, word
        self.taken: list[str] = []
        self.signed_in = 0

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _how: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        right = (given.login, given.password) == (b"paraphe@example.com", SECRET.encode())
        self.signed_in += right
        return AuthResult(success=right, handled=False)

    async def handle_RCPT(self, _s: Any, _se: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: N802
        if self.word == "RCPT":
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.word == "DATA":
            return self.refusal
        self.taken.append(envelope.content.decode())
        return "250 OK"


@contextmanager
def serving(server: Server, *, tls: str = "", host: str = "127.0.0.1") -> Iterator[str]:
    """``host:port`` of ``server`` on loopback; ``tls`` is at once, starttls, or nothing."""
    port, loop = _free_port(), asyncio.new_event_loop()
    options: dict[str, Any] = {"tls_context": TRUSTED.server} if tls == "starttls" else {}
    options |= {"authenticator": server.authenticate, "auth_required": bool(tls), "auth_require_tls": False}
    at_once = TRUSTED.server if tls == "at once" else None
    made: Callable[[], SMTP] = partial(SMTP, server, hostname="here", loop=loop, **options)
    listening = loop.run_until_complete(loop.create_server(made, host, port, ssl=at_once))
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield f"{host}:{port}"
    finally:
        loop.call_soon_threadsafe(listening.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def mail(url: str, tls: ssl.SSLContext | None = TRUSTED.client) -> Mail:
    return Mail(MailConfig.model_validate({"url": url, "sender": "paraphe@cabinet.example"}), tls)


def send(made: Mail) -> None:
    made.send("ml_1", "helene@cabinet.example", "Votre lien de connexion", "Bonjour,\n\nà bientôt.\n")


@pytest.mark.parametrize(("scheme", "tls"), [("smtps", "at once"), ("smtp", "starttls")])
def test_a_mail_leaves_encrypted_and_signed_in(scheme: str, tls: str) -> None:
    server = Server()
    with serving(server, tls=tls) as where:
        send(mail(f"{scheme}://{USER}{where}"))
        assert [found.ok for found in mail(f"{scheme}://{USER}{where}").check()] == [True]
    assert (len(server.taken), server.signed_in) == (1, 2)
    assert "Message-ID: <ml_1@cabinet.example>" in server.taken[0]
    assert "helene@cabinet.example" in server.taken[0]


@pytest.mark.parametrize(
    ("scheme", "tls", "host", "trust"),
    [
        ("smtp", "", "0.0.0.0", TRUSTED.client),  # no STARTTLS, and not an address of this machine alone
        ("smtp", "starttls", "127.0.0.1", None),  # a certificate of nobody
        ("smtps", "at once", "127.0.0.1", None),
    ],
)
def test_nothing_leaves_without_a_connection_that_is_truly_encrypted(
    scheme: str, tls: str, host: str, trust: ssl.SSLContext | None
) -> None:
    server = Server()
    with serving(server, tls=tls, host=host) as where, pytest.raises(Permanent) as raised:
        send(mail(f"{scheme}://{USER}{where}", trust))
    assert raised.value.code == "mail_not_encrypted"
    assert (server.taken, server.signed_in) == ([], 0)


@pytest.mark.parametrize(
    ("refusal", "word", "kind", "code"),
    [
        ("451 later", "DATA", Retryable, "mail_unreachable"),
        ("554 no helene@cabinet.example", "DATA", Permanent, "mail_refused"),
        ("450 busy", "RCPT", Retryable, "mail_unreachable"),
        ("550 no helene@cabinet.example", "RCPT", Permanent, "mail_refused"),
    ],
)
def test_a_refusal_is_told_without_what_the_server_says(
    refusal: str, word: str, kind: type[Exception], code: str
) -> None:
    with serving(Server(refusal, word)) as where, pytest.raises(kind) as raised:
        send(mail(f"smtp://{where}"))
    assert raised.value.code == code  # type: ignore[attr-defined]
    assert "helene" not in raised.value.detail  # type: ignore[attr-defined]
    assert raised.value.__suppress_context__


def test_a_wrong_password_is_told_as_such() -> None:
    server = Server()
    with serving(server, tls="starttls") as where, pytest.raises(Permanent) as raised:
        send(mail(f"smtp://paraphe:wrong@{where}"))
    assert (raised.value.code, server.taken) == ("mail_unauthorised", [])


def test_a_server_that_is_away_is_tried_again() -> None:
    with pytest.raises(Retryable) as raised:
        send(mail(f"smtp://127.0.0.1:{_free_port()}"))
    assert raised.value.code == "mail_unreachable"
    assert [found.ok for found in mail("smtp://127.0.0.1:1").check()] == [False]


def test_the_stand_in_keeps_what_it_is_given(sandbox: Sandbox) -> None:
    where = sandbox.url.removeprefix("http://")
    host, _, port = where.partition(":")
    for _ in range(2):
        send(mail(f"smtp://{host}:{int(port) + 1}"))
    one, two = sandbox.control("mail").get("messages")
    assert one["headers"]["Message-ID"] == two["headers"]["Message-ID"]
    assert (one["to"], one["text"]) == (["helene@cabinet.example"], "Bonjour,\n\nà bientôt.\n")
    page = sandbox.client.get(f"{sandbox.url}/mail/").text
    assert "Votre lien de connexion" in page and "SANS VALEUR" in page
    sandbox.reset()
    assert sandbox.control("mail").get("messages") == []


@pytest.mark.parametrize(
    "url", ["http://host", "smtp://", "smtps://host:x", "host:25", "smtps://a:%C3%A9@host"]
)
def test_an_address_that_is_none_stops_the_start_without_being_quoted(url: str) -> None:
    with pytest.raises(ValidationError) as raised:
        mail(url)
    assert "attendu" in str(raised.value)
