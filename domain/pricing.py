"""What the agreement costs: tax per line, rounded half-up to the cent, then summed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from domain.french import CENT, cents
from domain.record import Record
from domain.record_terms import Forfait


@dataclass(frozen=True)
class Amount:
    """Euros; ``ht + tva == ttc`` to the cent."""

    ht: Decimal
    tva: Decimal
    ttc: Decimal


@dataclass(frozen=True)
class Price:
    """``shares``: the percentage of each phase, two decimals, adding up to 100 exactly."""

    total: Amount
    phases: tuple[Amount, ...]
    shares: tuple[Decimal, ...]


def line(ht: Decimal, rate: Decimal) -> Amount:
    """One line of a bill; ``rate`` is 20 for 20 %."""
    tva = cents(ht * rate / 100)
    return Amount(cents(ht), tva, cents(ht) + tva)


def price(record: Record) -> Price:
    return forfait_price(record.honoraires.forfait, record.tva.taux)


def forfait_price(forfait: Forfait, rate: Decimal) -> Price:
    """Without phases the forfait is the only line."""
    phases = tuple(line(phase.ht, rate) for phase in forfait.phases)
    lines = phases or (line(forfait.ht, rate),)
    total = Amount(
        sum((one.ht for one in lines), Decimal(0)),
        sum((one.tva for one in lines), Decimal(0)),
        sum((one.ttc for one in lines), Decimal(0)),
    )
    return Price(total, phases, _shares([one.ht for one in phases]))


def _shares(amounts: list[Decimal]) -> tuple[Decimal, ...]:
    """Percentages rounded down, then the missing hundredths to those that lost most."""
    if not amounts:
        return ()
    whole = sum(amounts, Decimal(0))
    exact = [amount * 100 / whole for amount in amounts]
    shares = [one.quantize(CENT, ROUND_DOWN) for one in exact]
    missing = int((100 - sum(shares, Decimal(0))) / CENT)
    losers = sorted(range(len(exact)), key=lambda rank: shares[rank] - exact[rank])
    for rank in losers[:missing]:
        shares[rank] += CENT
    return tuple(shares)
