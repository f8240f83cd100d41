"""JSON Pointer (RFC 6901): the path of a value in an answer. ``/client/noms/0``; ``""`` is the whole answer,
``~1`` a slash and ``~0`` a tilde in a name. Pure."""

from __future__ import annotations

import re
from typing import Any

#: section 3 of the RFC
_POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*)*")
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")


def checked(pointer: str) -> str:
    """Raises ValueError in French."""
    if not _POINTER.fullmatch(pointer):
        raise ValueError("chemin attendu (RFC 6901) : « /client/nom », « /lignes/0/montant » ou rien")
    return pointer


def found(document: Any, pointer: str) -> Any:
    """What stands there, None when nothing does."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict):
            document = document.get(name)
        elif isinstance(document, list) and _INDEX.fullmatch(name) and int(name) < len(document):
            document = document[int(name)]
        else:
            return None
    return document
