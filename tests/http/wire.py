"""A real server on loopback that does exactly what a test tells it, byte by byte."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Condition, Event, Thread


@dataclass
class Wire:
    """``received`` is each request's bytes; ``sent`` counts what ``flood`` and ``drip`` got rid of."""

    host: str
    port: int
    scheme: str
    received: list[bytes] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    sent: int = 0
    ended: Event = field(default_factory=Event)
    news: Condition = field(default_factory=Condition)

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def methods(self) -> list[str]:
        return [request.split(b" ", 1)[0].decode() for request in self.received]

    def wait_for(self, condition: Callable[[], bool], seconds: float = 10) -> None:
        """Return once ``condition`` holds, looking at each request that ends; fail after ``seconds``."""
        with self.news:
            assert self.news.wait_for(condition, seconds), "did not happen in time"

    def drip(self, connection: socket.socket, data: bytes) -> None:
        """One byte every 20 ms: each byte comes well within any timeout per read."""
        for byte in data:
            if self.ended.wait(0.02):
                return
            connection.send(bytes([byte]))
            self.sent += 1

    def flood(self, connection: socket.socket) -> None:
        """Bytes for as long as somebody takes them."""
        while not self.ended.is_set():
            self.sent += connection.send(b"x" * 65_536)


Handler = Callable[[Wire, socket.socket], None]


def answering(raw: bytes) -> Handler:
    return lambda _wire, connection: connection.sendall(raw)


def answer(status: int, body: bytes = b"", **headers: str) -> Handler:
    """A complete answer; header names are written with ``_`` for ``-``."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return answering("\r\n".join([*lines, "", ""]).encode() + body)


@contextmanager
def serving(
    handle: Handler,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    tls: ssl.SSLContext | None = None,
    reading: bool = True,
) -> Iterator[Wire]:
    """Serve until the block ends. Without ``reading`` the request is left unread in the socket."""
    with socket.create_server((host, port)) as listening:
        wire = Wire(host, listening.getsockname()[1], "https" if tls else "http")
        if tls:
            tls.sni_callback = lambda _socket, name, _context: wire.names.append(name)
        thread = Thread(target=_accept, args=(listening, wire, handle, tls, reading), daemon=True)
        thread.start()
        try:
            yield wire
        finally:
            wire.ended.set()
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def _accept(
    listening: socket.socket, wire: Wire, handle: Handler, tls: ssl.SSLContext | None, reading: bool
) -> None:
    while not wire.ended.is_set():
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        Thread(target=_serve, args=(connection, wire, handle, tls, reading), daemon=True).start()


def _serve(
    connection: socket.socket, wire: Wire, handle: Handler, tls: ssl.SSLContext | None, reading: bool
) -> None:
    with suppress(OSError), connection:
        connection.settimeout(10)
        talking = tls.wrap_socket(connection, server_side=True) if tls else connection
        with talking:
            if reading:
                request = _request(talking)
                with wire.news:
                    wire.received.append(request)
                    wire.news.notify_all()
            handle(wire, talking)


def _request(connection: socket.socket) -> bytes:
    """One whole request; bodies come with Content-Length here."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    sizes = [
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    ]
    while len(body) < sum(sizes):
        body += _some(connection)
    return head + b"\r\n\r\n" + body


def _some(connection: socket.socket) -> bytes:
    piece = connection.recv(65_536)
    if not piece:
        raise ConnectionError("the client left")
    return piece
