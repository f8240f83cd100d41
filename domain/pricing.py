"""What the agreement costs: tax per line, rounded half-up to the cent, then summed.

A flat fee has a price, an hourly one a budget when its hours are estimated, a fee for the result an example.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from domain.french import CENT, cents
from domain.record import Record
from domain.record_fees import Forfait, Horaire, Resultat

ZERO = Decimal("0.00")
#: what an example of the fee for the result is worked out on when nobody said what is at stake
EXAMPLE_RESULT = Decimal("30000.00")


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


@dataclass(frozen=True)
class Budget:
    """What the estimated hours cost: the fewest at the lowest rate, the most at the highest."""

    low: Amount
    high: Amount


@dataclass(frozen=True)
class Success:
    """A fee for the result on ``result`` euros: ``gross``, ``capped`` when the ceiling holds it; ``due`` is
    what is left of it when a flat fee for the work counts towards it."""

    result: Decimal
    gross: Amount
    due: Amount
    capped: bool


def line(ht: Decimal, rate: Decimal) -> Amount:
    """One line of a bill; ``rate`` is 20 for 20 %."""
    tva = cents(ht * rate / 100)
    return Amount(cents(ht), tva, cents(ht) + tva)


def price(record: Record) -> Price | None:
    """None when the fee is not flat."""
    forfait = record.honoraires.forfait
    return forfait_price(forfait, record.tva.taux) if forfait else None


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


def budget(record: Record) -> Budget | None:
    """None when the fee is not hourly or its hours are not estimated."""
    horaire = record.honoraires.horaire
    return hourly_budget(horaire, record.tva.taux) if horaire else None


def hourly_budget(horaire: Horaire, rate: Decimal) -> Budget | None:
    if horaire.heures_min is None or horaire.heures_max is None:
        return None
    rates = [one.ht for one in horaire.taux]
    return Budget(line(horaire.heures_min * min(rates), rate), line(horaire.heures_max * max(rates), rate))


def estimate(record: Record) -> Amount | None:
    """The most that the work is foreseen to cost; None when nobody estimated it."""
    flat, hourly = price(record), budget(record)
    if flat:
        return flat.total
    return hourly.high if hourly else None


def success(record: Record, result: Decimal | None = None) -> Success | None:
    """The fee for ``result`` euros, by default for what is at stake; None without a fee for the result."""
    terms = record.honoraires.resultat
    if terms is None:
        return None
    stakes = record.contentieux.montant_en_jeu if record.contentieux else None
    worked_on = result or stakes or EXAMPLE_RESULT
    exact = _share_of(terms, worked_on)
    capped = terms.plafond_ht is not None and exact > terms.plafond_ht
    ht = terms.plafond_ht if capped and terms.plafond_ht is not None else exact
    flat = price(record)
    deducted = min(flat.total.ht, ht) if terms.imputation_base and flat else ZERO
    rate = record.tva.taux
    return Success(worked_on, line(ht, rate), line(ht - deducted, rate), capped)


def _share_of(terms: Resultat, result: Decimal) -> Decimal:
    """Each bracket takes its own percentage of its own part of the result."""
    if terms.taux is not None:
        return cents(result * terms.taux / 100)
    total, floor = Decimal(0), Decimal(0)
    for bracket in terms.tranches:
        ceiling = result if bracket.jusqua is None else min(bracket.jusqua, result)
        total += max(ceiling - floor, Decimal(0)) * bracket.taux / 100
        floor = max(ceiling, floor)
    return cents(total)


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
