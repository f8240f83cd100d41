"""What callers write behind the ``?``: read strictly, because a filter that is misread shows wrong rows."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime

from flask import request

from domain.errors import FieldError, Invalid

_NUMBER = re.compile(r"[0-9]{1,9}")
_MOMENT = "date RFC 3339 avec décalage, ex. 2026-12-15T08:00:00+01:00"


def integer(name: str, default: int, largest: int) -> int:
    given = request.args.get(name) or str(default)
    if not (_NUMBER.fullmatch(given) and 1 <= int(given) <= largest):
        raise _invalid(name, f"1 à {largest}")
    return int(given)


def moment(name: str) -> datetime | None:
    given = request.args.get(name)
    if not given:
        return None
    try:
        found = datetime.fromisoformat(given.replace(" ", "+"))  # an unescaped + arrives as a space
        if found.tzinfo is None:
            raise _invalid(name, _MOMENT)
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _invalid(name, _MOMENT) from None


def one_of(name: str, allowed: Collection[str]) -> str | None:
    given = request.args.get(name) or None
    if given and given not in allowed:
        raise _invalid(name, ", ".join(allowed))
    return given


def some_of(name: str, allowed: Collection[str]) -> tuple[str, ...]:
    """Separated by commas; none given: empty."""
    wanted = tuple(part for part in request.args.get(name, "").split(",") if part)
    if not set(wanted) <= set(allowed):
        raise _invalid(name, ", ".join(allowed))
    return wanted


def identifier(name: str, prefix: str) -> str | None:
    """One of ours, as an earlier answer gave it."""
    given = request.args.get(name) or None
    if given and not re.fullmatch(rf"{prefix}_[0-9a-f]{{32}}", given):
        raise _invalid(name, f"une valeur rendue par une réponse précédente ({prefix}_…)")
    return given


def _invalid(name: str, expected: str) -> Invalid:
    return Invalid(
        "filter_invalid",
        "Un filtre de la requête est mal écrit ; corrigez-le.",
        (FieldError(name, "value_invalid", f"Valeur attendue : {expected}."),),
    )
