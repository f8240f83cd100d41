"""What Drive keeps and its rules: ids used once, names not unique, a shared drive and a My Drive."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from threading import RLock
from typing import Any

from sandbox.google.items import Item
from sandbox.google.query import parse
from sandbox.google.refusals import Refusal, forbidden, invalid, no_quota, not_found
from sandbox.office import UnreadableError, to_pdf

FOLDER_TYPE = "application/vnd.google-apps.folder"
DOC_TYPE = "application/vnd.google-apps.document"
EXPORT_MAX_BYTES = 10 * 1024 * 1024
SHARED_DRIVE_ID = "0ABacASableParapheUk9PVA"
SHARED_FOLDER_ID = "1CabinetBacASableParapheDossier00"
MY_DRIVE_FOLDER_ID = "1MonDriveBacASableParapheDossier0"


@dataclass
class Settings:
    """``role`` of the service account: organizer (manager), fileOrganizer (content manager), reader, or none.
    ``listing_lag_seconds`` hides what was just made from listings. ``corrupt_uploads`` spoils so many
    of the next contents. ``key_disabled`` refuses the service account's key."""

    role: str = "fileOrganizer"
    listing_lag_seconds: float = 0.0
    corrupt_uploads: int = 0
    key_disabled: bool = False


class Drive:
    """Every method is one step: the lock is what makes the first use of an id win."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.reset()

    def reset(self) -> None:
        with self.lock:
            self.settings = Settings()
            self.items: dict[str, Item] = {}
            self._issued: set[str] = set()
            self._used: set[str] = set()
            for item in (
                Item(SHARED_DRIVE_ID, "Cabinet (Drive partagé)", FOLDER_TYPE, [], True),
                Item(SHARED_FOLDER_ID, "Archives du cabinet", FOLDER_TYPE, [SHARED_DRIVE_ID], True),
                Item(MY_DRIVE_FOLDER_ID, "Mon Drive, partagé avec le hub", FOLDER_TYPE, [], False),
            ):
                self.items[item.id] = item

    def generate_ids(self, count: int) -> list[str]:
        ids = [f"1{secrets.token_urlsafe(24)}" for _ in range(count)]
        with self.lock:
            self._issued.update(ids)
        return ids

    @property
    def may_write(self) -> bool:
        return self.settings.role in ("organizer", "fileOrganizer")

    def get(self, file_id: str, *, all_drives: bool) -> Item:
        """Without ``supportsAllDrives`` what is in a shared drive does not exist."""
        with self.lock:
            item = self.items.get(file_id)
            if item is None or (item.shared and not all_drives) or self.settings.role == "none":
                raise not_found(file_id)
            return item

    def find(self, query: str, *, drive_id: str | None) -> list[Item]:
        """Oldest first; ``drive_id`` None searches My Drive."""
        test, parents = parse(query)
        with self.lock:
            for parent in (*parents, *([drive_id] if drive_id else ())):
                if parent not in self.items or self.settings.role == "none":
                    raise not_found(".")
            now = time.monotonic()
            found = [
                item
                for item in self.items.values()
                if item.parents
                and item.shared is (drive_id is not None)
                and item.listed_from <= now
                and test(item)
            ]
        return sorted(found, key=lambda item: item.created)

    def check_new(self, body: Mapping[str, Any], *, all_drives: bool, blob: bool) -> None:
        """Refuse what ``create`` would refuse, as the start of an upload does."""
        parents = body.get("parents") or []
        if len(parents) > 1:
            raise invalid("parents", "A file cannot have several parents.")
        parent = self.get(parents[0], all_drives=all_drives) if parents else None
        if parent is not None and (parent.trashed or parent.mime_type != FOLDER_TYPE):
            raise not_found(parent.id)
        if not self.may_write:
            raise forbidden()
        if blob and (parent is None or not parent.shared):
            raise no_quota()
        file_id = body.get("id")
        if file_id is not None and file_id not in self._issued:
            raise invalid("file.id", "The provided file ID is not usable.")
        if file_id in self._used:
            raise Refusal(409, "fileIdInUse", "A file already exists with the provided ID.", "file.id")

    def create(self, body: Mapping[str, Any], content: bytes | None, *, all_drives: bool) -> Item:
        if content is not None and body.get("mimeType") == DOC_TYPE:
            if "id" in body:
                raise invalid("file.id", "Generated IDs are not supported for this type.")
            content = _converted(content)  # outside the lock: it takes seconds
        with self.lock:
            self.check_new(body, all_drives=all_drives, blob=content is not None)
            file_id = body.get("id") or self.generate_ids(1)[0]
            self._used.add(file_id)
            if content and self.settings.corrupt_uploads > 0:
                self.settings.corrupt_uploads -= 1
                content = bytes([content[0] ^ 1]) + content[1:]
            parents = list(body.get("parents") or [])
            item = Item(
                id=file_id,
                name=body.get("name", "Untitled"),
                mime_type=body.get("mimeType", "application/octet-stream"),
                parents=parents,
                shared=bool(parents) and self.items[parents[0]].shared,
                content=content,
                app_properties=dict(body.get("appProperties") or {}),
                listed_from=time.monotonic() + self.settings.listing_lag_seconds,
            )
            self.items[file_id] = item
            return item

    def update(self, file_id: str, body: Mapping[str, Any], *, all_drives: bool) -> Item:
        with self.lock:
            item = self.get(file_id, all_drives=all_drives)
            if not self.may_write:
                raise forbidden()
            if "name" in body and any(one.get("readOnly") for one in item.restrictions):
                raise Refusal(403, "cannotModifyRestrictedFile", "The file has content restrictions.")
            item.name = body.get("name", item.name)
            item.trashed = body.get("trashed", item.trashed)
            item.app_properties |= body.get("appProperties") or {}
            for restriction in body.get("contentRestrictions") or ():
                item.restrictions = [dict(restriction)] if restriction.get("readOnly") else []
            return item

    def delete(self, file_id: str, *, all_drives: bool) -> None:
        """A content manager may bin, only a manager of the shared drive may delete."""
        with self.lock:
            self.get(file_id, all_drives=all_drives)
            if self.settings.role != "organizer":
                raise forbidden()
            del self.items[file_id]  # its id stays used

    def export(self, file_id: str) -> bytes:
        """The Doc as PDF. There is no ``supportsAllDrives`` here."""
        item = self.get(file_id, all_drives=True)
        if item.mime_type != DOC_TYPE or item.content is None:
            raise Refusal(403, "fileNotExportable", "Export only supports Docs Editors files.")
        if len(item.content) > EXPORT_MAX_BYTES:
            raise Refusal(403, "exportSizeLimitExceeded", "This file is too large to be exported.")
        return item.content

    def change_by_hand(self, file_id: str, change: Mapping[str, Any]) -> None:
        """What a person does in the browser: rename, move, new content, bin, empty the bin."""
        with self.lock:
            item = self.items[file_id]
            item.name = change.get("name", item.name)
            item.trashed = change.get("trashed", item.trashed)
            if "text" in change:
                item.content = change["text"].encode()
            if "parent" in change:
                item.parents = [change["parent"]]
            if change.get("deleted"):
                del self.items[file_id]  # its id stays used

    def add_by_hand(self, name: str, parent: str, content: bytes | None) -> Item:
        with self.lock:
            role, self.settings.role = self.settings.role, "fileOrganizer"
            try:
                kind = FOLDER_TYPE if content is None else "text/plain"
                return self.create(
                    {"name": name, "parents": [parent], "mimeType": kind}, content, all_drives=True
                )
            finally:
                self.settings.role = role


def _converted(docx: bytes) -> bytes:
    """A Doc is kept here as the PDF it will be exported as."""
    try:
        return to_pdf(docx)
    except UnreadableError:
        raise Refusal(400, "badRequest", "Bad Request") from None
