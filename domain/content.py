"""When two requests are about the same agreement."""

from __future__ import annotations

import hashlib
import json

from domain.record import Record, fingerprint


def content_key(source_key: str | None, record: Record, template: str) -> str:
    """The same version of the same record, with the same template, is the same convention."""
    parts = [source_key or "inline", fingerprint(record), template]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def record_key(source_key: str | None) -> str | None:
    """Names an outside record without saying what it is called there; None for one that has no identity."""
    return hashlib.sha256(source_key.encode()).hexdigest() if source_key else None


def pending_key(source_key: str | None, template: str) -> str | None:
    """The same record with the same template, while it is being read."""
    if source_key is None:
        return None
    return hashlib.sha256(json.dumps([source_key, template]).encode()).hexdigest()


def keys(source_key: str | None, record: Record | None, template: str) -> dict[str, str | None]:
    """The three of them, as whoever asks for a convention gives them; ``record`` when it is already read."""
    return {
        "pending_key": pending_key(source_key, template),
        "content_key": content_key(source_key, record, template) if record else None,
        "record_key": record_key(source_key),
    }


def wish_key(what: str, template: str, until: str) -> str:
    """A version or a content, together with what is to be made of it."""
    return hashlib.sha256(json.dumps([what, template, until]).encode()).hexdigest()
