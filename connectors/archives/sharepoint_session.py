"""The calls to Graph that the archive needs: one site, one of its libraries, items by id and by name.

Sources: learn.microsoft.com/graph/api ``site-getbypath``, ``drive-get``, ``drive-list``,
``driveitem-get``, ``driveitem-post-children``, ``driveitem-put-content``,
``driveitem-createuploadsession``, ``driveitem-get-content``, ``driveitem-delete``.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Unpack
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, Field

from connectors import Services
from connectors.archives.sharepoint_errors import (
    SYSTEM,
    TOLD,
    library_missing,
    refusal,
    root_missing,
    site_missing,
    unsettled,
)
from connectors.archives.sharepoint_uploads import SessionGone, Upload
from connectors.http import ApiAnswer, Limits
from connectors.http_transport import Content
from connectors.microsoft_graph import CONFLICT, MOVED, GraphConfig, OpenFiles, graph, segment
from domain.errors import NotFound, Unknown

#: the reference page said 4 MB for years, and 250 since: above this a session, which can go on after a cut
SMALL_BYTES = 4 * 2**20
#: SharePoint may take a moment to show what it says exists
SETTLING_SECONDS = (0.2, 0.4, 0.8)


class _Hashes(BaseModel):
    quickXorHash: str | None = None  # noqa: N815 # Graph's own name


class _File(BaseModel):
    hashes: _Hashes | None = None


class Item(BaseModel):
    """A driveItem, cut down. ``quick_xor_hash`` is missing for a moment after an upload."""

    id: str = Field(min_length=1)
    name: str
    size: int = 0
    etag: str | None = Field(None, alias="eTag")
    web_url: str | None = Field(None, alias="webUrl")
    file: _File | None = None
    folder: dict[str, Any] | None = None

    @property
    def quick_xor_hash(self) -> str | None:
        return self.file.hashes.quickXorHash if self.file and self.file.hashes else None


class _Site(BaseModel):
    id: str


class _Drive(BaseModel):
    id: str
    name: str = ""
    webUrl: str = ""  # noqa: N815 # Graph's own name


class _Drives(BaseModel):
    value: list[_Drive]


class _Begun(BaseModel):
    uploadUrl: str  # noqa: N815 # Graph's own name


@dataclass(frozen=True)
class Place:
    """Where the hub files: the library, and its root or the folder in it that a setting names."""

    drive_id: str
    root_id: str

    def item(self, item_id: str) -> str:
        return f"/drives/{segment(self.drive_id)}/items/{segment(item_id)}"

    def under(self, folder_id: str, name: str) -> str:
        return f"{self.item(folder_id)}:/{segment(name)}"


class SharePointSession:
    """Thread-safe. Raises domain errors; NotFound only when what was addressed is gone."""

    def __init__(self, config: GraphConfig, services: Services) -> None:
        self._graph, self._now = graph(config, SYSTEM, services), services.now
        self._files = OpenFiles(config, SYSTEM, services, Limits.of(config.timeout_seconds))

    def place(self, site_url: str, library: str, root: Sequence[str]) -> Place:
        drive = self._drive(self._site(site_url), library)
        above = f"/drives/{segment(drive)}/root"
        inside = ":/" + "/".join(segment(name) for name in root) if root else ""
        try:
            found = self._graph.shaped(Item, "GET", self._call("GET", above + inside))
        except NotFound:
            raise (root_missing() if root else library_missing()) from None
        if found.folder is None and root:
            raise root_missing()
        return Place(drive, found.id)

    def require_library(self, drive_id: str) -> None:
        try:
            self._call("GET", f"/drives/{segment(drive_id)}/root")
        except NotFound:
            raise library_missing() from None

    def child(self, place: Place, folder_id: str, name: str) -> Item | None:
        """None when nothing has that name there, or the folder itself is gone."""
        try:
            return self._graph.shaped(Item, "GET", self._call("GET", place.under(folder_id, name)))
        except NotFound:
            return None

    def settled_child(self, place: Place, folder_id: str, name: str) -> Item:
        """``child`` for what SharePoint says exists. Raises Retryable when it goes on not showing it."""
        for pause in (*SETTLING_SECONDS, 0.0):
            if (found := self.child(place, folder_id, name)) is not None:
                return found
            time.sleep(pause)
        raise unsettled()

    def make_folder(self, place: Place, parent_id: str, name: str) -> Item:
        """Made, or found when that name stands there already, whatever it is: names are unique."""
        body = {"name": name, "folder": {}, CONFLICT: "fail"}
        try:
            answer = self._call("POST", f"{place.item(parent_id)}/children", json=body, expect={409})
        except Unknown:
            found = self.child(place, parent_id, name)
            if found is None:
                raise
            return found
        if answer.status == 409:
            return self.settled_child(place, parent_id, name)
        return self._graph.shaped(Item, "POST", answer)

    def put(self, place: Place, folder_id: str, name: str, content: bytes, media_type: str) -> Item | None:
        """Upload; None when the name is taken. Raises Unknown when it is not known what became of it."""
        if len(content) > SMALL_BYTES:
            return self._put_in_ranges(place, folder_id, name, content)
        answer = self._call(
            "PUT",
            f"{place.under(folder_id, name)}:/content",
            params={CONFLICT: "fail"},  # to replace is Graph's own choice here
            content=content,
            headers={"Content-Type": media_type},
            expect={409},
        )
        return None if answer.status == 409 else self._graph.shaped(Item, "PUT", answer)

    def begin_upload(self, place: Place, folder_id: str, name: str) -> str | None:
        """The address of an upload session; None when the name is taken already."""
        body = {"item": {CONFLICT: "fail", "name": name}}
        where = f"{place.under(folder_id, name)}:/createUploadSession"
        answer = self._call("POST", where, json=body, expect={409})
        return None if answer.status == 409 else self._graph.shaped(_Begun, "POST", answer).uploadUrl

    def end_upload(self, address: str) -> None:
        self._files.request("DELETE", address, expect={404})

    def content(self, drive_id: str, item_id: str) -> bytes | None:
        """None when it does not exist, or is not visible. Raises Retryable for an address gone stale."""
        where = f"{Place(drive_id, '').item(item_id)}/content"
        try:
            answer = self._call("GET", where, expect=MOVED)
        except NotFound:
            return None
        if answer.status not in MOVED:
            return answer.body
        try:
            return self._files.request("GET", answer.headers.get("location", "")).body
        except NotFound:
            raise unsettled() from None

    def bin(self, place: Place, item: Item) -> None:
        """Unless it has changed since."""
        headers = {"If-Match": item.etag} if item.etag else {}
        self._call("DELETE", place.item(item.id), headers=headers)

    def _put_in_ranges(self, place: Place, folder_id: str, name: str, content: bytes) -> Item | None:
        for _ in range(2):  # a session that is gone begins again, once
            address = self.begin_upload(place, folder_id, name)
            if address is None:
                return None
            try:
                made = Upload(self._files, address, content, self._now).send()
            except SessionGone:
                if self.child(place, folder_id, name) is not None:
                    return None  # its end was reached after all, or somebody else was faster
                continue
            return None if made is None else self._graph.shaped(Item, "PUT", made)
        raise unsettled()

    def _site(self, site_url: str) -> str:
        parts = urlsplit(site_url)
        path = "/".join(segment(unquote(part)) for part in parts.path.split("/") if part)
        where = f"/sites/{segment(parts.hostname or '')}" + (f":/{path}" if path else "")
        try:
            return self._graph.shaped(_Site, "GET", self._call("GET", where)).id
        except NotFound:
            raise site_missing() from None

    def _drive(self, site_id: str, library: str) -> str:
        """``library`` is the name that people see, or the last step of its address; empty: the default."""
        site = f"/sites/{segment(site_id)}"
        try:
            if not library:
                return self._graph.shaped(_Drive, "GET", self._call("GET", f"{site}/drive")).id
            drives = self._graph.shaped(_Drives, "GET", self._call("GET", f"{site}/drives")).value
        except NotFound:
            raise library_missing() from None
        for drive in drives:
            address = unquote(urlsplit(drive.webUrl).path).rpartition("/")[2]
            if _folded(library) in (_folded(drive.name), _folded(address)):
                return drive.id
        raise library_missing()

    def _call(
        self, method: str, path: str, *, expect: Collection[int] = (), **content: Unpack[Content]
    ) -> ApiAnswer:
        answer = self._graph.request(method, path, expect={*expect, *TOLD}, **content)
        if answer.status in TOLD and answer.status not in expect:
            raise refusal(answer, self._now())
        return answer


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
