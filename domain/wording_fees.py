"""The fee in words: flat, hourly, for the result. What there is nothing to say of is an empty text."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from domain import french, pricing
from domain.record import Record
from domain.record_fees import Assiette, Forfait, Horaire, Releve, Resultat, TypeHonoraires
from domain.record_types import RegimeTva

TYPES = {
    TypeHonoraires.FORFAIT: "honoraires forfaitaires",
    TypeHonoraires.HORAIRE: "honoraires au temps passé",
    TypeHonoraires.FORFAIT_RESULTAT: "honoraires forfaitaires de diligences et honoraire de résultat",
    TypeHonoraires.HORAIRE_RESULTAT: "honoraires de diligences au temps passé et honoraire de résultat",
}
RELEVES = {
    Releve.MENSUEL: "chaque mois",
    Releve.BIMESTRIEL: "tous les deux mois",
    Releve.TRIMESTRIEL: "chaque trimestre",
    Releve.A_CHAQUE_FACTURE: "avec chaque facture",
}
ASSIETTES = {
    Assiette.SOMMES_PERCUES: "les sommes effectivement perçues par le Client",
    Assiette.ECONOMIE: "l’économie réalisée par le Client",
    Assiette.CONDAMNATION_EVITEE: (
        "la différence entre les sommes réclamées au Client et celles qu’il doit finalement payer"
    ),
    Assiette.DEGREVEMENT: "le dégrèvement obtenu par le Client",
    Assiette.AUTRE: "",
}
IF_RESULT = {
    Assiette.SOMMES_PERCUES: "Si le Client perçoit {}",
    Assiette.ECONOMIE: "Si le Client économise {}",
    Assiette.CONDAMNATION_EVITEE: "Si le Client évite de payer {}",
    Assiette.DEGREVEMENT: "Si le Client obtient un dégrèvement de {}",
    Assiette.AUTRE: "Si le résultat est de {}",
}
INTERESTS = "les intérêts"
COSTS_AWARDED = "les sommes allouées au titre de l’article 700 du code de procédure civile"
LEGAL_COSTS = "les dépens"  # never part of a result: they repay what was advanced (CPC, art. 695)


HOURLY_TEXTS = (
    "unite",
    "heures_min",
    "heures_max",
    "budget_min_ttc",
    "budget_max_ttc",
    "seuil_alerte",
    "releve",
)


def fee(record: Record) -> dict[str, Any]:
    """The group ``honoraires``."""
    kind, rate = record.honoraires.type, record.tva.taux
    return {
        "type": kind.value,
        "type_libelle": TYPES[kind],
        "au_forfait": not kind.hourly,
        "a_l_heure": kind.hourly,
        "avec_resultat": kind.for_result,
        "taux_tva": french.percent(rate),
        "franchise": record.tva.regime == RegimeTva.FRANCHISE,
        **_flat(record, record.honoraires.forfait),
        **_hourly(record, record.honoraires.horaire),
    }


def both(amount: pricing.Amount, *, franchise: bool) -> str:
    """``120,00 € TTC, soit 100,00 € HT``: what is paid comes first (code de la consommation, L. 112-1;
    R-TVA-03). One figure when there is no tax."""
    if franchise:
        return french.money(amount.ht)
    return f"{french.money(amount.ttc)} TTC, soit {french.money(amount.ht)} HT"


def _flat(record: Record, forfait: Forfait | None) -> dict[str, Any]:
    names = ("forfait_ht", "tva", "forfait_ttc", "forfait_ttc_lettres")
    extra = ("hors_forfait_taux_ht", "hors_forfait_taux_ttc")
    if forfait is None:
        return {**dict.fromkeys((*names, *extra), ""), "phases": []}
    price = pricing.forfait_price(forfait, record.tva.taux)
    outside = (
        pricing.line(forfait.hors_taux_ht, record.tva.taux) if forfait.hors_taux_ht is not None else None
    )
    return {
        "forfait_ht": french.money(price.total.ht),
        "tva": french.money(price.total.tva),
        "forfait_ttc": french.money(price.total.ttc),
        "forfait_ttc_lettres": french.words(price.total.ttc),
        "phases": [
            {
                "libelle": phase.libelle,
                "ht": french.money(amount.ht),
                "ttc": french.money(amount.ttc),
                "part": french.percent(share),
            }
            for phase, amount, share in zip(forfait.phases, price.phases, price.shares, strict=True)
        ],
        "hors_forfait_taux_ht": french.money(outside.ht) if outside else "",
        "hors_forfait_taux_ttc": french.money(outside.ttc) if outside else "",
    }


def _hourly(record: Record, horaire: Horaire | None) -> dict[str, Any]:
    if horaire is None:
        return {**dict.fromkeys(HOURLY_TEXTS, ""), "taux": [], "estimation": False}
    budget = pricing.hourly_budget(horaire, record.tva.taux)
    franchise = record.tva.regime == RegimeTva.FRANCHISE
    alert = pricing.line(horaire.seuil_alerte_ht, record.tva.taux) if horaire.seuil_alerte_ht else None
    return {
        "taux": [_rate(one.intervenant, pricing.line(one.ht, record.tva.taux)) for one in horaire.taux],
        "unite": french.minutes(horaire.unite_min),
        "heures_min": french.number(horaire.heures_min) if horaire.heures_min else "",
        "heures_max": french.number(horaire.heures_max) if horaire.heures_max else "",
        "budget_min_ttc": french.money(budget.low.ttc) if budget else "",
        "budget_max_ttc": french.money(budget.high.ttc) if budget else "",
        "estimation": budget is not None,
        "seuil_alerte": both(alert, franchise=franchise) if alert else "",
        "releve": RELEVES[horaire.releve] if horaire.releve else "",
    }


def _rate(who: str, amount: pricing.Amount) -> dict[str, str]:
    return {"intervenant": who, "ht": french.money(amount.ht), "ttc": french.money(amount.ttc)}


def result(record: Record) -> dict[str, Any] | None:
    """The group ``resultat``: None without a fee for the result."""
    terms = record.honoraires.resultat
    if terms is None:
        return None
    franchise = record.tva.regime == RegimeTva.FRANCHISE
    included, excluded = _inside(terms)
    cap = pricing.line(terms.plafond_ht, record.tva.taux) if terms.plafond_ht is not None else None
    stakes = record.contentieux.montant_en_jeu if record.contentieux else None
    return {
        "taux": _percent(terms.taux, record) if terms.taux is not None else "",
        "bareme": _scale(terms, record),
        "assiette": _basis(terms),
        "inclusions": french.join(included),
        "exclusions": french.join(excluded),
        "plafond": both(cap, franchise=franchise) if cap else "",
        "imputation": terms.imputation_base,
        "enjeu": french.money(stakes) if stakes else "",
        "exemple": _example(record, terms),
    }


def _percent(rate: Decimal, record: Record) -> str:
    """``12 % TTC, soit 10 % HT``: the record's rate is before tax (code de la consommation, L. 112-3)."""
    if record.tva.regime == RegimeTva.FRANCHISE or not rate:
        return french.percent(rate)
    with_tax = rate * (100 + record.tva.taux) / 100
    return f"{french.percent(with_tax)} TTC, soit {french.percent(rate)} HT"


