"""A large file sent to SharePoint in ranges, through an upload session: a range whose answer was lost is
asked about, and the sending goes on from what SharePoint says it holds.

Source: learn.microsoft.com/graph/api/driveitem-createuploadsession. The session's address is a permission
by itself: it goes nowhere else, and no token goes with it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from pydantic import BaseModel, TypeAdapter, ValidationError

from connectors.archives.sharepoint_errors import TOLD, refusal
from connectors.http import ApiAnswer
from connectors.microsoft_graph import OpenFiles
from domain.errors import NotFound, ParapheError, Retryable, Unknown

RANGE_UNIT = 320 * 1024  # every range but the last is a multiple of it
RANGE_BYTES = 16 * RANGE_UNIT  # 5 MiB: the page advises 5 to 10, the less for slow lines; 60 is the most
#: answers lost one after the other, without a byte more on the other side
LOSSES = 3


class _Status(BaseModel):
    nextExpectedRanges: list[str] = []  # noqa: N815 # Graph's own name


class SessionGone(Exception):
    """The session has expired, or its end was reached and its answer lost: look under the file's name."""


class Upload:
    """One session; ``send`` once."""

    def __init__(self, files: OpenFiles, address: str, content: bytes, now: Callable[[], datetime]) -> None:
        self._files, self._address, self._content, self._now = files, address, content, now

    def send(self) -> ApiAnswer | None:
        """The answer that describes the item made; None when its name was taken meanwhile.

        Raises SessionGone, and domain errors; the session is then given up.
        """
        try:
            return self._sent()
        except ParapheError:
            self.cancel()
            raise

    def cancel(self) -> None:
        """What was received is thrown away at once instead of when the session expires."""
        with suppress(ParapheError):
            self._files.request("DELETE", self._address)

    def _sent(self) -> ApiAnswer | None:
        start, losses = 0, 0
        while True:
            lost: Retryable | None = None
            try:
                answer = self._put(start)
                if answer.status in (200, 201):
                    return answer
                if answer.status == 409:
                    self.cancel()
                    return None
                following = self._asked() if answer.status == 416 else _following(answer.body)
            except NotFound:
                raise SessionGone from None
            except Unknown as unknown:
                lost, following = unknown, self._asked()
            losses = 0 if following > start else losses + 1
            if losses > LOSSES:
                raise lost or _no_progress()
            start = following

    def _put(self, start: int) -> ApiAnswer:
        total, end = len(self._content), min(start + RANGE_BYTES, len(self._content))
        answer = self._files.request(
            "PUT",
            self._address,
            content=self._content[start:end],
            headers={
                "Content-Range": f"bytes {start}-{end - 1}/{total}",
                "Content-Type": "application/octet-stream",
            },
            expect={416, *TOLD},
        )
        if answer.status in TOLD and answer.status != 409:
            raise refusal(answer, self._now())
        return answer

    def _asked(self) -> int:
        """The first byte that SharePoint still waits for."""
        try:
            return _following(self._files.request("GET", self._address).body)
        except NotFound:
            raise SessionGone from None


def _following(body: bytes) -> int:
    """Raises SessionGone when nothing is waited for any more, Retryable for what cannot be read."""
    try:
        ranges = TypeAdapter(_Status).validate_json(body).nextExpectedRanges
        starts = [int(one.partition("-")[0]) for one in ranges]
    except (ValidationError, ValueError):
        raise _no_progress() from None
    if not starts:
        raise SessionGone
    return min(starts)


def _no_progress() -> Retryable:
    return Retryable(
        "sharepoint_answer_lost",
        "SharePoint n'a pas reçu le fichier complètement ; l'envoi sera repris automatiquement.",
    )
