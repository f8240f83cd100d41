"""The Yousign v3 stand-in: API under ``/v3``, signing pages under ``/s``, controls under ``/_control``."""

from __future__ import annotations

from sandbox.context import Context, StandIn
from sandbox.signing.stand_in import stand_in
from sandbox.yousign import api_documents, api_requests, api_signers, api_webhooks, controls
from sandbox.yousign.counter import Counter
from sandbox.yousign.desk import Desk
from sandbox.yousign.refusals import answer_http

MAX_BODY_BYTES = 60 * 1024 * 1024


def create(context: Context) -> StandIn:
    desk = Desk.set_up(context)
    parts = (api_requests, api_documents, api_signers, api_webhooks, controls)
    return stand_in(__name__, desk, parts, Counter(desk), answer_http, MAX_BODY_BYTES)
