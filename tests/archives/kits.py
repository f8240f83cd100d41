"""What the suite asks of each archive's kit: ``tests/archives/kits_<name in the registry>.py``, with a
``make(tmp_path, sandbox)`` that gives a fresh one.

A kit knows how its own system gets into trouble; the suite only says what is then promised.
"""

from __future__ import annotations

import hashlib
from typing import Protocol

import pytest

from connectors.archives import Archive, Deposit, Filed
from domain.errors import Retryable

MONTH = ("Conventions", "2026", "12")


def deposit(
    content: bytes = b"%PDF-1.7 signed",
    *,
    key: str = "conv-1:signed",
    name: str = "Durand_2026-12-15_2026-0142.pdf",
    folders: tuple[str, ...] = MONTH,
) -> Deposit:
    return Deposit(key, folders, name, "application/pdf", content, hashlib.sha256(content).hexdigest())


class Kit(Protocol):
    #: it may answer "too many calls"; a disk does not
    throttles: bool
    #: what the archive adds to every name ("" or an extension); ``tree`` leaves it out
    ending: str

    def worker(self) -> Archive:
        """A connector of its own, as another worker process has; the memory is shared."""
        ...

    def tree(self) -> list[str]:
        """Every folder and file under the root as a path, folders ending in "/"; a twin shows twice.
        Not by the connector's own means."""
        ...

    def bytes_at(self, path: str) -> bytes:
        """What stands there under a path of ``tree``, as it is kept."""
        ...

    def home(self, filed: Filed) -> str:
        """Which folder it stands in, told apart from another of the same name."""
        ...

    def by_hand(self, folders: tuple[str, ...], name: str | None = None, content: bytes = b"") -> None:
        """A person makes new folders, and perhaps a file in the last of them."""
        ...

    def delete(self, filed: Filed) -> None:
        """A person removes it."""
        ...

    def change(self, filed: Filed, content: bytes) -> None:
        """A person puts other bytes in its place."""
        ...

    def full(self) -> None:
        """There is no room for a megabyte, until ``recover``."""
        ...

    def forbid(self) -> None:
        """The hub may no longer write, until ``recover``."""
        ...

    def throttle(self, seconds: int) -> None:
        """Filing is refused with that wait, until ``recover``."""
        ...

    def recover(self) -> None:
        """What went wrong is over. Called again at the end of each test."""
        ...

    def cut_upload(self, one: Deposit) -> None:
        """File it, cut in the middle of its bytes (several megabytes of them): raises, or dies."""
        ...

    def lose_answer(self, one: Deposit) -> None:
        """File it so that the bytes arrive and whoever sent them never knows."""
        ...


def require_retried(archive: Archive, one: Deposit) -> None:
    """The attempt fails, and in a way that the hub tries again by itself."""
    with pytest.raises(Retryable):
        archive.file(one)
