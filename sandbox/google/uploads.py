"""Resumable and multipart uploads (guide ``manage-uploads``)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from threading import RLock
from typing import Any

from sandbox.google.drive import Drive
from sandbox.google.items import Item
from sandbox.google.refusals import invalid

CHUNK_MULTIPLE = 256 * 1024
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+)")


@dataclass
class Session:
    """An upload under way; ``item`` once it is complete, so that a repeat of the end answers alike."""

    metadata: dict[str, Any]
    all_drives: bool
    fields: str | None
    kept: bytearray = field(default_factory=bytearray)
    item: Item | None = None
    lock: RLock = field(default_factory=RLock)


class Uploads:
    def __init__(self, drive: Drive) -> None:
        self._drive = drive
        self._sessions: dict[str, Session] = {}

    def reset(self) -> None:
        self._sessions.clear()

    def start(self, metadata: dict[str, Any], *, all_drives: bool, fields: str | None) -> str:
        """The session's id. Refuses now what the end would refuse."""
        self._drive.check_new(metadata, all_drives=all_drives, blob=True)
        upload_id = secrets.token_urlsafe(24)
        self._sessions[upload_id] = Session(metadata, all_drives, fields)
        return upload_id

    def session(self, upload_id: str) -> Session | None:
        return self._sessions.get(upload_id)

    def receive(self, session: Session, content_range: str | None, chunk: bytes) -> Item | None:
        """Take a chunk; the file once all is there, else None (answer 308 and what is kept)."""
        with session.lock:
            if session.item is not None:
                return session.item
            start, total = _place(content_range, chunk)
            if start is not None and start <= len(session.kept):
                end = start + len(chunk)
                if end < total and len(chunk) % CHUNK_MULTIPLE:
                    raise invalid("Content-Range", "Chunks must be multiples of 256 KiB.")
                session.kept[start:end] = chunk
            if len(session.kept) < total:
                return None
            session.item = self._drive.create(
                session.metadata, bytes(session.kept), all_drives=session.all_drives
            )
            return session.item


def _place(content_range: str | None, chunk: bytes) -> tuple[int | None, int]:
    """(first byte or None for a probe, total size)."""
    if content_range is None:
        return 0, len(chunk)
    match = _RANGE.fullmatch(content_range)
    if match is None:
        raise invalid("Content-Range")
    total = int(match[3])
    if match[1] is None:
        return None, total
    if int(match[2]) - int(match[1]) + 1 != len(chunk) or int(match[2]) >= total:
        raise invalid("Content-Range")
    return int(match[1]), total


def split_multipart(content_type: str, body: bytes) -> tuple[bytes, Mapping[str, str], bytes]:
    """(metadata JSON, headers of the content, content) of a multipart/related body."""
    message = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    parts = [part for part in message.walk() if not part.is_multipart()]
    if len(parts) != 2:
        raise invalid("body", "Malformed multipart body.")
    metadata, content = (part.get_payload(decode=True) for part in parts)
    if not isinstance(metadata, bytes) or not isinstance(content, bytes):
        raise invalid("body", "Malformed multipart body.")
    return metadata, dict(parts[1].items()), content
