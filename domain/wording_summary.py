"""What an agreement costs, in a few lines for who is about to send it."""

from __future__ import annotations

from domain import french, pricing
from domain.record import Record
from domain.record_types import RegimeTva
from domain.wording_fees import both, result


def amounts(record: Record) -> tuple[str, ...]:
    """One line for each part of the fee: ``Forfait : 2 160,00 € TTC, soit 1 800,00 € HT``."""
    franchise = record.tva.regime == RegimeTva.FRANCHISE
    lines = []
    if flat := pricing.price(record):
        lines.append(f"Forfait : {both(flat.total, franchise=franchise)}")
    if hourly := record.honoraires.horaire:
        for one in hourly.taux:
            rate = both(pricing.line(one.ht, record.tva.taux), franchise=franchise)
            lines.append(f"Taux horaire, {one.intervenant} : {rate}")
        if budget := pricing.hourly_budget(hourly, record.tva.taux):
            low, high = french.money(budget.low.ttc), french.money(budget.high.ttc)
            lines.append(f"Budget estimé : de {low} à {high} TTC")
    if terms := result(record):
        rate = terms["taux"] or "selon un barème"
        lines.append(f"Honoraire de résultat : {rate}")
    return tuple(lines)
