"""The matter, and who else may pay for it: court, legal aid, legal expenses insurance (3.7 and 3.9)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from domain.record_types import Day, Euros, Line, Purpose, Section, about

P1, P2 = Purpose.CONTRACT, Purpose.LEGAL


class Famille(StrEnum):
    CONTENTIEUX = "contentieux"
    CONSEIL = "conseil"


class Degre(StrEnum):
    PREMIERE_INSTANCE = "premiere_instance"
    APPEL = "appel"
    CASSATION = "cassation"


class StatutAj(StrEnum):
    """Legal aid: aide juridictionnelle (loi 91-647)."""

    AUCUN = "aucun"
    DEMANDEE = "demandee"
    PARTIELLE = "partielle"
    TOTALE = "totale"
    RETIREE = "retiree"


class Matter(Section):
    """``postulation``: who stands for the lawyer before that court, and for how much."""

    family: Annotated[Famille | None, about("famille", P1)] = None
    nature: Annotated[str | None, about("nature", P1, min_length=2, max_length=80)] = None
    postulation: Annotated[str | None, about("postulation", P2, min_length=2, max_length=300)] = None
    redaction_acte: Annotated[bool, about("rédaction d'acte", P1)] = False


class Livrable(Section):
    libelle: Annotated[Line, about("libellé", P1)]
    delai: Annotated[Line | None, about("délai", P1)] = None


class Contentieux(Section):
    """``juridiction`` and ``degre`` are there when the matter is before a court (R-CNT-01); what is at stake
    may be known without one. ``partie_adverse`` is a name and nothing more."""

    juridiction: Annotated[str | None, about("juridiction", P1, min_length=2, max_length=120)] = None
    degre: Annotated[Degre | None, about("degré", P1)] = None
    rg: Annotated[str | None, about("numéro RG", P1, min_length=1, max_length=40)] = None
    partie_adverse: Annotated[str | None, about("partie adverse", P1, min_length=1, max_length=160)] = None
    montant_en_jeu: Annotated[Euros | None, about("montant en jeu", P1, gt=0)] = None


class Aj(Section):
    """``taux`` is the State's share in per cent, ``part_etat`` its amount in euros (loi 91-647, art. 35)."""

    statut: Annotated[StatutAj, about("statut", P2)] = StatutAj.AUCUN
    taux: Annotated[Literal[25, 55] | None, about("taux", P2)] = None
    numero: Annotated[str | None, about("numéro de décision", P2, min_length=1, max_length=40)] = None
    date: Annotated[Day | None, about("date de la décision", P2)] = None
    bureau: Annotated[str | None, about("bureau", P2, min_length=2, max_length=120)] = None
    part_etat: Annotated[Euros | None, about("part contributive de l'État", P2, gt=0)] = None
    information_donnee_le: Annotated[Day | None, about("information donnée le", P2)] = None


class Pj(Section):
    """``interroge``: the client was asked; ``active``: an insurer pays (code des assurances, L. 127-1 s.)."""

    interroge: Annotated[bool, about("client interrogé", P1)] = False
    active: Annotated[bool, about("garantie mobilisée", P1)] = False
    assureur: Annotated[str | None, about("assureur", P1, min_length=1, max_length=120)] = None
    police: Annotated[str | None, about("numéro de police", P1, min_length=1, max_length=60)] = None
    plafond: Annotated[Euros | None, about("plafond de garantie", P1)] = None


class Lcbft(Section):
    """Only whether the duties against money laundering apply: no document is ever held here."""

    applicable: Annotated[bool, about("obligations applicables", P2)] = False
