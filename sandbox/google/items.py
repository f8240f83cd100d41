"""A file or a folder of the Drive stand-in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass
class Item:
    id: str
    name: str
    mime_type: str
    parents: list[str]
    shared: bool  # in the shared drive
    content: bytes | None = None
    app_properties: dict[str, str] = field(default_factory=dict)
    restrictions: list[dict[str, Any]] = field(default_factory=list)
    trashed: bool = False
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    listed_from: float = 0.0  # time.monotonic()

    @property
    def sha256(self) -> str | None:
        return None if self.content is None else hashlib.sha256(self.content).hexdigest()
