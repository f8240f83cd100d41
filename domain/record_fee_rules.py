"""Coherence of what is paid (data dictionary 3.10: R-TVA, R-MNT, R-HR, R-AJ), over the fields read so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from domain.pricing import forfait_price, line
from domain.record_fees import Forfait
from domain.record_matter import StatutAj
from domain.record_types import RegimeTva
from domain.thresholds import DEFAULTS

Found = Iterator[tuple[str, str, str]]  # path, code, French detail
#: the most that a firm takes of a result, in per cent, when its settings do not say (3.8)
RESULT_CAP = DEFAULTS.result_rate_max


def check(parsed: Mapping[str, Any], result_cap: Decimal = RESULT_CAP) -> Found:
    yield from _tax(parsed)
    yield from _hours(parsed)
    yield from _sums(parsed)
    yield from _result(parsed, result_cap)
    yield from _legal_aid(parsed)


def _tax(parsed: Mapping[str, Any]) -> Found:
    """R-TVA-01. ``parsed`` has a rate only from the list of allowed ones."""
    rate, regime = parsed.get("tva.taux"), parsed.get("tva.regime", RegimeTva.ASSUJETTI)
    if rate is None:
        return
    if regime == RegimeTva.FRANCHISE and rate != 0:
        yield (
            "tva.taux",
            "vat_franchise",
            "en franchise de TVA le taux est de 0 % ; corrigez le taux ou le régime",
        )
    if regime == RegimeTva.ASSUJETTI and rate == 0:
        yield (
            "tva.taux",
            "vat_zero",
            "un taux de 0 % suppose la franchise ; corrigez le taux ou écrivez « franchise » comme régime",
        )


def _hours(parsed: Mapping[str, Any]) -> Found:
    """R-MNT-03: the printed budget is worked out from the hours, which must be in order."""
    least, most = parsed.get("honoraires.horaire.heures_min"), parsed.get("honoraires.horaire.heures_max")
    if least is None or most is None:
        return
    if least > most:
        yield (
            "honoraires.horaire.heures_max",
            "hours_order",
            "le maximum d'heures est inférieur au minimum ; corrigez l'un ou l'autre",
        )


def _sums(parsed: Mapping[str, Any]) -> Found:
    """R-MNT-01 and R-TVA-02: the phases make the flat fee; the dated payments make the total, or stay within
    the provision or the budget."""
    ht, phases = parsed.get("honoraires.forfait.ht"), parsed.get("honoraires.forfait.phases") or ()
    if ht is not None and phases and sum((phase["ht"] for phase in phases), Decimal(0)) != ht:
        yield (
            "honoraires.forfait.phases",
            "phases_sum",
            "la somme des phases n'est pas le forfait ; corrigez les montants HT",
        )
        return
    rate, payments = parsed.get("tva.taux"), parsed.get("paiement.echeances") or ()
    if rate is None or not payments:
        return
    due = sum((payment["ttc"] for payment in payments), Decimal(0))
    provision = parsed.get("provision.ht")
    if provision is not None and due <= line(provision, rate).ttc:
        return
    if ht is not None:
        if due != forfait_price(Forfait(ht=ht, phases=tuple(phases)), rate).total.ttc:
            yield (
                "paiement.echeances",
                "payments_sum",
                "la somme des échéances n'est pas le total TTC ; corrigez les montants TTC",
            )
    elif (most := _most(parsed)) is not None and due > line(most, rate).ttc:
        yield (
            "paiement.echeances",
            "payments_over_budget",
            "la somme des échéances dépasse le budget TTC estimé ; corrigez les montants ou les heures",
        )


def _most(parsed: Mapping[str, Any]) -> Decimal | None:
    """The top of the hourly budget, before tax."""
    hours, rates = parsed.get("honoraires.horaire.heures_max"), parsed.get("honoraires.horaire.taux")
    return hours * max(one["ht"] for one in rates) if hours is not None and rates else None


def _result(parsed: Mapping[str, Any], cap: Decimal) -> Found:
    """R-HR-02: rates in range, brackets that grow and leave nothing out."""
    advice = f"le taux dépasse {cap:f} %, le plafond du cabinet ; baissez-le"
    rate = parsed.get("honoraires.resultat.taux")
    if rate is not None and rate > cap:
        yield "honoraires.resultat.taux", "result_rate_high", advice
    brackets = parsed.get("honoraires.resultat.tranches") or ()
    path = "honoraires.resultat.tranches"
    for rank, one in enumerate(brackets):
        if one["taux"] > cap:
            yield f"{path}.{rank}", "result_rate_high", advice
    if not brackets:
        return
    if not any(one["taux"] for one in brackets):
        yield path, "scale_zero", "toutes les tranches sont à 0 % ; donnez un taux à l'une d'elles"
    ends = [one["jusqua"] for one in brackets]
    if ends[-1] is not None:
        yield path, "scale_open", "la dernière tranche s'arrête à un montant ; finissez par « Au-delà : … % »"
    elif None in ends[:-1] or any(low >= high for low, high in pairwise(ends[:-1])):
        yield path, "scale_order", "les tranches ne vont pas en croissant ; remettez leurs bornes en ordre"


def _legal_aid(parsed: Mapping[str, Any]) -> Found:
    """R-AJ-01, R-AJ-02, R-HR-03."""
    status = parsed.get("aj.statut")
    if status is StatutAj.TOTALE:
        yield (
            "aj.statut",
            "legal_aid_full",
            "sous aide juridictionnelle totale aucun honoraire n'est dû (loi 91-647, art. 32) ; "
            "ne faites pas de convention, ou corrigez le statut",
        )
    if status is not StatutAj.PARTIELLE:
        return
    if any(path.endswith(".type") and value == "pm" for path, value in parsed.items()):
        yield (
            "aj.statut",
            "legal_aid_company",
            "l'aide juridictionnelle partielle va à une personne physique ; corrigez le statut ou le client",
        )
    if str(parsed.get("honoraires.type", "")).endswith("_resultat"):
        yield (
            "honoraires.type",
            "legal_aid_result",
            "l'aide juridictionnelle partielle exclut un honoraire de résultat ; "
            "choisissez « forfait » ou « horaire »",
        )
