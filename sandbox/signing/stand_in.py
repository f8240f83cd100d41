"""Put a provider's stand-in together: its API, its signing pages under ``/s``, its controls."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from flask import Blueprint, Flask, Response
from werkzeug.exceptions import HTTPException

from sandbox.context import StandIn
from sandbox.signing import pages
from sandbox.signing.counter import Counter


class Part(Protocol):
    """A module with routes."""

    @property
    def routes(self) -> Callable[[Any], Blueprint]: ...


class Resettable(Protocol):
    def reset(self) -> None: ...


def stand_in(
    name: str,
    desk: Resettable,
    parts: Iterable[Part],
    counter: Counter[Any, Any],
    refuse: Callable[[HTTPException], Response],
    largest_body_bytes: int,
) -> StandIn:
    app = Flask(name, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = largest_body_bytes
    app.json.sort_keys = False  # type: ignore[attr-defined] # the default provider has it
    for part in parts:
        app.register_blueprint(part.routes(desk))
    app.register_blueprint(pages.routes(counter))
    app.register_error_handler(HTTPException, refuse)
    return StandIn(app, desk.reset)
