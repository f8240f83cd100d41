"""Hourly rates, hours, percentages and scales, as firms write them in a cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from domain.french import cents
from domain.normalise.amount import RATE, positive_ht
from domain.normalise.fault import Fault
from domain.normalise.lists import each, labelled, last_cell, rows_of
from domain.normalise.text import as_number, fold, is_missing, line, plain_line, single

#: who works when a cell holds a rate alone
LAWYER = "Avocat"
#: more than a year of work: what is above are the seconds of a column of durations
MAX_HOURS = Decimal(2_000)
PER_HOUR = re.compile(r"\s*(?:/|par|de l['’])\s*h(?:eures?)?$", re.IGNORECASE)
HOURS = re.compile(r"([0-9]{1,5}(?:[.,][0-9]{1,2})?) ?(?:h|heures?)?", re.IGNORECASE)
UNIT = re.compile(r"([0-9]{1,2}) ?(?:mn|min|minutes?)?\.?", re.IGNORECASE)
EUROS = r"([0-9][0-9 .,'’\u00a0\u202f]*)(?:€|euros?)?\s*"
UP_TO = re.compile(rf"(?:jusqu['’ ]?\s*[aà]|moins de)\s*{EUROS}", re.IGNORECASE)
FROM_TO = re.compile(rf"(?:de|entre)\s+{EUROS}(?:à|et|a)\s+{EUROS}", re.IGNORECASE)
ABOVE = re.compile(
    rf"(?:au[ -]del[aà](?: de)?|plus de|[aà] partir de|ensuite|le surplus)\s*(?:{EUROS})?", re.IGNORECASE
)


def hourly_rates(value: Any) -> tuple[dict[str, Any], ...]:
    """``Associé : 250 €`` on each line, or a rate alone."""
    return tuple(each(rank, _hourly_rate, row) for rank, row in enumerate(rows_of(value)))


def one_rate(value: Any) -> Decimal:
    """The rate of a cell that may hold only one."""
    found = hourly_rates(value)
    if len(found) != 1:
        raise Fault("several_values", "plusieurs taux sont donnés ; n'en gardez qu'un, hors forfait")
    rate: Decimal = found[0]["ht"]
    return rate


def hours(value: Any) -> Decimal:
    """``12,5``, ``12 h``: decimal hours."""
    number = _number(value, HOURS)
    if number is None or cents(number) <= 0:
        raise Fault("hours", "ce n'est pas un nombre d'heures ; écrivez-le comme 12 ou 12,5")
    if number > MAX_HOURS:
        told = "il y a plus de 2 000 heures, ou ce sont des secondes"
        raise Fault("too_many_hours", f"{told} ; écrivez des heures, comme 12 ou 12,5")
    return cents(number)


def unit(value: Any) -> int:
    """The smallest time counted, in minutes."""
    number = _number(value, UNIT)
    if number is None or number != int(number) or not 1 <= number <= 60:
        raise Fault("time_unit", "ce n'est pas une durée de 1 à 60 minutes ; écrivez-la comme 6")
    return int(number)


def percent(value: Any) -> Decimal:
    """``10``, ``"10 %"``, or ``0.1`` in a percent cell. Between nought and one, a text has two readings."""
    cell = single(value)
    number = as_number(cell)
    if number is not None:
        rate = number * 100 if 0 < number < 1 else number
    else:
        found = RATE.fullmatch(plain_line(cell))
        rate = Decimal(found.group(1).replace(",", ".")) if found else Decimal(-1)
    if not (rate == 0 or 1 <= rate <= 100):
        raise Fault("percent", "ce n'est pas un taux de 1 à 100 % ; écrivez-le comme 10 %")
    return cents(abs(rate))


def positive_percent(value: Any) -> Decimal:
    rate = percent(value)
    if rate == 0:
        raise Fault("zero", "le taux est nul ; écrivez-le comme 10 %")
    return rate


def scale(value: Any) -> tuple[dict[str, Any], ...]:
    """``Jusqu'à 50 000 € : 12 %``, then ``Au-delà : 8 %``: brackets that follow one another without a gap."""
    read = [each(rank, _bracket, row) for rank, row in enumerate(rows_of(value))]
    before: Decimal | None = None
    for rank, (floor, bracket) in enumerate(read):
        if floor is not None and not 0 <= floor - (before or Decimal(0)) <= 1:
            raise Fault(
                "scale_gap",
                f"la tranche {rank + 1} ne commence pas où finit la précédente ; corrigez les bornes",
            )
        before = bracket["jusqua"]
    return tuple(bracket for _, bracket in read)


def _hourly_rate(row: Any) -> dict[str, Any]:
    if not isinstance(row, Mapping):
        text = line(row)
        if text[0].isdigit() or as_number(single(row)) is not None:
            return {"intervenant": LAWYER, "ht": _rate_of(row)}
    label, cells = labelled(row, ("ht", "tauxht", "taux", "montant", "tauxhoraire"))
    return {"intervenant": label, "ht": _rate_of(last_cell(cells))}


def _rate_of(cell: Any) -> Decimal:
    return positive_ht(PER_HOUR.sub("", cell) if isinstance(cell, str) else cell)


def _number(value: Any, pattern: re.Pattern[str]) -> Decimal | None:
    cell = single(value)
    number = as_number(cell)
    if number is not None:
        return number
    found = pattern.fullmatch(plain_line(cell))
    return Decimal(found.group(1).replace(",", ".")) if found else None


def _bracket(row: Any) -> tuple[Decimal | None, dict[str, Any]]:
    """The floor it says, if it says one, and the bracket."""
    if isinstance(row, Mapping):
        known = {fold(key): cell for key, cell in row.items() if isinstance(key, str)}
        ceiling = known.get("jusqua")
        return None, {
            "jusqua": None if is_missing(ceiling) else positive_ht(ceiling),
            "taux": percent(known.get("taux")),
        }
    label, cells = labelled(row, ())
    floor, ceiling = _bounds(label)
    return floor, {"jusqua": ceiling, "taux": percent(last_cell(cells))}


def _bounds(label: str) -> tuple[Decimal | None, Decimal | None]:
    text = label.strip()
    if found := UP_TO.fullmatch(text):
        return None, positive_ht(found.group(1).strip())
    if found := FROM_TO.fullmatch(text):
        low, high = (one.strip() for one in found.groups())
        return (Decimal(0) if low == "0" else positive_ht(low)), positive_ht(high)
    if found := ABOVE.fullmatch(text):
        return (positive_ht(found.group(1).strip()) if found.group(1) else None), None
    raise Fault(
        "scale",
        "la tranche n'est pas lisible ; écrivez « Jusqu'à 50 000,00 € : 12 % » puis « Au-delà : 8 % »",
    )
