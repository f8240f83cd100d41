"""The Yousign v3 stand-in: API under ``/v3``, signing pages under ``/s``, controls under ``/_control``."""

from __future__ import annotations

from flask import Flask
from werkzeug.exceptions import HTTPException

from sandbox.context import Context, StandIn
from sandbox.signing import pages
from sandbox.yousign import api_documents, api_requests, api_signers, api_webhooks, controls
from sandbox.yousign.counter import Counter
from sandbox.yousign.desk import Desk
from sandbox.yousign.refusals import answer_http

MAX_BODY_BYTES = 60 * 1024 * 1024


def create(context: Context) -> StandIn:
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.json.sort_keys = False  # type: ignore[attr-defined] # the default provider has it
    desk = Desk.set_up(context)
    for part in (api_requests, api_documents, api_signers, api_webhooks, controls):
        app.register_blueprint(part.routes(desk))
    app.register_blueprint(pages.routes(Counter(desk)))
    app.register_error_handler(HTTPException, answer_http)
    return StandIn(app, desk.reset)
