"""A pass-through between a connector and a stand-in that keeps a copy of what the connector sent.

It moves bytes and nothing else: cuts, drips and silences pass as they are.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Thread
from urllib.parse import urlsplit

import h11


@dataclass(frozen=True)
class Sent:
    """``target`` is path and query as sent; header names are lower-case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Tee:
    upstream: tuple[str, int]
    listening: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _streams: list[bytearray] = field(default_factory=list)

    def start(self) -> None:
        Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        with suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    def forget(self) -> None:
        self._streams = []

    def sent(self) -> list[Sent]:
        """The whole requests since ``forget``, each connection's in order."""
        return [request for stream in list(self._streams) for request in _requests(bytes(stream))]

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listening.accept()
            except OSError:
                return
            copy = bytearray()
            self._streams.append(copy)
            server = socket.create_connection(self.upstream)
            Thread(target=_pump, args=(client, server, copy), daemon=True).start()
            Thread(target=_pump, args=(server, client, None), daemon=True).start()


def tee_to(url: str) -> Tee:
    parts = urlsplit(url)
    assert parts.hostname and parts.port
    return Tee((parts.hostname, parts.port))


def _pump(source: socket.socket, target: socket.socket, copy: bytearray | None) -> None:
    """Copy until one side ends, then end both: HTTP needs no half-open connection."""
    with suppress(OSError):
        while piece := source.recv(65_536):
            if copy is not None:
                copy += piece
            target.sendall(piece)
    for one in (source, target):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()


def _requests(stream: bytes) -> Iterator[Sent]:
    while stream:
        parser = h11.Connection(h11.SERVER)
        parser.receive_data(stream)
        head, body = parser.next_event(), bytearray()
        if not isinstance(head, h11.Request):
            return  # cut before its headers ended
        while isinstance(event := parser.next_event(), h11.Data):
            body += event.data
        if not isinstance(event, h11.EndOfMessage):
            return  # cut before its body ended
        headers = {name.decode(): value.decode("latin-1") for name, value in head.headers}
        yield Sent(head.method.decode(), head.target.decode(), headers, bytes(body))
        stream = parser.trailing_data[0]
