"""HTTP with a total time, a size limit, no redirects, no proxy and a chosen address: the only file that
imports httpx. ``connectors/http.py`` and ``connectors/outbound_guard.py`` put its three ways of
failing into the words of the hub; so does a connector whose vendor's SDK takes an httpx client
(``sdk_client``). Nobody else uses it.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any, TypedDict, Unpack

import httpcore
import httpx

for _noisy in ("httpx", "httpcore"):  # they print whole URLs (INFO) and the answers' headers (DEBUG)
    logging.getLogger(_noisy).setLevel(logging.WARNING)

_NOT_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_UNSENDABLE = (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError, UnicodeError)
_WRITE_PIECE = 16_384

# One call is one thread's business and pooled connections outlive calls: the end of the call at hand
# travels beside them instead of inside.
_ends_at: ContextVar[float] = ContextVar("ends_at")


class NotSentError(Exception):
    """Nobody to connect to: nothing was sent, repeating is harmless."""


class UnsendableError(Exception):
    """The URL or a header cannot be sent at all: a setting is wrong."""


class AnswerLostError(Exception):
    """The request left, or may have; no complete answer came back in time and within the size."""


@dataclass(frozen=True)
class Limits:
    """``total_seconds`` bounds the whole call: connecting, sending and reading to the last byte."""

    connect_seconds: float = 5.0
    read_seconds: float = 20.0
    total_seconds: float = 60.0
    max_bytes: int = 64 * 2**20

    @classmethod
    def of(cls, read_seconds: float) -> Limits:
        """A whole call may take some readings: uploads and downloads come in pieces."""
        return cls(read_seconds=read_seconds, total_seconds=min(4 * read_seconds, 180))


class Content(TypedDict, total=False):
    """What a request may carry, as httpx takes it; a file is (name, bytes, media type)."""

    json: Any
    content: bytes
    files: Mapping[str, tuple[str, bytes, str]]
    data: Mapping[str, str | list[str]]
    params: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True)
class ApiAnswer:
    """``headers`` is case-insensitive."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def _time_left(timeout: float | None, too_late: type[Exception]) -> float:
    left = _ends_at.get() - time.monotonic()
    if left <= 0:
        raise too_late("total time is up")
    return left if timeout is None else min(timeout, left)


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every read and write also ends when the call's total time is up: httpx
    counts per read, and a server that drips bytes would hold a worker for hours."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _time_left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _WRITE_PIECE):
            piece = buffer[start : start + _WRITE_PIECE]
            self._inner.write(piece, _time_left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _time_left(timeout, httpcore.ConnectTimeout)
        return _TimedStream(self._inner.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Network(httpcore.NetworkBackend):
    """Opens timed connections to the addresses that ``addresses`` gives for a host and port."""

    def __init__(self, addresses: Callable[[str, int], list[str]]) -> None:
        self._addresses = addresses
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("no address")
        for address in self._addresses(host, port):
            try:
                left = _time_left(timeout, httpcore.ConnectTimeout)
                stream = self._inner.connect_tcp(address, port, left, local_address, socket_options)
                return _TimedStream(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


@cache
def _public_authorities() -> ssl.SSLContext:
    """Shared: loading the certificates takes tens of milliseconds."""
    return httpx.create_ssl_context(trust_env=False)


def _client(
    limits: Limits, context: ssl.SSLContext, addresses: Callable[[str, int], list[str]]
) -> httpx.Client:
    transport = httpx.HTTPTransport(verify=context, trust_env=False)
    # httpx has no argument for the network below it; its pool is the one thing to exchange
    transport._pool = httpcore.ConnectionPool(
        ssl_context=context, network_backend=_Network(addresses), keepalive_expiry=5, max_connections=50
    )
    return httpx.Client(
        transport=transport,
        timeout=httpx.Timeout(limits.read_seconds, connect=limits.connect_seconds),
        trust_env=False,
    )


@contextmanager
def _failing(total_seconds: float) -> Iterator[None]:
    """One call: its total time, and its failures as one of three."""
    token = _ends_at.set(time.monotonic() + total_seconds)
    try:
        yield
    except _UNSENDABLE:
        raise UnsendableError from None
    except _NOT_LEFT:
        raise NotSentError from None
    except httpx.HTTPError:
        raise AnswerLostError from None
    finally:
        _ends_at.reset(token)


def sdk_client(limits: Limits) -> httpx.Client:
    """What a vendor's SDK is given in place of its own client. Each of its calls must be made within
    ``sdk_call``; an SDK reads answers whole, so ``max_bytes`` does not hold here."""
    return _client(limits, _public_authorities(), lambda host, _port: [host])


def sdk_call(limits: Limits) -> AbstractContextManager[None]:
    """Around one call of such an SDK. Raises NotSentError, UnsendableError, AnswerLostError."""
    return _failing(limits.total_seconds)


class Transport:
    """Sends requests. ``addresses`` decides what is connected to for a host and port, and may raise a
    domain error; the Host header and the TLS name stay those of the URL."""

    def __init__(
        self,
        limits: Limits,
        headers: Mapping[str, str],
        *,
        tls: ssl.SSLContext | None = None,
        addresses: Callable[[str, int], list[str]] = lambda host, _port: [host],
    ) -> None:
        self._limits = limits
        self._headers = {"User-Agent": "Paraphe", "Accept-Encoding": "identity", **headers}
        self._client = _client(limits, tls or _public_authorities(), addresses)

    def close(self) -> None:
        self._client.close()

    def exchange(
        self, method: str, url: str, *, partly: bool = False, **content: Unpack[Content]
    ) -> ApiAnswer:
        """Send and read the whole answer; with ``partly`` the status is enough, and the body is what
        came of it. Raises NotSentError, UnsendableError, AnswerLostError and what ``addresses`` raises."""
        with _failing(self._limits.total_seconds):
            headers = httpx.Headers(self._headers)  # a caller's "user-agent" replaces our "User-Agent"
            headers.update(content.get("headers", {}))
            content["headers"] = headers
            response = self._client.send(self._client.build_request(method, url, **content), stream=True)
            try:
                return ApiAnswer(response.status_code, response.headers, self._read(response, partly))
            finally:
                response.close()

    def _read(self, response: httpx.Response, partly: bool) -> bytes:
        body = bytearray()
        try:
            for piece in response.iter_bytes():
                body += piece
                if len(body) > self._limits.max_bytes:
                    raise httpx.ReadError("answer too large")
        except httpx.HTTPError:
            if not partly:
                raise
        return bytes(body[: self._limits.max_bytes])


def host_of(url: str) -> tuple[str, int] | None:
    """Host (ASCII, no brackets) and port exactly as ``Transport`` would use them; None when the URL
    cannot be read. One reading for the check and for the connection."""
    try:
        parsed = httpx.URL(url)
        host = parsed.raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError):
        return None
    default = 443 if parsed.scheme == "https" else 80
    return host, default if parsed.port is None else parsed.port
