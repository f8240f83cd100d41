"""The mentions of every convention (domain reference 2.3).

Left out, because a record cannot say them: ``revision_tarif`` (no revision of fees) and ``prix_automatise``
(the hub computes no price of its own).
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.mentions.facts import Facts
from domain.mentions.law import LAW
from domain.mentions.rule import Rule, Values, Wanted, Words, both, each, either, needed, printed

#: a template may list the work under its purpose or under its flat fee
MISSION = ("objet_mission", "forfait_perimetre")


def consumer(facts: Facts) -> bool:
    return facts.consumer


def near_consumer(facts: Facts) -> bool:
    """Owed to a consumer; advised for those whom the law brings near to one (2.9)."""
    return facts.consumer or facts.non_professional or facts.small_professional


def _of_clients(*fields: str) -> Values:
    """Of each client, every one of these that says something."""

    def values(_: Facts, words: Words) -> list[Wanted]:
        clients = [Words(words.context.get("client") or {}), *words.items("co_contractants")]
        return [(client(field),) for client in clients for field in fields if client(field)]

    return values


def work(_: Facts, words: Words) -> list[Wanted]:
    return [(item,) for item in words.texts("mission.diligences")]


def amount(facts: Facts, words: Words) -> list[Wanted]:
    """The fee, or what it is worked out from: a consumer must read it with tax."""
    fields = ("ttc",) if facts.consumer else ("ttc", "ht")
    if facts.hourly:
        return [tuple(rate(field) for field in fields) for rate in words.items("honoraires.taux")]
    return [tuple(words(f"honoraires.forfait_{field}") for field in fields)]


def _price(facts: Facts, words: Words) -> list[Wanted]:
    """Before tax, and the rate; with tax for who pays it for good."""
    if facts.hourly:
        before = [(rate("ht"),) for rate in words.items("honoraires.taux")]
    else:
        before = [(words("honoraires.forfait_ht"),)]
    exempt = words.has("honoraires.franchise")
    rate: list[Wanted] = [LAW.wordings["article_293_b"] if exempt else (words("honoraires.taux_tva"),)]
    shown = facts.consumer or facts.non_professional
    return [*before, *rate, *(_with_tax(facts, words) if shown else [])]


def _with_tax(facts: Facts, words: Words) -> list[Wanted]:
    if words.has("honoraires.franchise"):
        return []
    if facts.hourly:
        return [(rate("ttc"),) for rate in words.items("honoraires.taux")]
    return [(words("honoraires.forfait_ttc"),)]


def _provision(facts: Facts, words: Words) -> list[Wanted]:
    return [(words("provision.ttc"),) if facts.consumer else (words("provision.ttc"), words("provision.ht"))]


CORE: Mapping[str, Rule] = {
    "parties_avocat": Rule(
        values=printed(
            "cabinet.denomination", "cabinet.barreau", "cabinet.adresse", "cabinet.telephone", "cabinet.email"
        )
    ),
    "parties_client": Rule(values=_of_clients("nom_complet", "adresse", "siren")),
    "client_qualite": Rule(values=_of_clients("qualite_libelle")),
    "representant_pouvoir": Rule(
        applies=lambda facts: facts.company,
        values=_of_clients("representant_nom_complet", "representant_qualite"),
    ),
    "objet_mission": Rule(values=both(needed("mission.objet"), work), beside=MISSION),
    "exclusions_mission": Rule(
        blocks=lambda facts: facts.flat,
        values=lambda _, words: [(item,) for item in words.texts("mission.exclusions")],
    ),
    "honoraires_mode": Rule(values=needed("honoraires.type_libelle")),
    "honoraires_montant": Rule(values=amount),
    "prix_ht_tva_ttc": Rule(values=_price, advised=_with_tax),
    "frais_debours": Rule(values=each("debours", "libelle", "montant")),
    "modalites_paiement": Rule(
        values=both(each("paiement.echeances", "libelle", "date", "ttc"), needed("paiement.moyens"))
    ),
    "provision": Rule(applies=lambda facts: facts.record.provision is not None, values=_provision),
    "information_evolution": Rule(),
    "compte_detaille": Rule(blocks=consumer),
    "dessaisissement": Rule(),
    "duree_resiliation": Rule(blocks=consumer),
    "calendrier_execution": Rule(blocks=consumer, values=printed("mission.calendrier")),
    "reclamation": Rule(applies=near_consumer, blocks=consumer, values=needed("cabinet.reclamation_contact")),
    "contestation_batonnier": Rule(
        blocks=lambda facts: facts.consumer or facts.partial_aid,
        values=needed("cabinet.barreau"),
        wordings=("article_174",),
    ),
    "mediateur_consommation": Rule(
        applies=consumer,
        values=needed("cabinet.mediateur_nom", "cabinet.mediateur_adresse", "cabinet.mediateur_url"),
    ),
    "cabinet_mentions": Rule(
        applies=near_consumer,
        blocks=consumer,
        values=both(
            needed("cabinet.forme", "cabinet.siren", "cabinet.barreau", "cabinet.rcp"),
            printed("cabinet.tva_intracom"),
        ),
    ),
    "secret_professionnel": Rule(),
    "rgpd_notice": Rule(
        values=needed("cabinet.denomination", "cabinet.rgpd_contact", "conservation.libelle"),
        beside=("archivage_acces",),
    ),
    "sous_traitant_signature": Rule(values=needed("signature.prestataire")),
    "convention_preuve": Rule(),
    "archivage_acces": Rule(
        blocks=consumer,
        values=both(
            needed("conservation.libelle"), either("cabinet.email", "cabinet.site", "cabinet.telephone")
        ),
    ),
    "garant_engagement": Rule(
        applies=lambda facts: bool(facts.record.garants),
        values=each("garants", "nom_complet", "montant", "montant_lettres"),
    ),
    "lcbft": Rule(applies=lambda facts: facts.record.lcbft.applicable),
    "protection_juridique": Rule(
        applies=lambda facts: facts.insured,
        blocks=lambda facts: facts.insurer_pays,
        values=printed("pj.assureur"),
    ),
    "aj_information": Rule(applies=lambda facts: facts.litigation and facts.natural_person),
    "avenant": Rule(blocks=lambda facts: facts.flat),
    "obligations_client": Rule(),
    "lieu_date": Rule(),
    "signature_blocs": Rule(values=each("signataires", "nom_complet", "qualite", "ancre")),
}
