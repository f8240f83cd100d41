"""Signing orders to send, with a PDF that carries an anchor per signer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from fpdf import FPDF

from connectors.loading import connector_class
from connectors.signature import REGISTRY
from domain.signature import ANCHOR, Authentication, Level, Order, Place, Signer, SigningOrder

MILLIMETRE = 72 / 25.4
_number = count(1)
#: of the providers that have their own, so that one document can be sent to any of them
_OTHER_ANCHORS = sorted({connector_class(REGISTRY, name).anchor for name in REGISTRY} - {ANCHOR})
_PEOPLE = (
    ("client", "Claire", "Durand", "+33639980001"),
    ("co_contractant", "Jean-François", "D’Amécourt", "+33639980002"),
    ("avocat", "Šárka", "Łęcka", "+33639980003"),
)


@cache
def pdf(anchors: int) -> bytes:
    document = FPDF()
    document.add_page()
    document.set_font("Helvetica", size=12)
    document.text(20, 20, "Convention d'honoraires")
    for rank in range(1, anchors + 1):
        document.text(20, 40 + 40 * rank, ANCHOR.format(key=f"s{rank}", rank=rank))
        for line, form in enumerate(_OTHER_ANCHORS, 1):
            document.text(20, 40 + 40 * rank + 6 * line, form.format(key=f"s{rank}", rank=rank))
    return bytes(document.output())


def person(rank: int, authentication: Authentication = Authentication.NONE) -> Signer:
    role, first_name, last_name, phone = _PEOPLE[(rank - 1) % 3]
    email = f"signataire{rank}@example.org"
    # where ``pdf`` prints this rank's anchor, in points
    place = Place(1, 20 * MILLIMETRE, (40 + 40 * rank) * MILLIMETRE - 12)
    return Signer(f"s{rank}", role, first_name, last_name, email, phone, authentication, place)


def order(people: int = 1, /, **changes: Any) -> SigningOrder:
    """A new order, with a reference never used before."""
    plain = SigningOrder(
        reference=f"cv_0193.{next(_number)}",
        title="Convention d'honoraires 2026-0142 (v1)",
        file_name="Convention d'honoraires.pdf",
        pdf=pdf(people),
        pages=1,
        signers=tuple(person(rank) for rank in range(1, people + 1)),
        level=Level.SIMPLE,
        order=Order.PARALLEL,
        expires_on=datetime.now(UTC).date() + timedelta(days=30),
    )
    return replace(plain, **changes)
