"""Coherence between fields (data dictionary 3.10), over what could be read of a record.

Each rule skips what is missing or faulty: that is told already, and the rest is told together with it. What
is paid is in ``record_fee_rules``; what only deserves a second look, over a whole record, is ``warnings``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from domain import record_fee_rules
from domain.phone import is_mobile
from domain.record_types import REMOTE, ModeConclusion, Qualite
from domain.record_warnings import warnings
from domain.signature import Authentication

__all__ = ["check", "early_start", "is_protected", "missing_phones", "parties", "warnings"]

Found = Iterator[tuple[str, str, str]]  # path, code, French detail
PARTY = re.compile(r"(client|co_contractants\.[0-9]+|garants\.[0-9]+|avocat)\.(email|telephone)")
GUARANTOR = re.compile(r"(garants\.[0-9]+)\.email")
#: payment is possible seven full days after an off-premises conclusion (L. 221-10; reference 5.6)
OFF_PREMISES_WAIT = timedelta(days=8)


def check(
    parsed: Mapping[str, Any],
    today: date,
    firm_email: str | None = None,
    result_cap: Decimal = record_fee_rules.RESULT_CAP,
) -> Found:
    """Every incoherence of the fields read so far; ``parsed`` maps field ids to values."""
    yield from _emails(parsed, firm_email)
    yield from _phones(parsed)
    yield from record_fee_rules.check(parsed, result_cap)
    yield from _off_premises(parsed, today)


def is_protected(parsed: Mapping[str, Any], base: str) -> bool:
    """PROTEGE, off-premises: consumer, or professional of five employees or fewer outside his trade."""
    qualite = parsed.get(f"{base}.qualite")
    small = parsed.get(f"{base}.effectif_5_ou_moins") and parsed.get(f"{base}.objet_hors_activite_principale")
    return qualite == Qualite.CONSOMMATEUR or bool(qualite == Qualite.PROFESSIONNEL and small)


def parties(parsed: Mapping[str, Any]) -> list[str]:
    """``client``, ``co_contractants.0``...: the clients that could be read, in order."""
    return [
        path.removesuffix(".type") for path in parsed if path.endswith(".type") and "honoraires" not in path
    ]


def _invited(parsed: Mapping[str, Any]) -> list[str]:
    """The clients, and the guarantors: whoever signs without being of the firm."""
    return [*parties(parsed), *(found.group(1) for path in parsed if (found := GUARANTOR.fullmatch(path)))]


def _emails(parsed: Mapping[str, Any], firm_email: str | None) -> Found:
    """R-05: the proof names the holder of the address, who must be one person."""
    seen: set[str] = set()
    for path, value in parsed.items():
        if not (PARTY.fullmatch(path) and path.endswith(".email")):
            continue
        address = str(value).casefold()
        if address in seen:
            yield path, "email_shared", "un autre signataire a la même adresse ; donnez à chacun la sienne"
        elif firm_email and address == firm_email.casefold() and not path.startswith("avocat."):
            yield path, "email_of_firm", "cette adresse est celle du cabinet ; donnez celle du client"
        seen.add(address)


def _phones(parsed: Mapping[str, Any]) -> Found:
    """R-06: a code by SMS goes to a mobile that is this signer's alone."""
    if parsed.get("signature.authentification") is not Authentication.SMS_CODE:
        return
    phones = [
        value for path, value in parsed.items() if PARTY.fullmatch(path) and path.endswith(".telephone")
    ]
    for base in _invited(parsed):
        path = f"{base}.telephone"
        if path in parsed and not is_mobile(parsed[path]):
            yield path, "phone_not_mobile", "un code par SMS demande un portable ; donnez-en un"
        elif path in parsed and phones.count(parsed[path]) > 1:
            yield path, "phone_shared", "un autre signataire a le même numéro ; donnez à chacun le sien"


def missing_phones(parsed: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    """R-06 again: the telephones that a code by SMS needs and that nobody gave."""
    if parsed.get("signature.authentification") is not Authentication.SMS_CODE:
        return []
    return [path for base in _invited(parsed) if (path := f"{base}.telephone") not in given]


def _off_premises(parsed: Mapping[str, Any], today: date) -> Found:
    """R-RET-03: nothing may be paid before seven full days."""
    protected = any(is_protected(parsed, base) for base in parties(parsed))
    if parsed.get("conclusion.mode") != ModeConclusion.HORS_ETABLISSEMENT or not protected:
        return
    first = today + OFF_PREMISES_WAIT
    advice = "hors établissement, aucun paiement avant sept jours pleins ; donnez une date plus tardive"
    for rank, payment in enumerate(parsed.get("paiement.echeances") or ()):
        due = payment.get("date")
        if due is None or due < first:
            yield f"paiement.echeances.{rank}", "payment_too_early", advice
    due = parsed.get("provision.exigible_le")
    if "provision.ht" in parsed and (due is None or due < first):
        yield "provision.exigible_le", "payment_too_early", advice


def early_start(parsed: Mapping[str, Any], given: Mapping[str, Any]) -> Found:
    """Whoever withdraws after asking for an early start pays in proportion to what was done (code de la
    consommation, L. 221-25): of a flat fee, by its phases. Phases ``given`` that could not be read are told
    already."""
    path = "honoraires.forfait.phases"
    faulty = path in given and path not in parsed
    flat = "honoraires.forfait.ht" in parsed and not parsed.get(path)
    if flat and not faulty and parsed.get("conclusion.debut_immediat") and _may_withdraw(parsed):
        yield (
            path,
            "phases_for_withdrawal",
            "le client peut se rétracter et demande un début immédiat : ce qu'il devrait alors se compte par "
            "phases (code de la consommation, L. 221-25) ; découpez le forfait en phases, ou renoncez au "
            "début immédiat",
        )


def _may_withdraw(parsed: Mapping[str, Any]) -> bool:
    """RETRACT, over the fields read so far (``Record.right_of_withdrawal``)."""
    mode, clients = parsed.get("conclusion.mode"), parties(parsed)
    if mode == ModeConclusion.HORS_ETABLISSEMENT:
        return any(is_protected(parsed, base) for base in clients)
    return mode in REMOTE and any(parsed.get(f"{base}.qualite") == Qualite.CONSOMMATEUR for base in clients)
