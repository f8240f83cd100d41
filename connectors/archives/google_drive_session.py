"""Google Drive v3: the calls the hub needs.

httplib2 may send a request twice (``connectors/google.py``): whatever is created here therefore carries an
id chosen beforehand. Sources: developers.google.com/workspace/drive/api/guides (``create-file``,
``manage-uploads``, ``handle-errors``, ``content-restrictions``), drive.v3 discovery document.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from google.oauth2.service_account import Credentials
from googleapiclient.http import MediaUpload

from connectors.archives.google_drive_errors import DriveErrors
from connectors.google import TIMEOUT_SECONDS, GoogleSession

SCOPE = "https://www.googleapis.com/auth/drive"  # drive.file does not see the folders people made
FOLDER_TYPE = "application/vnd.google-apps.folder"
CHUNK_BYTES = 16 * 256 * 1024  # Drive wants multiples of 256 KiB
SETTLING_SECONDS = (0.2, 0.4, 0.8)
FIELDS = (
    "id,name,mimeType,parents,driveId,trashed,size,sha256Checksum,createdTime,webViewLink,"
    "appProperties,contentRestrictions(readOnly),capabilities(canAddChildren,canDeleteChildren)"
)

#: a Drive file as the API gives it, cut down to FIELDS
File = Mapping[str, Any]


class DriveSession(GoogleSession):
    def __init__(
        self,
        api_root: str,
        credentials: Credentials,
        errors: DriveErrors,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        super().__init__(("drive", "v3"), api_root, credentials, errors, timeout_seconds)
        self._files = self._service.files()

    def new_id(self) -> str:
        answer = self._run(self._files.generateIds(count=1, space="drive", type="files").execute)
        return str(answer["ids"][0])

    def get(self, file_id: str) -> File | None:
        """None when it does not exist or is not visible."""
        request = self._files.get(fileId=file_id, supportsAllDrives=True, fields=FIELDS)
        found: File | None = self._run(request.execute, {404: None})
        return found

    def get_settled(self, file_id: str) -> File | None:
        """``get`` for what Drive says exists: it may take a moment to show it."""
        for pause in SETTLING_SECONDS:
            if (found := self.get(file_id)) is not None:
                return found
            time.sleep(pause)
        return self.get(file_id)

    def find(self, drive_id: str | None, query: str) -> list[File]:
        """Oldest first. Not to be relied on alone: what was just made may not be listed yet."""
        where = {"corpora": "drive", "driveId": drive_id} if drive_id else {"corpora": "user"}
        request = self._files.list(
            q=query,
            spaces="drive",
            orderBy="createdTime",
            pageSize=100,
            includeItemsFromAllDrives=True,
            supportsAllDrives=True,
            fields=f"files({FIELDS})",
            **where,
        )
        found: list[File] = self._run(request.execute)["files"]
        return found

    def create(
        self, body: Mapping[str, Any], content: bytes | None = None, media_type: str | None = None
    ) -> File | None:
        """Make the folder or file with the id in ``body``; None when that id is used already (409) or
        cannot be used at all (400). A ``media_type`` other than the body's asks Drive to convert: then
        there is no id to choose, and None says that the content cannot be converted."""
        media = None if content is None else _Content(content, media_type or body["mimeType"])
        request = self._files.create(body=body, media_body=media, supportsAllDrives=True, fields=FIELDS)
        made: File | None = self._run(request.execute, {409: None, 400: None})
        return made

    def update(self, file_id: str, body: Mapping[str, Any]) -> File:
        request = self._files.update(fileId=file_id, body=body, supportsAllDrives=True, fields=FIELDS)
        updated: File = self._run(request.execute)
        return updated

    def content(self, file_id: str) -> bytes | None:
        """None when it does not exist or is not visible."""
        request = self._files.get_media(fileId=file_id, supportsAllDrives=True)
        content: bytes | None = self._run(request.execute, {404: None})
        return content

    def export(self, file_id: str, media_type: str) -> bytes | None:
        """A Google document as a file of another type, 10 MB at most; None when it does not exist or is
        not visible."""
        request = self._files.export(fileId=file_id, mimeType=media_type)
        content: bytes | None = self._run(request.execute, {404: None})
        return content

    def delete(self, file_id: str) -> None:
        """For good, not to the bin; what is gone already is no failure. Raises ``..._forbidden`` without
        the role of manager."""
        self._run(self._files.delete(fileId=file_id, supportsAllDrives=True).execute, {404: None})


class _Content(MediaUpload):  # type: ignore[misc] # the client is not typed
    """Bytes handed over as bytes: the client's own classes hand a stream, which is at its end when
    httplib2 sends the request a second time."""

    def __init__(self, content: bytes, media_type: str) -> None:
        self._content, self._media_type = content, media_type

    def chunksize(self) -> int:
        return CHUNK_BYTES

    def mimetype(self) -> str:
        return self._media_type

    def size(self) -> int:
        return len(self._content)

    def resumable(self) -> bool:
        return True

    def getbytes(self, begin: int, end: int) -> bytes:
        """``end`` is a length, whatever the client calls it."""
        return self._content[begin : begin + end]

    def has_stream(self) -> bool:
        return False
