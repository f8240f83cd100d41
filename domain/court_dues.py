"""What is due by law to come before a court, at a date; the amounts stand in ``domain/mentions/law.toml``.

Not due by who has legal aid, even in part (CGI, art. 1635 bis P and 1635 bis Q).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, auto

from domain.mentions.law import LAW
from domain.record import Record
from domain.record_matter import Degre, StatutAj

AIDED = (StatutAj.PARTIELLE, StatutAj.TOTALE)


class Court(Enum):
    JUDICIAIRE = auto()  # tribunal judiciaire
    PRUDHOMMES = auto()  # conseil de prud'hommes
    APPEL = auto()  # cour d'appel
    ADMINISTRATIVE = auto()  # tribunal administratif, cour administrative d'appel


#: how a court's name begins, in full or as lawyers shorten it
NAMES = (
    (Court.JUDICIAIRE, re.compile(r"tribunal judiciaire|tj\b", re.I)),
    (Court.PRUDHOMMES, re.compile(r"conseil des? prud[’']?\s?hommes|cph\b|prud[’']?hommes", re.I)),
    (Court.APPEL, re.compile(r"cour d[’']\s?appel|ca\b", re.I)),
    (
        Court.ADMINISTRATIVE,
        re.compile(r"tribunal administratif|cour administrative d[’']appel|ta\b|caa\b", re.I),
    ),
)
PENAL = re.compile(r"p[ée]nal|correctionnel|assises|instruction", re.I)


@dataclass(frozen=True)
class Due:
    """``label`` with its article; ``amount`` in euros, without VAT."""

    label: str
    amount: Decimal


def due(record: Record, today: date) -> tuple[Due, ...]:
    """What the matter costs in dues on ``today``; nothing when no court of a known kind is named."""
    matter = record.contentieux
    if matter is None or matter.juridiction is None or record.aj.statut in AIDED:
        return ()
    court = court_of(matter.juridiction)
    penal = bool(PENAL.search(f"{record.matter.nature or ''} {matter.juridiction}"))
    found = (LAW.amount(name, today) for name in _owed(court, matter.degre, penal=penal))
    return tuple(Due(f"{one.label} ({one.article.split(' ; ')[0]})", one.value) for one in found if one)


def court_of(name: str) -> Court | None:
    return next((court for court, begins in NAMES if begins.match(name.strip())), None)


def _owed(court: Court | None, degree: Degre | None, *, penal: bool) -> list[str]:
    """The names, in ``law.toml``, of what that court asks for."""
    first = degree is Degre.PREMIERE_INSTANCE
    owed = []
    if first and court in (Court.JUDICIAIRE, Court.PRUDHOMMES) and not penal:
        owed.append("contribution_aide_juridique")
    if degree is Degre.APPEL and court is Court.APPEL and not penal:
        owed.append("droit_appel")
    if court in (Court.JUDICIAIRE, Court.APPEL, Court.ADMINISTRATIVE):
        owed.append("droit_plaidoirie")
    return owed
