"""Forbidden clauses (domain reference 2.8), and the free clause that somebody must read again."""

from __future__ import annotations

from collections.abc import Mapping

from domain.mentions.core import consumer, near_consumer
from domain.mentions.facts import Facts
from domain.mentions.rule import Ban


def _not_in_business(facts: Facts) -> bool:
    return facts.consumer or facts.non_professional


#: unfair to a consumer and to those near to one; to a professional, worth reading again (code civil, 1171)
UNFAIR = Ban(blocks=near_consumer)

BANS: Mapping[str, Ban] = {
    "interdit_quota_litis": Ban(),
    "interdit_mediation_obligatoire": UNFAIR,
    "interdit_renonciation_retractation": Ban(applies=lambda facts: facts.protected),
    "interdit_dedit_unilateral": UNFAIR,
    "interdit_provision_acquise": UNFAIR,
    "interdit_modif_unilaterale": UNFAIR,
    "interdit_exclusion_responsabilite": UNFAIR,
    "interdit_clause_competence_arbitrage": UNFAIR,
    "interdit_prescription_amenagee": UNFAIR,
    # between professionals the law itself asks for it (code de commerce, L. 441-10)
    "interdit_indemnite_40": Ban(applies=_not_in_business, clauses=("penalites_pro",)),
    "interdit_lien_rll": Ban(applies=consumer, wordings=("plateforme_rll",)),
    "interdit_accord_assureur": Ban(),
    "interdit_apport_affaires": Ban(),
    "interdit_aj_totale_honoraire": Ban(
        applies=lambda facts: facts.full_aid, clauses=("honoraires_montant", "forfait_montant")
    ),
    "clause_libre_a_relire": Ban(clauses=("libre",)),
}
