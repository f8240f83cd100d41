"""A site's document libraries: items with unique names in a folder, a bin, and downloads that need no
token."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any

from sandbox.microsoft_graph.names import check_name
from sandbox.microsoft_graph.quick_xor import quick_xor_hash
from sandbox.microsoft_graph.refusals import (
    Refusal,
    changed,
    forbidden,
    full,
    locked,
    name_taken,
    not_found,
    throttled,
)

DRIVE_ID = "b!BacASableParaphe"
ROOT_ID = "01RACINE"
OTHER_DRIVE_ID = "b!AutreBacASable"
OTHER_LIBRARY = "Conventions signées"
#: drive id -> (name of the library, id of its root)
DRIVES = {DRIVE_ID: ("Documents", ROOT_ID), OTHER_DRIVE_ID: (OTHER_LIBRARY, "01AUTRERACINE")}


@dataclass
class Settings:
    """``role`` on the site: write, read, or none. ``permanent_delete`` false refuses what a retention
    policy would. ``direct`` answers conversions and downloads with the file itself instead of its
    address. ``quota_bytes`` is the room left for the site. ``locked`` refuses every writing as a file
    under a lock. The next ``throttled`` calls are told to wait ``retry_after_seconds``. The next
    ``corrupt_uploads`` files are spoiled on their way. ``hashes`` false tells none. With
    ``late_conflict`` an upload session is begun for a name that is taken, and refused at its end."""

    role: str = "write"
    permanent_delete: bool = True
    direct: bool = False
    secret_expired: bool = False
    quota_bytes: int | None = None
    locked: bool = False
    throttled: int = 0
    retry_after_seconds: int = 7
    corrupt_uploads: int = 0
    hashes: bool = True
    late_conflict: bool = False


@dataclass
class Item:
    name: str
    parent: str | None
    drive: str
    content: bytes | None = None
    id: str = field(default_factory=lambda: "01" + secrets.token_hex(16).upper())
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    binned: bool = False
    version: int = 1
    _digest: tuple[int, str, str] | None = None

    @property
    def etag(self) -> str:
        return f'"{{{self.id}}},{self.version}"'

    def digests(self) -> tuple[str, str]:
        """(quickXorHash, SHA-256 in hex) of what it holds now."""
        if self._digest is None or self._digest[0] != self.version:
            content = self.content or b""
            self._digest = (self.version, quick_xor_hash(content), hashlib.sha256(content).hexdigest())
        return self._digest[1:]


class Library:
    """Every method is one step: the lock is what makes names unique."""

    def __init__(self, url: str) -> None:
        self.lock, self._url = RLock(), url
        self.reset()

    def reset(self) -> None:
        with self.lock:
            self.settings = Settings()
            roots = [Item("root", None, drive, id=root) for drive, (_, root) in DRIVES.items()]
            self.items = {root.id: root for root in roots}
            self.downloads: dict[str, bytes] = {}

    def may(self, drive_id: str, *, write: bool) -> None:
        with self.lock:
            if self.settings.throttled > 0:
                self.settings.throttled -= 1
                raise throttled(self.settings.retry_after_seconds)
        if drive_id not in DRIVES or self.settings.role == "none":
            raise not_found()
        if write and self.settings.role != "write":
            raise forbidden()
        if write and self.settings.locked:
            raise locked()

    def item(self, item_id: str) -> Item:
        item = self.items.get(item_id)
        if item is None or any(one.binned for one in self._line(item)):
            raise not_found()
        return item

    def children(self, parent: Item) -> list[Item]:
        return [item for item in self.items.values() if item.parent == parent.id and not item.binned]

    def child(self, parent: Item, name: str) -> Item | None:
        """Names differ by more than their case."""
        named = (item for item in self.children(parent) if item.name.casefold() == name.casefold())
        return next(named, None)

    def path(self, item: Item) -> str:
        """Decoded, from under the library's root: "" for the root itself."""
        return "/".join(one.name for one in reversed(self._line(item)[:-1]))

    def _line(self, item: Item) -> list[Item]:
        """The item and what stands above it, the root last."""
        line = [item]
        while (above := line[-1].parent) is not None and above in self.items:
            line.append(self.items[above])
        return line

    def add(self, parent: Item, name: str, content: bytes | None, conflict: str) -> Item:
        with self.lock:
            check_name(name, above=self.path(parent), folder=content is None)
            standing = self.child(parent, name)
            if standing is not None and conflict != "replace":
                raise name_taken()
            content = self._received(content)
            if standing is not None:
                standing.content, standing.version = content, standing.version + 1
                return standing
            made = Item(name, parent.id, parent.drive, content)
            self.items[made.id] = made
            return made

    def _received(self, content: bytes | None) -> bytes | None:
        settings = self.settings
        if content is None:
            return None
        if settings.quota_bytes is not None:
            if len(content) > settings.quota_bytes:
                raise full()
            settings.quota_bytes -= len(content)
        if settings.corrupt_uploads > 0:
            settings.corrupt_uploads -= 1
            return bytes([content[0] ^ 1]) + content[1:]
        return content

    def add_by_hand(self, parent_id: str, name: str, content: bytes | None) -> Item:
        """A person finds the folder that is there already."""
        with self.lock:
            parent = self.items[parent_id]
            standing = self.child(parent, name)
            return standing or self.add(parent, name, content, "fail")

    def change_by_hand(self, item: Item, change: dict[str, Any]) -> None:
        """What a person did to it: another ``text``, another ``name``, ``binned``, or ``deleted``."""
        with self.lock:
            if change.get("deleted"):
                del self.items[item.id]
            item.binned = change.get("binned", item.binned)
            item.name = change.get("name", item.name)
            if "text" in change:
                item.content = change["text"].encode()
            item.version += 1

    def leave(self, name: str, age_seconds: float) -> None:
        """What a worker that was killed left behind, in every folder."""
        with self.lock:
            made = datetime.now(UTC) - timedelta(seconds=age_seconds)
            for folder in [item for item in self.items.values() if item.content is None]:
                if folder.drive == DRIVE_ID:
                    left = Item(name, folder.id, folder.drive, b"PK", created=made)
                    self.items[left.id] = left

    def bin(self, item: Item, if_match: str | None) -> None:
        with self.lock:
            if if_match is not None and if_match != item.etag:
                raise changed()
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

    def described(self, item: Item) -> dict[str, Any]:
        """The driveItem, as Graph gives it."""
        answer: dict[str, Any] = {
            "id": item.id,
            "name": item.name,
            "eTag": item.etag,
            "createdDateTime": item.created.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "webUrl": f"{self._url}/view/{item.id}",
            "parentReference": {
                "driveId": item.drive,
                "id": item.parent,
                "path": f"/drives/{item.drive}/root:/{self.path(item).rpartition('/')[0]}".rstrip("/"),
            },
        }
        if item.content is None:
            return answer | {"size": 0, "folder": {"childCount": len(self.children(item))}}
        file: dict[str, Any] = {"mimeType": "application/octet-stream"}
        if self.settings.hashes:
            file["hashes"] = {"quickXorHash": item.digests()[0]}
        return answer | {"size": len(item.content), "cTag": f'"c:{item.etag}', "file": file}
