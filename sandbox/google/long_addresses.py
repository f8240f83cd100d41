"""An address of more than 2048 characters travels as a POST (``X-HTTP-Method-Override``), as Google's
client sends a long search."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


def taking_long_addresses(app: WSGIApplication) -> WSGIApplication:
    def restored(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("HTTP_X_HTTP_METHOD_OVERRIDE") == "GET":
            query = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ |= {"REQUEST_METHOD": "GET", "QUERY_STRING": query.decode(), "CONTENT_LENGTH": "0"}
            environ["wsgi.input"] = BytesIO()
        return app(environ, start_response)

    return restored
