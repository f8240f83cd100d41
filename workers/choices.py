"""How this convention is signed: the caller's wish, else the record's, else the settings'."""

from __future__ import annotations

from domain.level_choice import Choice, choose
from domain.record import Record
from domain.signature import Order
from settings import Settings
from store.models import Convention


def level(row: Convention, record: Record, settings: Settings) -> Choice:
    return choose(record, settings.thresholds, row.level, row.level_reason, settings.core.level)


def order(row: Convention, record: Record, settings: Settings) -> Order:
    return Order(row.signing_order or record.signature.ordre or settings.core.order)
