"""Archives: where the firm keeps its signed agreements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from connectors import Finding


@dataclass(frozen=True)
class Deposit:
    """One file to keep. ``folders`` and ``name`` come out of ``domain.naming`` and are already safe.

    ``key`` is ours and unique per convention and kind of file: a repeat carries the same key.
    """

    key: str
    folders: tuple[str, ...]
    name: str
    media_type: str
    content: bytes
    sha256: str  # lower-case hex


@dataclass(frozen=True)
class Filed:
    """Where it stands, as the archive itself confirmed after reading the hash back.

    ``path`` is the full path with the name really used (a taken name gets a numbered suffix),
    ``ref`` what ``read`` needs, ``link`` what a person may open.
    """

    ref: str
    path: str
    link: str | None


class Medium(StrEnum):
    """Kinds of medium that rarely fail together: the 2 of 3-2-1."""

    DISK = "disk"  # a folder, a NAS
    OFFICE = "office"  # the file store of an office suite
    OBJECTS = "objects"  # object storage


class Archive(Protocol):
    medium: Medium
    #: it stands elsewhere than the firm: the 1 of 3-2-1
    off_site: bool

    def file(self, deposit: Deposit) -> Filed:
        """Keep the file; never overwrite. The same deposit again, or at the same time from another
        worker, makes one file. A name taken by other bytes gets the suffix ``_2``, ``_3``..."""
        ...

    def read(self, ref: str) -> bytes: ...

    def check(self) -> tuple[Finding, ...]: ...


#: name -> "module:Class"
REGISTRY: Mapping[str, str] = {
    "folder": "connectors.archives.folder:Folder",
    "google_drive": "connectors.archives.google_drive:GoogleDrive",
    "s3": "connectors.archives.s3:S3",
    "sharepoint": "connectors.archives.sharepoint:SharePoint",
}
