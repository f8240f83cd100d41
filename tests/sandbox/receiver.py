"""A real HTTP server that receives webhooks and answers as the test says."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any

DEADLINE_SECONDS = 20


@dataclass(frozen=True)
class Call:
    headers: dict[str, str]
    raw: bytes

    @property
    def event(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.raw)
        return content


@dataclass
class Receiver:
    """``statuses`` are answered in turn, then 200; ``slow`` seconds pass before the first answer."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    slow: float = 0.0
    calls: list[Call] = field(default_factory=list)
    changed: Condition = field(default_factory=Condition)

    def wait(self, is_enough: Callable[[list[Call]], bool]) -> list[Call]:
        """The calls so far, once they are enough; fails at the deadline."""
        with self.changed:
            assert self.changed.wait_for(lambda: is_enough(self.calls), DEADLINE_SECONDS), self.names()
            return list(self.calls)

    def wait_for(self, count: int) -> list[Call]:
        return self.wait(lambda calls: len(calls) >= count)

    def names(self) -> list[str]:
        return [call.event["event_name"] for call in self.calls]

    def take(self, call: Call) -> int:
        with self.changed:
            self.calls.append(call)
            pause, self.slow = self.slow, 0.0
            status = self.statuses.pop(0) if self.statuses else 200
            self.changed.notify_all()
        time.sleep(pause)
        return status


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.take(Call(dict(self.headers.items()), raw))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/callbacks"
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
