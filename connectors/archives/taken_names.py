"""The name a file gets when its own is taken by other bytes: ``x.pdf``, ``x_2.pdf``, ``x_3.pdf``..."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from domain.errors import Permanent

LONGEST_NAME_BYTES = 255
ATTEMPTS = 50


def candidates(name: str) -> Iterator[str]:
    """The names to try, in order, each at most 255 bytes of UTF-8."""
    yield name
    path = PurePosixPath(name)
    for number in range(2, ATTEMPTS + 1):
        ending = f"_{number}{path.suffix}"
        yield _cut(path.stem, LONGEST_NAME_BYTES - len(ending.encode())) + ending


def _cut(stem: str, longest_bytes: int) -> str:
    """At most so many bytes, never half a character."""
    return stem.encode()[:longest_bytes].decode(errors="ignore")


def names_exhausted() -> Permanent:
    return Permanent(
        "archive_name_exhausted",
        "Trop de fichiers portent déjà ce nom dans l'archive : vérifiez le numéro de dossier.",
    )
