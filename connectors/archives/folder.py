"""A folder of this machine or of a mounted NAS.

A file appears whole or not at all: it is written and read back under a temporary name in its own
directory, then published under its name without ever replacing one. Every step of the path is opened
without following symbolic links, relative to the step before: nothing is written outside the root, even
when somebody changes the tree meanwhile.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path

from pydantic import BaseModel, Field

from connectors import Finding, Services
from connectors.archives import Deposit, Filed, Medium
from connectors.archives.last_door import require_plain, require_safe
from connectors.archives.publication import publish
from connectors.archives.taken_names import candidates, names_exhausted
from domain.errors import NotFound, ParapheError, Permanent, Retryable

FILE_MODE = 0o640
FOLDER_MODE = 0o750
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
#: a file half written by a worker that was killed; none writes for so long
_PART, _FORSAKEN_SECONDS = re.compile(r"\.[0-9a-f]{32}\.part"), 86_400
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


class FolderConfig(BaseModel):
    """``root`` must exist: a NAS that is not mounted must not be mistaken for an empty archive."""

    root: Path = Field(
        description="dossier d'archive, qui doit exister ; pour un NAS, un sous-dossier du montage"
    )
    off_site: bool = Field(
        default=False, description="true : ce dossier est sur un disque hors des murs du cabinet"
    )


class Folder:
    Config = FolderConfig
    medium = Medium.DISK

    def __init__(self, config: FolderConfig, services: Services) -> None:
        self._root, self.off_site, self._now = config.root, config.off_site, services.now

    def file(self, deposit: Deposit) -> Filed:
        require_safe(deposit)
        with _domain_errors(), self._opened(deposit.folders, create=True) as directory:
            name = _keep(directory, deposit)
            _make_durable(directory)
            _sweep(directory, self._now().timestamp() - _FORSAKEN_SECONDS)
        ref = "/".join((*deposit.folders, name))
        return Filed(ref=ref, path=str(self._root.absolute() / ref), link=None)

    def read(self, ref: str) -> bytes:
        *folders, name = ref.split("/")
        for part in (*folders, name):
            require_plain(part)
        with _domain_errors():
            try:
                with (
                    self._opened(tuple(folders), create=False) as directory,
                    _reading(directory, name) as file,
                ):
                    return file.read()
            except FileNotFoundError:
                raise NotFound(
                    "archive_file_not_found",
                    "Le fichier n'est plus dans le dossier d'archive : restaurez-le depuis une sauvegarde.",
                ) from None

    def check(self) -> tuple[Finding, ...]:
        """Write, read back and remove one file, as ``file`` would."""
        probe = f".{uuid.uuid4().hex}.part"
        try:
            with _domain_errors(), self._opened((), create=False) as directory:
                try:
                    _write(directory, probe, b"paraphe")
                finally:
                    with suppress(FileNotFoundError):
                        os.unlink(probe, dir_fd=directory)
        except ParapheError as wrong:
            return (Finding(ok=False, text=wrong.detail),)
        return (
            Finding(
                ok=True, text="Le dossier d'archive accepte l'écriture (droits : lire, écrire, traverser)."
            ),
        )

    @contextmanager
    def _opened(self, folders: tuple[str, ...], *, create: bool) -> Iterator[int]:
        """The descriptor of the last folder; missing ones are made (and made durable) on request."""
        try:
            current = os.open(self._root, _DIRECTORY)
        except (FileNotFoundError, NotADirectoryError):
            raise Retryable(
                "archive_root_missing",
                "Le dossier d'archive n'existe pas ou n'est pas monté : créez-le, ou corrigez "
                "PARAPHE_FOLDER_ROOT.",
            ) from None
        try:
            for folder in folders:
                if create:
                    _make_folder(current, folder)
                inner = os.open(folder, _DIRECTORY | os.O_NOFOLLOW, dir_fd=current)
                os.close(current)
                current = inner
            yield current
        finally:
            os.close(current)


def _make_folder(parent: int, name: str) -> None:
    with suppress(FileExistsError):
        os.mkdir(name, FOLDER_MODE, dir_fd=parent)
    _make_durable(parent)  # also when another worker made it: its own sync may be still to come


def _keep(directory: int, deposit: Deposit) -> str:
    """The name under which the bytes now stand; those that stood there already are not written again."""
    for name in candidates(deposit.name):
        if _hash_of(directory, name) is None:
            with suppress(FileExistsError):  # another worker was faster: see below what it put there
                _put(directory, name, deposit)
        if _hash_of(directory, name) == deposit.sha256:
            return name
    raise names_exhausted()


def _put(directory: int, name: str, deposit: Deposit) -> None:
    temporary = f".{uuid.uuid4().hex}.part"  # not made of the name, which may be 255 bytes long
    try:
        _write(directory, temporary, deposit.content)
        if _hash_of(directory, temporary) != deposit.sha256:
            raise Retryable(
                "archive_write_damaged",
                "Le fichier relu dans l'archive diffère de celui écrit : nouvel essai automatique ; si cela "
                "dure, faites vérifier le disque.",
            )
        publish(directory, temporary, name)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=directory)


def _write(directory: int, name: str, content: bytes) -> None:
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(name, flags, FILE_MODE, dir_fd=directory)
    with open(descriptor, "wb") as file:  # noqa: PTH123 # a descriptor has no path
        with suppress(PermissionError):  # the mount decides the modes on SMB and exFAT
            os.fchmod(descriptor, FILE_MODE)  # whatever the umask says
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _sweep(directory: int, before: float) -> None:
    """Remove what was left half written before that moment: it holds a client's agreement, and nobody sees
    it. What cannot be removed undoes no filing; the next one tries again."""
    parts: list[os.DirEntry[str]] = []
    with suppress(OSError), os.scandir(directory) as entries:
        parts = [entry for entry in entries if _PART.fullmatch(entry.name)]
    for part in parts:
        with suppress(OSError):
            if part.stat(follow_symlinks=False).st_mtime < before:
                os.unlink(part.name, dir_fd=directory)


def _hash_of(directory: int, name: str) -> str | None:
    """SHA-256 in hex; None when nothing stands there (an empty file is an unfinished publication), and
    "" for what is not a regular file, which is neither followed nor replaced."""
    try:
        with _reading(directory, name) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                return ""
            return hashlib.file_digest(file, "sha256").hexdigest() if status.st_size else None
    except FileNotFoundError:
        return None
    except OSError as failure:
        if failure.errno in (errno.ELOOP, errno.EISDIR, errno.ENXIO):
            return ""
        raise


def _reading(directory: int, name: str) -> BufferedReader:
    """Never follows a link, never waits for the writer of a pipe."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    return open(os.open(name, flags, dir_fd=directory), "rb")  # noqa: PTH123 # see _write


def _make_durable(directory: int) -> None:
    try:
        os.fsync(directory)
    except OSError as failure:
        if failure.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network mounts have no such thing
            raise


@contextmanager
def _domain_errors() -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        raise _refusal(failure.errno) from None  # its text holds the path, so the client's name


def _refusal(number: int | None) -> ParapheError:
    if number in _FULL:
        return Retryable(
            "archive_full", "Le disque de l'archive est plein : libérez de la place, l'essai se refera seul."
        )
    if number in _FORBIDDEN:
        return Permanent(
            "archive_forbidden",
            "L'écriture est interdite dans le dossier d'archive : donnez au compte du service les droits de "
            "lire, écrire et traverser ce dossier (PARAPHE_FOLDER_ROOT).",
        )
    if number in (errno.ELOOP, errno.ENOTDIR):
        return Permanent(
            "archive_path_blocked",
            "Un lien symbolique ou un fichier tient la place d'un dossier de l'archive : remplacez-le par un "
            "vrai dossier.",
        )
    return Retryable(
        "archive_unavailable",
        "Le dossier d'archive ne répond pas comme il faut : nouvel essai automatique ; vérifiez le montage.",
    )
