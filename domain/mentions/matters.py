"""The mentions that the matter asks for: before a court, advice, legal aid (domain reference 2.5 and 2.7)."""

from __future__ import annotations

from collections.abc import Mapping

from domain.mentions.facts import Facts
from domain.mentions.rule import Ban, Rule, Wanted, Words, each, needed


def _litigation(facts: Facts) -> bool:
    return facts.litigation


def _advice(facts: Facts) -> bool:
    return facts.advice


def _aid(facts: Facts) -> bool:
    return facts.partial_aid


def _duties(_: Facts, words: Words) -> list[Wanted]:
    return [(duty("montant"),) for duty in words.items("droits")]


MATTERS: Mapping[str, Rule] = {
    "juridiction_instance": Rule(
        applies=_litigation, values=needed("contentieux.juridiction", "contentieux.degre")
    ),
    "voies_recours_exclues": Rule(applies=_litigation),
    "depens_art_700": Rule(applies=_litigation),
    "alea": Rule(applies=_litigation),
    "droits_timbres": Rule(applies=lambda facts: facts.court_dues, values=_duties),
    "postulation": Rule(
        applies=lambda facts: facts.litigation and bool(facts.record.matter.postulation),
        values=needed("matter.postulation"),
    ),
    "modes_amiables": Rule(applies=_litigation),
    "procedure_amiable_option": Rule(applies=_litigation),
    "livrables": Rule(applies=_advice, values=each("livrables", "libelle", "delai")),
    "hypotheses_limites": Rule(applies=_advice),
    "destinataires_usage": Rule(applies=_advice),
    "redaction_acte": Rule(applies=lambda facts: facts.advice and facts.record.matter.redaction_acte),
    "aj_decision": Rule(applies=_aid, values=needed("aj.numero", "aj.date", "aj.bureau", "aj.taux")),
    "aj_part_etat": Rule(applies=_aid, values=needed("aj.part_etat")),
    "aj_complement": Rule(applies=_aid, values=needed("aj.complement")),
    "aj_criteres": Rule(applies=_aid),
    "aj_recours": Rule(applies=_aid),
    "aj_communication_batonnier": Rule(applies=_aid, wordings=("quinze_jours",)),
    "aj_retrait": Rule(applies=_aid),
}

#: a fee for the result is set aside under partial aid, unless the agreement keeps it for the day on which
#: the aid is withdrawn: that is what the clause ``aj_sans_resultat`` says
AID_BANS: Mapping[str, Ban] = {
    "aj_sans_resultat": Ban(
        applies=_aid,
        clauses=(
            "resultat_honoraire_base",
            "resultat_definition",
            "resultat_assiette",
            "resultat_taux",
            "resultat_exigibilite",
            "resultat_dessaisissement",
            "resultat_exemple",
        ),
        unless="aj_sans_resultat",
    ),
}
