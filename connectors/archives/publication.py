"""Give a finished temporary file its name without ever replacing another file."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from domain.errors import Permanent

LOCK_NAME = ".paraphe.lock"
_NO_HARD_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


def publish(directory: int, temporary: str, name: str) -> None:
    """``link`` refuses an existing name in one step of the kernel; SMB and exFAT have no links.

    Both names are relative to the descriptor ``directory``. Raises FileExistsError when the name is
    taken.
    """
    try:
        os.link(temporary, name, src_dir_fd=directory, dst_dir_fd=directory, follow_symlinks=False)
    except OSError as failure:
        if failure.errno not in _NO_HARD_LINKS:
            raise
        publish_without_links(directory, temporary, name)


def publish_without_links(directory: int, temporary: str, name: str) -> None:
    """Reserve the name with an empty file, then move the content over the reservation.

    The lock keeps the hub's processes apart, the reservation keeps everybody else out. A process killed
    between the two leaves an empty file: it is an abandoned reservation, and is taken over.
    """
    with _alone_in(directory):
        try:
            os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o640, dir_fd=directory))
        except FileExistsError:
            if os.stat(name, dir_fd=directory, follow_symlinks=False).st_size > 0:
                raise
        os.replace(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)


@contextmanager
def _alone_in(directory: int) -> Iterator[None]:
    """Closing the descriptor frees the lock, and so does the death of the process."""
    lock = os.open(LOCK_NAME, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o640, dir_fd=directory)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError:
            raise Permanent(
                "archive_filesystem_unsuited",
                "Le dossier d'archive n'a ni liens physiques ni verrous : montez-le autrement, ou choisissez "
                "un autre disque.",
            ) from None
        yield
    finally:
        os.close(lock)
