"""A document library: items with unique names in a folder, a bin, and downloads that need no token."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any

from sandbox.microsoft_graph.refusals import Refusal, forbidden, name_taken, not_found

DRIVE_ID = "b!BacASableParaphe"
ROOT_ID = "01RACINE"


@dataclass
class Settings:
    """``role`` on the site: write, read, or none. ``permanent_delete`` false refuses what a retention
    policy would. ``direct`` answers conversions with the file itself instead of its address."""

    role: str = "write"
    permanent_delete: bool = True
    direct: bool = False
    secret_expired: bool = False


@dataclass
class Item:
    name: str
    parent: str | None
    content: bytes | None = None
    id: str = field(default_factory=lambda: "01" + secrets.token_hex(16).upper())
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    binned: bool = False

    def described(self) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "createdDateTime": self.created.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "parentReference": {"driveId": DRIVE_ID, "id": self.parent},
        }
        if self.content is None:
            return answer | {"folder": {"childCount": 0}}
        return answer | {"size": len(self.content), "file": {"mimeType": "application/octet-stream"}}


class Library:
    """Every method is one step: the lock is what makes names unique."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.reset()

    def reset(self) -> None:
        with self.lock:
            self.settings = Settings()
            self.items = {ROOT_ID: Item("root", None, id=ROOT_ID)}
            self.downloads: dict[str, bytes] = {}

    def may(self, drive_id: str, *, write: bool) -> None:
        if drive_id != DRIVE_ID or self.settings.role == "none":
            raise not_found()
        if write and self.settings.role != "write":
            raise forbidden()

    def item(self, item_id: str) -> Item:
        item = self.items.get(item_id)
        if item is None or item.binned:
            raise not_found()
        return item

    def children(self, parent: Item) -> list[Item]:
        return [item for item in self.items.values() if item.parent == parent.id and not item.binned]

    def child(self, parent: Item, name: str) -> Item | None:
        """Names differ by more than their case."""
        named = (item for item in self.children(parent) if item.name.casefold() == name.casefold())
        return next(named, None)

    def add(self, parent: Item, name: str, content: bytes | None, conflict: str) -> Item:
        with self.lock:
            standing = self.child(parent, name)
            if standing is not None and conflict != "replace":
                raise name_taken()
            if standing is not None:
                standing.content = content
                return standing
            made = Item(name, parent.id, content)
            self.items[made.id] = made
            return made

    def leave(self, name: str, age_seconds: float) -> None:
        """What a worker that was killed left behind, in every folder."""
        with self.lock:
            made = datetime.now(UTC) - timedelta(seconds=age_seconds)
            for folder in [item for item in self.items.values() if item.content is None]:
                left = Item(name, folder.id, b"PK", created=made)
                self.items[left.id] = left

    def bin(self, item: Item) -> None:
        item.binned = True

    def erase(self, item: Item) -> None:
        if not self.settings.permanent_delete:
            raise Refusal(403, "accessDenied", "Permanent deletion is not allowed.")
        with self.lock:
            self.items.pop(item.id, None)

    def offer(self, content: bytes) -> str:
        """The token in the address under which ``content`` may be read by anyone."""
        token = secrets.token_urlsafe(24)
        self.downloads[token] = content
        return token
