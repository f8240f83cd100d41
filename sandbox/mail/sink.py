"""The SMTP side: aiosmtpd in a thread of its own, on a socket that is already bound."""

from __future__ import annotations

import asyncio
import socket
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Lock, Thread
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """``refusal`` is what a mail is answered instead of being taken (``"451 later"``)."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self.refusal = ""
            self._kept: list[dict[str, Any]] = []

    def messages(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._kept)

    def listen(self, bound: socket.socket) -> None:
        Thread(target=self._serve, args=(bound,), daemon=True, name="mail").start()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Called by aiosmtpd, by this name."""
        with self._lock:
            if self.refusal:
                return self.refusal
            self._kept.append(_read(envelope))
        return "250 OK"

    def _serve(self, bound: socket.socket) -> None:
        async def forever() -> None:
            loop = asyncio.get_running_loop()
            server = await loop.create_server(
                lambda: SMTP(self, hostname="bac-a-sable", loop=loop), sock=bound
            )
            await server.serve_forever()

        asyncio.run(forever())


def _read(envelope: Envelope) -> dict[str, Any]:
    content = envelope.original_content or b""
    mail = message_from_bytes(content, policy=default)
    body = mail.get_body(("plain",)) if isinstance(mail, EmailMessage) else None
    return {
        "from": envelope.mail_from,
        "to": list(envelope.rcpt_tos),
        "subject": str(mail["Subject"]),
        "text": body.get_content().replace("\r\n", "\n") if body else "",
        "headers": {name: str(value) for name, value in mail.items()},
    }
