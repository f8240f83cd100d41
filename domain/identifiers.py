"""Identifiers that sort by time and say what they name: ``cv_0193...`` (UUIDv7 in hex, RFC 9562)."""

from __future__ import annotations

import re
import uuid
from datetime import datetime


def new_id(prefix: str, now: datetime, random: bytes) -> str:
    """``random`` is at least 10 fresh random bytes."""
    milliseconds = int(now.timestamp() * 1000).to_bytes(6, "big")
    raw = bytearray(milliseconds + random[:10])
    raw[6] = (raw[6] & 0x0F) | 0x70
    raw[8] = (raw[8] & 0x3F) | 0x80
    return f"{prefix}_{uuid.UUID(bytes=bytes(raw)).hex}"


def actor(made_by: str) -> str:
    """How the journal names who asked: a caller's key (its id has no prefix), a person or a watch."""
    return made_by if re.match(r"[a-z]{2}_", made_by) else f"key:{made_by}"
