"""moto's S3 with the sandbox's two buckets. Importing this takes a second: it waits for the first request."""

from __future__ import annotations

from functools import cache
from wsgiref.types import WSGIApplication

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import create_backend_app
from moto.s3.models import s3_backends


def fresh(region: str, plain: str, locked: str) -> WSGIApplication:
    """Nothing but an empty bucket ``plain`` and an empty bucket ``locked``, which has object lock."""
    s3_backends.reset()
    backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
    backend.create_bucket(plain, region)
    backend.create_bucket(locked, region)
    backend.put_bucket_versioning(locked, "Enabled")
    backend.get_bucket(locked).object_lock_enabled = True
    return _application()


@cache
def _application() -> WSGIApplication:
    made: WSGIApplication = create_backend_app("s3")
    return made
