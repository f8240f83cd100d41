"""The Acrobat Sign v6 stand-in: API under ``/api/rest/v6``, tokens under ``/oauth/v2``, signing pages under
``/s``, controls under ``/_control``."""

from __future__ import annotations

from flask import Flask
from werkzeug.exceptions import HTTPException

from sandbox.adobe_sign import api_agreements, api_files, api_webhooks, controls, oauth
from sandbox.adobe_sign.counter import Counter
from sandbox.adobe_sign.desk import Desk
from sandbox.adobe_sign.refusals import answer_http
from sandbox.context import Context, StandIn
from sandbox.signing import pages

MAX_BODY_BYTES = 60 * 1024 * 1024


def create(context: Context) -> StandIn:
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.json.sort_keys = False  # type: ignore[attr-defined] # the default provider has it
    desk = Desk.set_up(context)
    for part in (oauth, api_agreements, api_files, api_webhooks, controls):
        app.register_blueprint(part.routes(desk))
    app.register_blueprint(pages.routes(Counter(desk)))
    app.register_error_handler(HTTPException, answer_http)
    return StandIn(app, desk.reset)
