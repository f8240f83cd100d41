"""What Airtable's refusals say, and the errors that several places make of them. Pure."""

from __future__ import annotations

from typing import Any

import requests

from domain.errors import NotFound, Permanent, Retryable

PENALTY_SECONDS = 31  # every call fails for 30 s after a burst, and Airtable sends no Retry-After
LINKS = "PARAPHE_AIRTABLE_LINKS"
RIGHTS = "data.records:read et data.records:write, sur la seule base des dossiers"


def error_of(answer: requests.Response) -> tuple[str, str]:
    """(type, message) of either envelope: ``{"error": {...}}`` or the bare ``{"error": "NOT_FOUND"}``."""
    try:
        body: Any = answer.json()
    except ValueError:
        return "", ""
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, dict):
        return str(error.get("type", "")), str(error.get("message", ""))
    return str(error or ""), ""


def seconds(header: str | None) -> float | None:
    return float(header) if header is not None and header.isascii() and header.isdigit() else None


def linked_not_found(column: str) -> NotFound:
    return NotFound(
        "airtable_linked_not_found",
        f"Airtable ne montre pas la fiche liée dans « {column} » : vérifiez qu'elle existe encore, et la "
        f"table que nomme {LINKS}.",
    )


def unauthorised() -> Permanent:
    return Permanent(
        "airtable_unauthorised",
        f"Airtable refuse le jeton : créez-en un ({RIGHTS}) et mettez-le dans PARAPHE_AIRTABLE_TOKEN.",
    )


def busy() -> Retryable:
    return Retryable(
        "airtable_busy",
        "Airtable limite le nombre d'appels (cadence ou quota mensuel) : nouvel essai automatique ; si cela "
        "dure, consultez l'usage de l'API dans Airtable.",
        after=PENALTY_SECONDS,
    )


def unreachable(after: float | None = None) -> Retryable:
    return Retryable(
        "airtable_unreachable", "Airtable ne répond pas comme il faut : nouvel essai automatique.", after
    )
