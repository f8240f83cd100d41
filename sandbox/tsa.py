"""The timestamping authority (RFC 3161 over HTTP): ``POST /tsa`` with a ``timestamp-query``."""

from __future__ import annotations

from asn1crypto import tsp
from flask import Flask, Response, request

from sandbox.context import Context, StandIn

#: RFC 3161, 3.4
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
MAX_QUERY_BYTES = 10_000


def create(context: Context) -> StandIn:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_QUERY_BYTES
    stamper = context.authority.time_stamper()

    @app.post("/")
    def stamp() -> Response:
        if request.mimetype != QUERY:
            return Response(f"expected {QUERY}\n", 415, mimetype="text/plain")
        try:
            query = tsp.TimeStampReq.load(request.get_data(), strict=True)
            answer = stamper.request_tsa_response(query).dump()
        except ValueError:
            return Response("not a timestamp query\n", 400, mimetype="text/plain")
        return Response(answer, mimetype=REPLY)

    @app.get("/_control/ca.pem")
    def trusted_root() -> Response:
        return Response(context.authority.root.certificate_pem, mimetype="application/x-pem-file")

    return StandIn(app, reset=lambda: None)
