"""The control interface that every stand-in has, around its Flask app.

``GET _control/requests`` what reached it, ``POST/DELETE _control/faults`` what must go wrong,
``POST _control/reset`` forgets all. Other ``_control/`` paths are the stand-in's own.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from threading import Lock
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.wrappers import Response

from sandbox.context import StandIn
from sandbox.faults import Fault, Faults, Kind

DRIP_PIECES = 20


@dataclass
class Received:
    """One request as tests see it. ``status`` is None while it runs and when it was cut."""

    n: int
    method: str
    path: str
    query_keys: list[str]
    status: int | None
    at: str


class Switches:
    """A WSGI application: the stand-in, with its requests recorded and its faults applied."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in
        self._faults = Faults()
        self._lock = Lock()
        self._received: list[Received] = []

    def reset(self) -> None:
        """Forget the faults, the recorded requests and the stand-in's state."""
        self._faults.clear()
        with self._lock:
            self._received = []
        self._stand_in.reset()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO") or "/", environ["REQUEST_METHOD"]
        environ["PATH_INFO"] = path  # "/tsa" and "/tsa/" are the same place: never redirect a POST
        if path.startswith("/_control/"):
            answer = self._control(method, path, environ)
            if answer is not None:
                return answer(environ, start_response)
            return self._stand_in.app(environ, start_response)
        received = self._record(method, path, environ.get("QUERY_STRING", ""))
        fault = self._faults.take(method, path)
        if fault is None:
            return self._act(environ, received)(environ, start_response)
        return self._strike(fault, environ, start_response, received)

    def _record(self, method: str, path: str, query: str) -> Received:
        keys = sorted(parse_qs(query, keep_blank_values=True))
        with self._lock:
            received = Received(
                len(self._received) + 1, method, path, keys, None, datetime.now(UTC).isoformat()
            )
            self._received.append(received)
        return received

    def _act(self, environ: WSGIEnvironment, received: Received) -> Response:
        answer = Response.from_app(self._stand_in.app, environ)
        received.status = answer.status_code
        return answer

    def _strike(
        self, fault: Fault, environ: WSGIEnvironment, start_response: StartResponse, received: Received
    ) -> Iterable[bytes]:
        if fault.kind is Kind.CUT_BEFORE:
            _drain(environ)
            _hang_up(environ)
        if fault.kind is Kind.ERROR:
            _drain(environ)
            received.status = fault.status
            return Response(fault.body, fault.status, fault.headers)(environ, start_response)
        if fault.kind is Kind.DELAY:
            time.sleep(fault.seconds)
        answer = self._act(environ, received)
        if fault.kind is Kind.CUT_AFTER:
            received.status = None
            _hang_up(environ)
        if fault.kind is Kind.DELAY_AFTER:
            time.sleep(fault.seconds)
        if fault.kind in (Kind.TRUNCATE, Kind.DRIP):
            return _spoiled_body(fault, answer, environ, start_response)
        return answer(environ, start_response)

    def _control(self, method: str, path: str, environ: WSGIEnvironment) -> Response | None:
        match method, path.removeprefix("/_control/"):
            case "GET", "requests":
                with self._lock:
                    return json_answer([asdict(received) for received in self._received])
            case "POST", "faults":
                try:
                    self._faults.add(Fault.from_json(json.loads(_drain(environ))))
                except (ValueError, KeyError, TypeError) as wrong:
                    return json_answer({"detail": f"not a fault: {wrong}"}, HTTPStatus.BAD_REQUEST)
                return json_answer({}, HTTPStatus.CREATED)
            case "DELETE", "faults":
                self._faults.clear()
                return json_answer({})
            case "POST", "reset":
                self.reset()
                return json_answer({})
        return None


def json_answer(content: Any, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(json.dumps(content, ensure_ascii=False), status, mimetype="application/json")


def _drain(environ: WSGIEnvironment) -> bytes:
    """Read the request body to its end: a connection closed on unread bytes is reset by the kernel,
    and the caller might then lose an answer that was sent."""
    if environ.get("wsgi.input_terminated"):
        return bytes(environ["wsgi.input"].read())
    return bytes(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))


def _hang_up(environ: WSGIEnvironment) -> None:
    """Close the connection for real, now; werkzeug drops a request that ends in this error."""
    connection: socket.socket = environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("cut by a fault")


def _spoiled_body(
    fault: Fault, answer: Response, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterator[bytes]:
    """The true headers, ``Content-Length`` included, then half a body or a slow one."""
    body = answer.get_data()
    start_response(answer.status, list(answer.headers))
    if fault.kind is Kind.TRUNCATE:
        yield body[: len(body) // 2]
        _hang_up(environ)
    size = max(1, -(-len(body) // DRIP_PIECES))
    for start in range(0, len(body), size):
        time.sleep(fault.seconds / DRIP_PIECES)
        yield body[start : start + size]
