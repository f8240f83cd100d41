"""The last door before an archive: what no archive may be asked to write, whoever asks."""

from __future__ import annotations

import unicodedata

from connectors.archives import Deposit
from domain.errors import Permanent
from domain.naming import is_reserved

LONGEST_BYTES = 255


def require_safe(deposit: Deposit) -> None:
    """``domain.naming`` made every part safe; a hole there must still write nothing outside the root.

    Raises Permanent ``archive_unsafe_name`` for a part that is no single step of a path (empty, ``.``,
    ``..``, with a separator), that holds a control character or half a surrogate pair, that Windows
    keeps for a device, or that is longer than any file system takes.
    """
    for part in (*deposit.folders, deposit.name):
        require_plain(part)
        if is_reserved(part) or len(part.encode()) > LONGEST_BYTES:
            raise _unsafe()


def require_plain(part: str) -> None:
    """One step of a path and nothing else, for what is read back as well."""
    if part in {"", ".", ".."} or any(sign in "/\\" or unicodedata.category(sign) in _NEVER for sign in part):
        raise _unsafe()


_NEVER = {"Cc", "Cs"}


def _unsafe() -> Permanent:
    return Permanent(
        "archive_unsafe_name",
        "Le nom de classement n'est pas utilisable : corrigez le modèle de nom des archives.",
    )
