"""Google Drive v3 through Google's own client: the calls the hub needs, and their errors.

The discovery document packaged with the client is used with its ``rootUrl`` rewritten (the client's
``api_endpoint`` option leaves uploads behind). httplib2 sends a request again, POST included, when the
server closes without answering: whatever is created here therefore carries an id chosen beforehand.
Sources: developers.google.com/workspace/drive/api/guides (``create-file``, ``manage-uploads``,
``handle-errors``, ``content-restrictions``), drive.v3 discovery document.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Self

import httplib2
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.oauth2.service_account import Credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.errors import Error as GoogleClientError
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaUpload, build_http
from pydantic import SecretStr

from connectors.archives.google_drive_errors import DriveErrors

SCOPE = "https://www.googleapis.com/auth/drive"  # drive.file does not see the folders people made
FOLDER_TYPE = "application/vnd.google-apps.folder"
CHUNK_BYTES = 16 * 256 * 1024  # Drive wants multiples of 256 KiB
TIMEOUT_SECONDS = 30
SETTLING_SECONDS = (0.2, 0.4, 0.8)
FIELDS = (
    "id,name,mimeType,parents,driveId,trashed,size,sha256Checksum,createdTime,webViewLink,"
    "appProperties,contentRestrictions(readOnly),capabilities(canAddChildren,canDeleteChildren)"
)

_LOST = (GoogleAuthError, GoogleClientError, httplib2.HttpLib2Error, http.client.HTTPException, OSError)

#: a Drive file as the API gives it, cut down to FIELDS
File = Mapping[str, Any]


def credentials(key: SecretStr) -> Credentials:
    """Of a service account, from the text of its key file. Raises ValueError, KeyError, TypeError or
    AttributeError for what is no key."""
    info = json.loads(key.get_secret_value())
    return Credentials.from_service_account_info(info, scopes=[SCOPE])  # type: ignore[no-untyped-call, no-any-return] # google-auth is not typed


def checked_key(text: SecretStr) -> SecretStr:
    """For a setting: raises ValueError, which says nothing of the value, when it is no key."""
    try:
        credentials(text)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ValueError("ce n'est pas la clé JSON d'un compte de service Google") from None
    return text


class DriveSession:
    """A client for one call of ours: httplib2 is not for several threads."""

    def __init__(
        self,
        api_root: str,
        credentials: Credentials,
        errors: DriveErrors,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._errors = errors
        transport = build_http()  # takes 308 out of the redirects: it means "go on" in an upload
        transport.timeout = timeout_seconds
        self._http = AuthorizedHttp(credentials, http=transport)
        self._files = build_from_document(_discovery(api_root), http=self._http).files()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

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

    def _run(self, execute: Callable[[], Any], answers: Mapping[int, Any] | None = None) -> Any:
        """Run a call; ``answers`` gives the value that stands for a status that is no failure here."""
        errors = self._errors
        try:
            return execute()
        except HttpError as answer:
            if answer.status_code in (answers or {}):
                return (answers or {})[answer.status_code]
            raise errors.refusal(answer) from None  # Google's message may repeat a name
        except RefreshError as refused:
            raise (errors.unreachable() if refused.retryable else errors.credentials_refused()) from None
        except _LOST:
            raise errors.unreachable() from None


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


@cache
def _discovery(api_root: str) -> str:
    document = json.loads(get_static_doc("drive", "v3"))
    document["rootUrl"] = api_root.rstrip("/") + "/"
    document.pop("mtlsRootUrl", None)
    return json.dumps(document)
