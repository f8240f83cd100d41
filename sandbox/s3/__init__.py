"""An S3 store: moto's own server behind the sandbox's switches.

moto (a development dependency) answers as S3 does for objects, versions, metadata, conditional writes and
object lock. Where it is kinder than a real store, and proves nothing:

* it lets the period of a COMPLIANCE lock be shortened, which real stores refuse, and takes a bucket's
  default period only while the bucket is empty, which they do not ask;
* it looks at no signature: here a request must at least name a key that exists;
* it knows no quota and no clock: tests order those refusals as faults.

``RIGHTS`` below is what the hub's key may do; ``ADMIN_KEY_ID`` is the firm's own, which may do all. Two
buckets are made at each reset: one with object lock and no default period, one without lock. Beside the
controls that every stand-in has:

* ``PATCH _control/settings`` see ``sandbox.s3.mount.Settings``.
"""

from sandbox.s3.mount import (
    ADMIN_KEY_ID,
    KEY_ID,
    LOCKED_BUCKET,
    PLAIN_BUCKET,
    REGION,
    RIGHTS,
    SECRET,
    create,
)

__all__ = [
    "ADMIN_KEY_ID",
    "KEY_ID",
    "LOCKED_BUCKET",
    "PLAIN_BUCKET",
    "REGION",
    "RIGHTS",
    "SECRET",
    "create",
]
