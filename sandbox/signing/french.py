"""How the signing pages write dates, numbers and half-hidden addresses."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

NBSP = "\u00a0"
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


def day(at: datetime, timezone: str) -> str:
    """``1er mars 2026``, never broken over two lines"""
    local = at.astimezone(ZoneInfo(timezone))
    return NBSP.join(("1er" if local.day == 1 else str(local.day), MONTHS[local.month - 1], str(local.year)))


def moment(at: datetime, timezone: str) -> str:
    """``1er mars 2026 à 14 h 05``"""
    local = at.astimezone(ZoneInfo(timezone))
    return f"{day(at, timezone)} à {local.hour}{NBSP}h{NBSP}{local.minute:02}"


def hidden_phone(number: str) -> str:
    """``+33 •• •• •• 01``: enough to know one's own, no more."""
    return f"{number[:3]} •• •• •• {number[-2:]}"


def hidden_email(address: str) -> str:
    name, _, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}"
