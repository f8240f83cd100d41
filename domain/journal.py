"""The journal of a convention: each entry carries the hash of the one before, so that removing or
changing one shows (evidence: convention-domain, dossier de preuve)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True)
class Entry:
    """``actor`` is ``hub``, ``key:<id>``, ``provider:<name>`` or ``person``; ``details`` hold codes,
    ids and hashes, never personal data."""

    sequence: int
    at: datetime
    actor: str
    action: str
    details: dict[str, Any]
    previous: str
    hash: str


def entry_hash(
    sequence: int, at: datetime, actor: str, action: str, details: dict[str, Any], previous: str
) -> str:
    """SHA-256, lower-case hex, over the canonical JSON of everything but the hash itself."""
    content = [sequence, at.isoformat(timespec="microseconds"), actor, action, details, previous]
    return hashlib.sha256(
        json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def broken_at(entries: Iterable[Entry]) -> int | None:
    """The sequence number of the first entry that does not follow from the one before, or None."""
    previous = GENESIS
    for expected, entry in enumerate(entries, start=1):
        computed = entry_hash(entry.sequence, entry.at, entry.actor, entry.action, entry.details, previous)
        if entry.sequence != expected or entry.previous != previous or entry.hash != computed:
            return expected
        previous = entry.hash
    return None
