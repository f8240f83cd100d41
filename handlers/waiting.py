"""``Prefer: wait=25`` (RFC 7240): hold the answer until the work is done or the time is up."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from flask import request

LONGEST_SECONDS = 25
_WAIT = re.compile(r"\bwait=([0-9]{1,9})\b")
_POLL_SECONDS = 0.1


def wait_until(done: Callable[[], bool], unless_asked: int = 0) -> None:
    """``unless_asked``: the wait, in seconds, of a caller who states no preference."""
    asked = _WAIT.search(request.headers.get("Prefer", ""))
    deadline = time.monotonic() + (min(int(asked[1]), LONGEST_SECONDS) if asked else unless_asked)
    while time.monotonic() < deadline and not done():
        time.sleep(_POLL_SECONDS)
