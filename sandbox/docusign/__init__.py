"""The DocuSign stand-in: OAuth under ``/oauth``, API under ``/restapi/v2.1``, signing pages under ``/s``,
controls under ``/_control``."""

from __future__ import annotations

from sandbox.context import Context, StandIn
from sandbox.docusign import api_account, api_envelopes, api_files, controls, oauth
from sandbox.docusign.counter import Counter
from sandbox.docusign.desk import Desk
from sandbox.docusign.refusals import answer_http
from sandbox.signing.stand_in import stand_in

MAX_BODY_BYTES = 60 * 1024 * 1024


def create(context: Context) -> StandIn:
    desk = Desk.set_up(context)
    parts = (oauth, api_envelopes, api_files, api_account, controls)
    return stand_in(__name__, desk, parts, Counter(desk), answer_http, MAX_BODY_BYTES)
