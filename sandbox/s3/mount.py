"""Put the pieces together under ``/s3``: moto's application, who may do what, the controls."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib import import_module
from threading import RLock
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, request
from werkzeug.wrappers import Response

from sandbox.context import Context, StandIn

KEY_ID = "SCWBACASABLE000000000"
ADMIN_KEY_ID = "SCWADMINISTRATEUR0000"
SECRET = "secret-du-bac-a-sable"
REGION = "fr-par"
LOCKED_BUCKET = "cabinet-bac-a-sable-verrou"
PLAIN_BUCKET = "cabinet-bac-a-sable"

#: what the hub's key may do, as the guide asks: nothing removes, nothing lifts a lock
RIGHTS = (
    *("PutObject", "PutObjectRetention", "AbortMultipartUpload", "GetObject", "GetObjectVersion"),
    *("ListBucket", "GetBucketObjectLockConfiguration"),
)

_CREDENTIAL = re.compile(r"Credential=([^/]+)/\d{8}/([^/]+)/s3/")


@dataclass
class Settings:
    """``rights`` of the hub's key, see RIGHTS. ``conditional_writes``: "honoured", "ignored" as by a store
    that does not know ``If-None-Match``, or "refused" with 501."""

    rights: tuple[str, ...] = RIGHTS
    conditional_writes: str = "honoured"


class Door:
    """What a request must pass before moto sees it. moto is not made for several threads: one at a time,
    which also makes its look before a conditional write and the write one step."""

    def __init__(self, controls: WSGIApplication) -> None:
        self._controls = controls
        self._lock = RLock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self.settings = Settings()
            self._moto: WSGIApplication | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/_control/"):
            return self._controls(environ, start_response)
        refused = self._refused(environ)
        if refused is not None:
            return refused(environ, start_response)
        _take_mount_out(environ)
        with self._lock:
            if self._moto is None:
                store = import_module("sandbox.s3.store")
                self._moto = store.fresh(REGION, PLAIN_BUCKET, LOCKED_BUCKET)
            return Response.from_app(self._moto, environ, buffered=True)(environ, start_response)

    def _refused(self, environ: WSGIEnvironment) -> Response | None:
        named = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
        if named is None:
            return refusal(403, "AccessDenied")
        if named[1] not in (KEY_ID, ADMIN_KEY_ID):
            return refusal(403, "InvalidAccessKeyId")
        if named[2] != REGION:
            return refusal(400, "AuthorizationHeaderMalformed")
        if named[1] == KEY_ID and not _rights_asked(environ) <= set(self.settings.rights):
            return refusal(403, "AccessDenied")
        if "HTTP_IF_NONE_MATCH" in environ and environ["REQUEST_METHOD"] == "PUT":
            if self.settings.conditional_writes == "refused":
                return refusal(501, "NotImplemented")
            if self.settings.conditional_writes == "ignored":
                del environ["HTTP_IF_NONE_MATCH"]
        return None


def _rights_asked(environ: WSGIEnvironment) -> set[str]:
    """By their names in S3's reference. To see that an object is not there takes the right to list: without
    it a store answers 403."""
    method, query = environ["REQUEST_METHOD"], environ.get("QUERY_STRING", "")
    if query.startswith("object-lock"):
        return {f"{method.capitalize()}BucketObjectLockConfiguration"}
    if method in ("GET", "HEAD"):
        return {"GetObjectVersion"} if "versionId=" in query else {"GetObject", "ListBucket"}
    if method == "DELETE":
        return {"AbortMultipartUpload" if "uploadId=" in query else "DeleteObject"}
    locking = {"PutObjectRetention"} if "HTTP_X_AMZ_OBJECT_LOCK_MODE" in environ else set()
    return {"PutObject", *locking}


def refusal(status: int, code: str) -> Response:
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>Durand</Message></Error>'
    )
    return Response(body, status, mimetype="application/xml")


def _take_mount_out(environ: WSGIEnvironment) -> None:
    """moto reads bucket and key in the raw path, and knows no mount."""
    mount, environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", ""), ""
    for name in ("RAW_URI", "REQUEST_URI"):
        if name in environ:
            environ[name] = environ[name].removeprefix(mount) or "/"


def create(_context: Context) -> StandIn:
    app = Flask("sandbox.s3")
    door = Door(app.wsgi_app)
    app.wsgi_app = door  # type: ignore[method-assign] # Flask's own way

    @app.patch("/_control/settings")
    def settings() -> dict[str, Any]:
        door.settings = replace(door.settings, **request.get_json())
        return {}

    return StandIn(app, door.reset)
