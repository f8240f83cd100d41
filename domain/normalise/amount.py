"""Amounts and rates from French and English spellings to decimals; what has two readings is refused."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from domain.french import cents
from domain.normalise.fault import Fault
from domain.normalise.text import as_number, plain_line, single

MAX_EUROS = Decimal("999999999.99")
CURRENCY = re.compile(r"^€\s*|\s*(?:€|eur|euros?)$", re.IGNORECASE)
TAX = re.compile(r"\s*(h\.?t\.?|t\.?t\.?c\.?|hors taxes?)$", re.IGNORECASE)
CLEAR = (
    re.compile(r"[0-9]+([.,][0-9]{1,2})?"),  # 1500 · 1500,5 · 1500.00
    re.compile(r"[0-9]{1,3}([ '’][0-9]{3})+([.,][0-9]{1,2})?"),  # 1 500,00
    re.compile(r"[0-9]{1,3}(\.[0-9]{3})+,[0-9]{1,2}|[0-9]{1,3}(\.[0-9]{3}){2,}"),  # 1.500,00 · 1.500.000
    re.compile(r"[0-9]{1,3}(,[0-9]{3})+\.[0-9]{1,2}|[0-9]{1,3}(,[0-9]{3}){2,}"),  # 1,500.00 · 1,500,000
)
AMBIGUOUS = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")  # 1.500: fifteen hundred, or one and a half?
RATE = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,4})?) ?(%?)")
RATES = (Decimal("20.00"), Decimal("8.50"), Decimal("0.00"))


def euros_ht(value: Any) -> Decimal:
    """Before tax, never negative, to the cent; numbers are rounded half-up."""
    return _euros(value, "ht")


def euros_ttc(value: Any) -> Decimal:
    return _euros(value, "ttc")


def euros(value: Any) -> Decimal:
    return _euros(value, "")


def positive_ht(value: Any) -> Decimal:
    return _positive(euros_ht(value))


def positive_ttc(value: Any) -> Decimal:
    return _positive(euros_ttc(value))


def positive(value: Any) -> Decimal:
    return _positive(euros(value))


def vat_rate(value: Any) -> Decimal:
    """``20``, ``"20 %"`` and ``0.2`` (a percent cell) are twenty per cent; only 20, 8.5 and 0 are allowed."""
    cell = single(value)
    number = as_number(cell)
    if number is not None and 0 <= number <= 100:
        rate, sign = number, ""
    else:
        found = RATE.fullmatch(plain_line(cell))
        if not found:
            raise _rate_fault()
        rate, sign = Decimal(found.group(1).replace(",", ".")), found.group(2)
    percent = cents(rate if sign or rate > 1 else rate * 100)
    if percent not in RATES:
        raise _rate_fault()
    return percent


def _euros(value: Any, tax: str) -> Decimal:
    cell = single(value)
    number = as_number(cell)
    if number is not None:
        return _bounded(cents(number))
    if not isinstance(cell, str):
        raise _amount_fault()
    return _bounded(_parse(plain_line(cell), tax))


def _parse(text: str, tax: str) -> Decimal:
    said = TAX.search(text)
    if said and tax and said.group(1)[0].lower() != tax[0]:
        raise Fault("amount_tax", f"le montant n'est pas dit {tax.upper()} ; donnez le montant {tax.upper()}")
    bare = CURRENCY.sub("", TAX.sub("", text)).strip()
    if bare.startswith(("-", "−", "(")):
        raise Fault("negative", "le montant est négatif ; écrivez un montant positif")
    if AMBIGUOUS.fullmatch(bare):
        raise Fault(
            "amount_ambiguous",
            "le montant peut se lire de deux façons ; écrivez les centimes, comme 1500,00",
        )
    if not any(pattern.fullmatch(bare) for pattern in CLEAR):
        raise _amount_fault()
    exact = Decimal(_canonical(bare))
    return cents(exact) if exact <= MAX_EUROS else exact


def _canonical(bare: str) -> str:
    """Digits with at most one dot: the last mark is the decimal one if one or two digits follow it."""
    whole, mark, decimals = bare.rpartition(max(".", ",", key=bare.rfind))
    if mark and len(decimals) <= 2:
        return f"{re.sub('[^0-9]', '', whole)}.{decimals}"
    return re.sub("[^0-9]", "", bare)


def _bounded(amount: Decimal) -> Decimal:
    if amount < 0:
        raise Fault("negative", "le montant est négatif ; écrivez un montant positif")
    if amount > MAX_EUROS:
        raise _amount_fault()
    return abs(amount)  # -0.00 is 0.00


def _positive(amount: Decimal) -> Decimal:
    if amount == 0:
        raise Fault("zero", "le montant est nul ; écrivez un montant supérieur à zéro")
    return amount


def _amount_fault() -> Fault:
    return Fault("amount", "ce n'est pas un montant en euros ; écrivez-le comme 1500,00")


def _rate_fault() -> Fault:
    return Fault(
        "vat_rate", "ce taux de TVA n'est pas prévu ; écrivez 20 %, 8,5 % ou 0 % (franchise, art. 293 B)"
    )
