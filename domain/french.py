"""French for people: money, amounts in words, dates, percentages, lists.

The libraries' own formatting is wrong in places that matter here (half-even rounding, "1 janvier", "et zéro
centimes", "deux millions euros"), so what they get wrong is built from what they get right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from num2words import num2words

from domain.phone import printed as phone

__all__ = [
    "PARIS",
    "cents",
    "country",
    "date_time",
    "join",
    "long_date",
    "minutes",
    "money",
    "number",
    "percent",
    "phone",
    "typeset",
    "words",
]

PARIS = ZoneInfo("Europe/Paris")
THIN, HARD = "\u202f", "\u00a0"  # narrow no-break space inside a number, no-break space before the sign
#: country names in French, by ISO 3166-1 alpha-2 code
COUNTRIES: Mapping[str, str] = {
    code: name for code, name in Locale("fr").territories.items() if len(code) == 2 and code.isalpha()
}
CENT = Decimal("0.01")
_ARTICLE = re.compile(r"\b([LRD])\. (?=\d)")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def typeset(text: str) -> str:
    """Our own words as a printer sets them: curly apostrophes, no line that ends between « L. » and its
    number. Never for what a firm or a client wrote."""
    return _ARTICLE.sub(rf"\1.{HARD}", text.replace("'", "’"))


def cents(amount: Decimal) -> Decimal:
    """Rounded half-up to the cent, as an invoice is."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def money(amount: Decimal) -> str:
    """``Decimal("1234.555")`` -> ``1 234,56 €``, with spaces that never break a line."""
    grouped = f"{cents(amount):,.2f}".replace(",", THIN).replace(".", ",")
    return f"{grouped}{HARD}€"


def number(quantity: Decimal) -> str:
    """``Decimal("12.50")`` -> ``12,5``, ``Decimal("1200")`` -> ``1 200``."""
    plain = f"{quantity.quantize(CENT, ROUND_HALF_UP):,f}".rstrip("0").rstrip(".")
    return plain.replace(",", THIN).replace(".", ",")


def minutes(count: int) -> str:
    """``6`` -> ``six minutes``, ``1`` -> ``une minute``, ``21`` -> ``vingt et une minutes``."""
    spelled = num2words(count, lang="fr")
    return f"{f'{spelled}e' if spelled.endswith('un') else spelled} {'minutes' if count > 1 else 'minute'}"


def words(amount: Decimal) -> str:
    """``Decimal("1800.50")`` -> ``mille huit cents euros et cinquante centimes``; never negative."""
    if amount < 0:
        raise ValueError("an agreed amount is never negative")
    euros, rest = divmod(int(cents(amount) * 100), 100)
    link = " d’" if euros >= 1_000_000 and euros % 1_000_000 == 0 else " "
    spelled = f"{num2words(euros, lang='fr')}{link}{'euros' if euros > 1 else 'euro'}"
    if rest == 0:
        return spelled
    hundredths = f"{num2words(rest, lang='fr')} {'centimes' if rest > 1 else 'centime'}"
    return f"{spelled} et {hundredths}" if euros else f"{hundredths} d’euro"


def long_date(day: date) -> str:
    """``1er janvier 2026``, ``15 décembre 2026``."""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def date_time(moment: datetime) -> str:
    """``le 1er août 2026 à 16 h 05``, in Paris; ``moment`` is aware."""
    local = moment.astimezone(PARIS)
    return f"le {long_date(local.date())} à {local.hour}{HARD}h{HARD}{local.minute:02d}"


def percent(rate: Decimal) -> str:
    """``Decimal("20.00")`` -> ``20 %``, ``Decimal("8.5")`` -> ``8,5 %``."""
    plain = f"{rate.quantize(CENT, ROUND_HALF_UP):f}".rstrip("0").rstrip(".")
    return f"{plain.replace('.', ',')}{HARD}%"


def join(items: Sequence[str], last: str = "et") -> str:
    """``a, b et c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def country(code: str) -> str:
    """``BE`` -> ``Belgique``."""
    return COUNTRIES.get(code, code)
