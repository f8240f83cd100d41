"""The application: settings -> services -> blueprints; and the operator's commands (``flask --app app``)."""

from __future__ import annotations

import secrets
import sys
import time
from dataclasses import asdict

import click
from flask import Flask, Response, g, request

import logs
from commands import install as install_commands
from handlers import (
    actions,
    amendments,
    buttons,
    callbacks,
    catalogue,
    conventions,
    documents,
    health,
    hooks,
    layout,
    pages,
    previews,
    problems,
    signing_in,
    triggers,
)
from handlers.hub import Hub
from handlers.openapi import blueprint as openapi
from settings import Settings, SettingsError
from workers.runtime import Runtime
from workers.start import load_runtime

_log = logs.get("web")
_BLUEPRINTS = (
    conventions.blueprint,
    previews.blueprint,
    actions.blueprint,
    amendments.blueprint,
    documents.blueprint,
    callbacks.blueprint,
    triggers.blueprint,
    hooks.blueprint,
    catalogue.blueprint,
    health.blueprint,
    openapi,
    pages.blueprint,
    buttons.blueprint,
    signing_in.blueprint,
)


def create_app(settings: Settings | None = None) -> Flask:
    """A missing or wrong setting stops the start with every problem, one a line."""
    try:
        # the flask command opens click's context before it asks for the application
        runtime = load_runtime(settings, for_command=click.get_current_context(silent=True) is not None)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
    return build(runtime)


def build(runtime: Runtime) -> Flask:
    app = Flask(__name__, static_folder=None, template_folder="templates")
    app.config["MAX_CONTENT_LENGTH"] = runtime.settings.core.max_body_bytes
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    app.extensions["paraphe"] = _hub(runtime)
    app.extensions["paraphe.runtime"] = runtime
    layout.install(app)
    problems.install(app)
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
    install_commands(app, runtime, build)
    app.before_request(_begin)
    app.after_request(_end)
    return app


def _hub(runtime: Runtime) -> Hub:
    return Hub(
        settings=runtime.settings,
        database=runtime.database,
        now=runtime.now,
        source=runtime.source,
        provider=runtime.provider,
        normalise=runtime.normalise,
        check_url=runtime.guarded.check_url,
        queue_ready=runtime.queue.ready,
        template_names=runtime.templates.names,
        templates=lambda: [asdict(one) for one in runtime.templates.listing()],
    )


def _begin() -> None:
    g.request_id = "req_" + secrets.token_hex(8)
    g.began = time.monotonic()


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.request_id
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    _log.info(
        "request",
        extra={
            "request": g.request_id,
            "method": request.method if request.method in _METHODS else "OTHER",
            "route": request.url_rule.rule if request.url_rule else None,
            "status": response.status_code,
            "duration_ms": int((time.monotonic() - g.began) * 1000),
        },
    )
    return response


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
