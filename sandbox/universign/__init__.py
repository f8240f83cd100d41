"""The Universign stand-in (REST v1): API under ``/v1``, signing pages under ``/s``, controls under
``/_control``."""

from __future__ import annotations

from sandbox.context import Context, StandIn
from sandbox.signing.stand_in import stand_in
from sandbox.universign import api_documents, api_transactions, api_webhooks, controls
from sandbox.universign.counter import Counter
from sandbox.universign.desk import Desk
from sandbox.universign.refusals import answer_http

MAX_BODY_BYTES = 30 * 1024 * 1024


def create(context: Context) -> StandIn:
    desk = Desk.set_up(context)
    parts = (api_transactions, api_documents, api_webhooks, controls)
    made = stand_in(__name__, desk, parts, Counter(desk), answer_http, MAX_BODY_BYTES)
    made.app.register_blueprint(api_webhooks.public(desk))
    return made
