"""Withdrawal, distance and off-premises contracts (domain reference 2.6).

What the client ticks or types before signing (``exec_anticipee_demande``, ``exec_anticipee_perte``,
``he_support_durable``, ``reconnaissance_obligation_paiement``) cannot be asked through every signature
provider yet: here the clause that says it stands for it, and the signature for the tick. The same holds for
``recap_verification``: the clause says that the signer could check and correct before signing.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.mentions.facts import Facts
from domain.mentions.rule import Rule, needed


def _withdrawal(facts: Facts) -> bool:
    return facts.withdrawal


def _early(facts: Facts) -> bool:
    return facts.early_start


def _off_premises(facts: Facts) -> bool:
    return facts.protected and facts.off_premises


def _distance(facts: Facts) -> bool:
    return facts.consumer and facts.at_a_distance


def _away(facts: Facts) -> bool:
    return facts.consumer and (facts.at_a_distance or facts.off_premises)


WITHDRAWAL: Mapping[str, Rule] = {
    "retract_droit_delai": Rule(applies=_withdrawal, wordings=("quatorze_jours",)),
    "retract_modalites": Rule(applies=_withdrawal, values=needed("cabinet.adresse", "cabinet.email")),
    "retract_formulaire": Rule(
        applies=_withdrawal, values=needed("cabinet.denomination", "cabinet.adresse", "cabinet.email")
    ),
    "retract_avis_type": Rule(applies=_withdrawal),
    "retract_fonction_ligne": Rule(
        applies=lambda facts: facts.online_withdrawal,
        values=needed("conclusion.fonction_ligne_url"),
        needs=("conclusion.fonction_ligne_url",),
        fix="Donnez l'adresse de la page de rétractation du cabinet dans le réglage "
        "PARAPHE_CABINET_RETRACTATION_URL.",
    ),
    "retract_effets": Rule(applies=_withdrawal, wordings=("quatorze_jours",)),
    "retract_frais_prorata": Rule(applies=_early),
    "exec_anticipee_demande": Rule(applies=_early),
    "exec_anticipee_perte": Rule(applies=_early),
    "pas_exec_avant_14j": Rule(applies=lambda facts: facts.withdrawal and not facts.early_start),
    "he_paiement_7_jours": Rule(applies=_off_premises, wordings=("sept_jours",)),
    "he_support_durable": Rule(applies=_off_premises),
    "he_exemplaire_date": Rule(applies=_off_premises),
    "distance_confirmation": Rule(applies=_distance),
    "reconnaissance_obligation_paiement": Rule(applies=_away, blocks=_distance),
    "recap_verification": Rule(applies=_away, blocks=_distance),
}
