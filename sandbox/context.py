"""What the sandbox lends each stand-in when it builds it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from sandbox.pki import Authority


@dataclass(frozen=True)
class Context:
    """``root_url`` has no trailing slash (``http://127.0.0.1:8090``); ``url`` is the stand-in's own,
    ``root_url`` + ``/<name>``. ``data`` is a folder that survives a restart, or None: keep nothing.
    ``retry_scale`` multiplies every documented retry delay (1.0 is the provider's own rhythm).
    ``authority`` holds the certificates that seal and timestamp; ``smtp`` is bound to the port after the
    sandbox's own."""

    name: str
    root_url: str
    data: Path | None
    retry_scale: float
    authority: Authority
    smtp: socket.socket | None = None

    @property
    def url(self) -> str:
        return f"{self.root_url}/{self.name}"


@dataclass(frozen=True)
class StandIn:
    """One outside system: its Flask app (mounted under its name, so its routes start at ``/``) and
    what empties its state. Routes under ``/_control/`` are its own controls: neither recorded nor
    subject to faults."""

    app: Flask
    reset: Callable[[], None]


Factory = Callable[[Context], StandIn]
