"""The Acrobat Sign v6 stand-in: API under ``/api/rest/v6``, tokens under ``/oauth/v2``, signing pages under
``/s``, controls under ``/_control``."""

from __future__ import annotations

from sandbox.adobe_sign import api_agreements, api_files, api_webhooks, controls, oauth
from sandbox.adobe_sign.counter import Counter
from sandbox.adobe_sign.desk import Desk
from sandbox.adobe_sign.refusals import answer_http
from sandbox.context import Context, StandIn
from sandbox.signing.stand_in import stand_in

MAX_BODY_BYTES = 60 * 1024 * 1024


def create(context: Context) -> StandIn:
    desk = Desk.set_up(context)
    parts = (oauth, api_agreements, api_files, api_webhooks, controls)
    return stand_in(__name__, desk, parts, Counter(desk), answer_http, MAX_BODY_BYTES)
