"""When two requests are about the same agreement."""

from __future__ import annotations

import hashlib
import json

from domain.record import Record, fingerprint


def content_key(source_key: str | None, record: Record, template: str) -> str:
    """The same version of the same record, with the same template, is the same convention."""
    parts = [source_key or "inline", fingerprint(record), template]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