def _scale(terms: Resultat, record: Record) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    floor: Decimal | None = None
    for bracket in terms.tranches:
        rows.append({"tranche": _bracket(floor, bracket.jusqua), "taux": _percent(bracket.taux, record)})
        floor = bracket.jusqua
    return rows


def _bracket(floor: Decimal | None, ceiling: Decimal | None) -> str:
    if floor is None:
        return "sur la totalité" if ceiling is None else f"jusqu’à {french.money(ceiling)}"
    if ceiling is None:
        return f"au-delà de {french.money(floor)}"
    return f"de {french.money(floor)} à {french.money(ceiling)}"


def _basis(terms: Resultat) -> str:
    return f"{french.HARD}: ".join(
        part for part in (ASSIETTES[terms.assiette], terms.assiette_texte or "") if part
    )


def _inside(terms: Resultat) -> tuple[list[str], list[str]]:
    """What is counted in the result, and what is not."""
    said = ((INTERESTS, terms.inclut_interets), (COSTS_AWARDED, terms.inclut_art700), (LEGAL_COSTS, False))
    return [what for what, counted in said if counted], [what for what, counted in said if not counted]


def _example(record: Record, terms: Resultat) -> str:
    """One worked case, in a sentence (code de la consommation, L. 211-1: clear terms)."""
    found = pricing.success(record)
    if found is None:
        return ""
    franchise = record.tva.regime == RegimeTva.FRANCHISE
    case = IF_RESULT[terms.assiette].format(french.money(found.result))
    capped = " par l’effet du plafond" if found.capped else ""
    gross = f"{case}, l’honoraire de résultat est{capped} de {both(found.gross, franchise=franchise)}"
    if not terms.imputation_base:
        return f"{gross}, en plus de l’honoraire de diligences."
    if record.honoraires.forfait is None:
        return f"{gross}, dont se déduit l’honoraire de diligences déjà payé."
    work = both(pricing.forfait_price(record.honoraires.forfait, record.tva.taux).total, franchise=franchise)
    left = both(found.due, franchise=franchise)
    return (
        f"{gross}{french.THIN}; après déduction de l’honoraire de diligences de {work}, il reste dû {left}."
    )
