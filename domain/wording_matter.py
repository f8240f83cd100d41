"""The matter in words: the court and what it costs to come before it, deliverables, legal aid, insurance."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain import court_dues, french, pricing
from domain.record import Record
from domain.record_matter import Degre, Famille, Pj, StatutAj
from domain.record_parties import PersonnePhysique
from domain.record_types import RegimeTva

DEGRES = {
    Degre.PREMIERE_INSTANCE: "première instance",
    Degre.APPEL: "appel",
    Degre.CASSATION: "cassation",
}


def matter(record: Record) -> dict[str, Any]:
    return {
        "nature": record.matter.nature or "",
        "postulation": record.matter.postulation or "",
        "redaction_acte": record.matter.redaction_acte,
    }


def deliverables(record: Record) -> list[dict[str, str]]:
    return [{"libelle": one.libelle, "delai": one.delai or ""} for one in record.mission.livrables]


def litigation(record: Record) -> dict[str, str] | None:
    """The group ``contentieux``: None when no court is named."""
    found = record.contentieux
    if found is None or found.juridiction is None:
        return None
    return {
        "juridiction": found.juridiction,
        "degre": DEGRES[found.degre] if found.degre else "",
        "rg": found.rg or "",
        "partie_adverse": found.partie_adverse or "",
        "enjeu": french.money(found.montant_en_jeu) if found.montant_en_jeu else "",
    }


def dues(record: Record, today: date) -> list[dict[str, str]]:
    """The statutory sums due to come before that court, at the values of ``today``."""
    found = court_dues.due(record, today)
    return [{"libelle": french.typeset(one.label), "montant": french.money(one.amount)} for one in found]


def legal_aid(record: Record) -> dict[str, Any]:
    aj = record.aj
    family, before_court = record.matter.family, litigation(record) is not None
    person = any(isinstance(client, PersonnePhysique) for client in record.clients)
    return {
        "partielle": aj.statut is StatutAj.PARTIELLE,
        "demandee": aj.statut is StatutAj.DEMANDEE,
        "retiree": aj.statut is StatutAj.RETIREE,
        "numero": aj.numero or "",
        "date": french.long_date(aj.date) if aj.date else "",
        "bureau": aj.bureau or "",
        "taux": f"{aj.taux}{french.HARD}%" if aj.taux else "",
        "part_etat": french.money(aj.part_etat) if aj.part_etat is not None else "",
        "complement": _complement(record),
        "information": person and (family is Famille.CONTENTIEUX or (family is None and before_court)),
    }


def _complement(record: Record) -> str:
    """What the client pays on top of the State's share (loi 91-647, art. 35): the fee of the agreement."""
    if record.aj.statut is not StatutAj.PARTIELLE:
        return ""
    price, budget = pricing.price(record), pricing.budget(record)
    taxed = "(TVA non applicable)" if record.tva.regime == RegimeTva.FRANCHISE else "TTC"
    if price:
        return f"{french.money(price.total.ttc)} {taxed}"
    if budget:
        return f"{french.money(budget.high.ttc)} {taxed} au plus, au temps passé"
    return ""


def insurance(record: Record) -> dict[str, Any]:
    pj = record.pj or Pj()
    return {
        "interroge": pj.interroge,
        "active": pj.active,
        "assureur": pj.assureur or "",
        "police": pj.police or "",
        "plafond": french.money(pj.plafond) if pj.plafond is not None else "",
    }
