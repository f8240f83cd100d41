"""Which signature a convention deserves (domain reference 6.3): the first rule that fits, and why.

What is made of the advice is in ``level_choice``; the amounts are the firm's (``thresholds``).
Rule 7 (a protected adult, an e-mail shared by two parties) is not here: a record holds no protected adult,
and a shared e-mail is refused (R-05).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from domain import french, pricing
from domain.record import Record
from domain.signature import Authentication, Level
from domain.thresholds import DEFAULTS, Thresholds

ORDER = (Level.SIMPLE, Level.ADVANCED, Level.QUALIFIED)


@dataclass(frozen=True)
class Advice:
    """``rule`` is its number in the table of 6.3, ``reason`` one French sentence to show and keep;
    ``suggestion`` a higher level that the lawyer may prefer."""

    level: Level
    authentication: Authentication
    rule: int
    reason: str
    suggestion: Level | None = None


def advise(record: Record, thresholds: Thresholds = DEFAULTS) -> Advice:
    """The first match wins."""
    if thresholds.qualified:
        return Advice(
            Level.QUALIFIED,
            Authentication.IDENTITY,
            1,
            "Le cabinet demande une signature qualifiée, présumée fiable (code civil, art. 1367, al. 2).",
        )
    amount = at_stake(record)
    rule, reason = _advanced(record, amount, thresholds)
    if rule:
        return Advice(Level.ADVANCED, Authentication.SMS_CODE, rule, reason)
    if amount is None:
        reason = (
            "Le montant total n'est pas estimé : une signature simple avec code suffit s'il reste modeste."
        )
        return Advice(Level.SIMPLE, Authentication.SMS_CODE, 6, reason, Level.ADVANCED)
    if amount > thresholds.simple_up_to:
        low, high = _round(thresholds.simple_up_to), _round(thresholds.advanced_above)
        reason = (
            f"Le montant est entre {low} et {high} : l'avocat apprécie, une signature avancée est préférable."
        )
        return Advice(Level.SIMPLE, Authentication.SMS_CODE, 6, reason, Level.ADVANCED)
    limit = _round(thresholds.simple_up_to)
    reason = f"Le montant ne dépasse pas {limit} : une signature simple avec code suffit."
    return Advice(Level.SIMPLE, Authentication.SMS_CODE, 8, reason)


def lowered(chosen: Level, advice: Advice) -> bool:
    """Whether that choice is below the advice, and so wants a reason (R-SIG-01)."""
    return ORDER.index(chosen) < ORDER.index(advice.level)


def at_stake(record: Record) -> Decimal | None:
    """The larger of the estimated total and of the fee for the result, TTC; None when neither is known."""
    estimate = pricing.estimate(record)
    stakes = record.contentieux.montant_en_jeu if record.contentieux else None
    success = pricing.success(record, stakes) if stakes else None
    known = [one for one in (estimate, success and success.gross) if one]
    return max((one.ttc for one in known), default=None)


def _advanced(record: Record, amount: Decimal | None, thresholds: Thresholds) -> tuple[int, str]:
    """Rules 2 to 5: the number of the one that fits and its reason; 0 when none does."""
    if record.garants:
        return 2, "Un garant s'engage (code civil, art. 2297) : une signature avancée est conseillée."
    if record.dossier.sensible:
        return 3, "Le dossier est sensible ou médiatique : une signature avancée est conseillée."
    if record.dossier.contentieux_probable:
        return 3, "Un contentieux est prévisible : une signature avancée est conseillée."
    if amount is not None and amount > thresholds.advanced_above:
        limit = _round(thresholds.advanced_above)
        return 4, f"Le montant dépasse {limit} : une signature avancée est conseillée."
    if any(client.exigence_signature for client in record.clients):
        return 5, "Le client exige plus qu'une signature simple : une signature avancée est conseillée."
    return 0, ""


def _round(limit: Decimal) -> str:
    return f"{french.number(limit)}{french.HARD}€"
