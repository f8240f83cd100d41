"""The mentions that the kind of fee asks for (domain reference 2.4). No subscription here: no record can
hold one, so its six mentions are left out."""

from __future__ import annotations

from collections.abc import Mapping

from domain.mentions.core import MISSION, amount, consumer, work
from domain.mentions.facts import Facts
from domain.mentions.rule import Rule, Wanted, Words, both, each, needed, printed


def _hourly(facts: Facts) -> bool:
    return facts.hourly


def _flat(facts: Facts) -> bool:
    return facts.flat


def _for_result(facts: Facts) -> bool:
    return facts.for_result


def _phases(_: Facts, words: Words) -> list[Wanted]:
    """Without phases there is nothing to work a part out from: the mention is then missing its values."""
    phases = words.items("honoraires.phases")
    return [one for phase in phases for one in ((phase("libelle"),), (phase("ttc"), phase("ht")))] or [()]


def _base(facts: Facts, words: Words) -> list[Wanted]:
    """The fee that is paid whatever comes out (loi 71-1130, art. 10)."""
    if facts.hourly:
        return [(rate("ttc"), rate("ht")) for rate in words.items("honoraires.taux")]
    return [(words("honoraires.forfait_ttc"), words("honoraires.forfait_ht"))]


def _scale(_: Facts, words: Words) -> list[Wanted]:
    steps = words.items("resultat.bareme")
    scale: list[Wanted] = [(step(field),) for step in steps for field in ("tranche", "taux")]
    return scale or [(words("resultat.taux"),)]


FEES: Mapping[str, Rule] = {
    "taux_horaire_intervenants": Rule(
        applies=_hourly, values=each("honoraires.taux", "intervenant", "ht", "ttc")
    ),
    "unite_decompte": Rule(applies=_hourly, blocks=consumer, values=needed("honoraires.unite")),
    "estimation_budget": Rule(
        applies=_hourly,
        blocks=consumer,
        values=needed(
            "honoraires.heures_min",
            "honoraires.heures_max",
            "honoraires.budget_min_ttc",
            "honoraires.budget_max_ttc",
        ),
    ),
    "seuil_alerte": Rule(applies=_hourly, blocks=consumer, values=needed("honoraires.seuil_alerte")),
    "releve_temps_periodique": Rule(applies=_hourly, blocks=consumer, values=needed("honoraires.releve")),
    "forfait_montant": Rule(applies=_flat, values=amount),
    "forfait_perimetre": Rule(applies=_flat, values=work, beside=MISSION),
    "forfait_hors_perimetre": Rule(applies=_flat, values=printed("honoraires.hors_forfait_taux_ttc")),
    "forfait_phases": Rule(applies=_flat, blocks=lambda facts: facts.early_start, values=_phases),
    "resultat_honoraire_base": Rule(applies=_for_result, values=_base),
    "resultat_definition": Rule(applies=_for_result),
    "resultat_assiette": Rule(applies=_for_result, values=needed("resultat.assiette")),
    "resultat_taux": Rule(applies=_for_result, values=both(_scale, printed("resultat.plafond"))),
    "resultat_exigibilite": Rule(applies=_for_result, wordings=("irrevocable",)),
    "resultat_dessaisissement": Rule(applies=_for_result),
    "resultat_exemple": Rule(applies=lambda facts: facts.for_result and facts.consumer),
}
