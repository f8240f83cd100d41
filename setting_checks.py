"""What a setting must look like beyond its type, so that a wrong one stops the start instead of the first
convention. Each raises ValueError with a French reason that never quotes the value; ``in_french`` puts into
words what pydantic found."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

#: the first word of pydantic's kinds of faults -> what was expected
_EXPECTED = {
    **dict.fromkeys(("int", "float", "decimal", "finite"), "un nombre est attendu"),
    "bool": "true ou false est attendu",
    **dict.fromkeys(("greater", "less"), "ce nombre est hors des bornes (voyez .env.example)"),
    "literal": "choisissez une des valeurs que décrit la documentation",
    **dict.fromkeys(("string", "too"), "le texte est trop court, trop long ou d'une autre forme"),
    "path": "un chemin est attendu",
}
#: Standard Webhooks: 24 to 64 random bytes
_SECRET_BYTES = range(24, 65)


def require_address(value: str, schemes: Collection[str]) -> None:
    """``scheme://host…``; SQLite and sockets have a path instead of a host."""
    expected = f"attendu : {' ou '.join(f'{scheme}://…' for scheme in schemes)}"
    try:
        parts = urlsplit(value)
        complete = bool(parts.hostname or parts.path.strip("/"))
        _ = parts.port
    except ValueError:
        raise ValueError(expected) from None
    if parts.scheme not in schemes or not complete or re.search(r"\s", value):
        raise ValueError(expected)


def require_events_secret(value: str) -> None:
    try:
        drawn = base64.b64decode(value.removeprefix("whsec_"), validate=True)
    except ValueError:
        drawn = b""
    if not value.startswith("whsec_") or len(drawn) not in _SECRET_BYTES:
        raise ValueError("attendu : whsec_ suivi de 24 à 64 octets en base64")


def require_days(days: Collection[str]) -> None:
    if not all(day.isascii() and day.isdigit() and 1 <= int(day[:4]) <= 180 for day in days):
        raise ValueError("attendu : des nombres de jours de 1 à 180 séparés par des virgules, ex. 1,3,7")


def require_file(path: Path) -> None:
    try:
        path.read_bytes()
    except OSError as error:
        raise ValueError(f"fichier illisible ({error.strerror}) ; vérifiez le chemin et les droits") from None


def json_object(value: str) -> dict[str, Any]:
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ValueError("ce n'est pas un objet JSON")
    return found


def in_french(kind: str, message: str) -> str:
    if kind == "missing":
        return "réglage obligatoire absent ; ajoutez-le à l'environnement ou à .env"
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    return f"valeur refusée : {_EXPECTED.get(kind.split('_', maxsplit=1)[0], 'voyez .env.example')}"
