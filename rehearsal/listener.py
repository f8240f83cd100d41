"""What stands for the firm's billing during a rehearsal: an address of this machine that receives the hub's
calls and checks their signature (Standard Webhooks)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


@dataclass(frozen=True)
class Call:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content

    def is_signed(self, secret: str, body: bytes | None = None) -> bool:
        try:
            Webhook(secret).verify(self.body if body is None else body, self.headers)
        except WebhookVerificationError:
            return False
        return True


@dataclass
class Listener:
    """``calls`` in the order in which they came."""

    url: str = ""
    calls: list[Call] = field(default_factory=list)

    def received(self, path: str) -> list[Call]:
        return [call for call in self.calls if call.path == path]


@contextmanager
def listening() -> Iterator[Listener]:
    heard = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            heard.calls.append(Call(self.path, headers, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    heard.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
