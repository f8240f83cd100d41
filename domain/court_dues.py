"""What is due by law to come before a court, at a date: the stamp duties of a matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.record import Record


@dataclass(frozen=True)
class Due:
    label: str
    amount: Decimal


def due(record: Record, today: date) -> tuple[Due, ...]:
    return ()
