"""E-mail addresses and telephone numbers: the proof of who signed rests on them."""

from __future__ import annotations

from typing import Any

from email_validator import EmailNotValidError, validate_email

from domain import phone
from domain.normalise.fault import Fault
from domain.normalise.text import as_text, is_missing, plain_line, single


def email(value: Any) -> str:
    """One ASCII address, domain lower-cased (punycode if needed), local part as typed."""
    text = plain_line(value, longest=320)
    if any(mark in text for mark in ";, <"):
        raise Fault(
            "email", "il n'y a pas une adresse seule ; gardez-en une, sans nom autour, comme nom@domaine.fr"
        )
    try:
        found = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        raise Fault(
            "email", "ce n'est pas une adresse valide ; écrivez-la sous la forme nom@domaine.fr"
        ) from None
    if found.ascii_email is None or len(found.ascii_email) > 254:
        raise Fault(
            "email_not_ascii",
            "l'adresse contient des accents, que les signatures électroniques refusent ; donnez-en une autre",
        )
    return found.ascii_email


def telephone(value: Any, postcode: str | None) -> str:
    """E.164. ``postcode`` (French) tells overseas numbers written nationally apart."""
    text = plain_line(value, longest=60)
    if isinstance(single(value), int | float) and len(as_text(value)) == 9:
        text = f"0{text}"  # a spreadsheet took the number for a number
    found = phone.candidates(text)
    if not found:
        raise Fault(
            "phone",
            "ce n'est pas un numéro valide ; donnez-en un seul, comme 06 12 34 56 78 ou +262 692 12 34 56",
        )
    chosen = phone.choose(found, postcode)
    if chosen is None or is_missing(chosen):
        raise Fault("phone_ambiguous", "le numéro existe dans plusieurs territoires ; écrivez-le avec son +")
    return chosen
