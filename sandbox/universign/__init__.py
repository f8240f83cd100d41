"""The Universign stand-in (REST v1): API under ``/v1``, signing pages under ``/s``, controls under
``/_control``."""

from __future__ import annotations

from flask import Flask
from werkzeug.exceptions import HTTPException

from sandbox.context import Context, StandIn
from sandbox.signing import pages
from sandbox.universign import api_documents, api_transactions, api_webhooks, controls
from sandbox.universign.counter import Counter
from sandbox.universign.desk import Desk
from sandbox.universign.refusals import answer_http

MAX_BODY_BYTES = 30 * 1024 * 1024


def create(context: Context) -> StandIn:
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.json.sort_keys = False  # type: ignore[attr-defined] # the default provider has it
    desk = Desk.set_up(context)
    for part in (api_transactions, api_documents, api_webhooks, controls):
        app.register_blueprint(part.routes(desk))
    app.register_blueprint(api_webhooks.public(desk))
    app.register_blueprint(pages.routes(Counter(desk)))
    app.register_error_handler(HTTPException, answer_http)
    return StandIn(app, desk.reset)
