"""Closed lists, yes or no, dates: the words firms use for the values the record knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from domain.french import PARIS, long_date
from domain.normalise.fault import Fault
from domain.normalise.text import fold, line, plain_line, single
from domain.record_fees import Assiette, Releve
from domain.record_matter import Degre, Famille, StatutAj
from domain.record_types import Forme, ModeConclusion, Moyen, Qualite, RegimeTva
from domain.signature import Authentication, Level, Order

Value = TypeVar("Value")

TYPES = {
    **dict.fromkeys(("pp", "personnephysique", "physique", "particulier"), "pp"),
    **dict.fromkeys(("pm", "personnemorale", "morale", "societe", "entreprise", "association"), "pm"),
}
QUALITES = {
    **dict.fromkeys(
        ("consommateur", "consommatrice", "particulier", "particuliere", "prive"), Qualite.CONSOMMATEUR
    ),
    **dict.fromkeys(
        (
            "professionnel", "professionnelle", "pro", "independant", "independante", "ei", "commercant",
            "entrepreneurindividuel", "autoentrepreneur", "microentrepreneur", "artisan",
            "professionliberale",
        ),
        Qualite.PROFESSIONNEL,
    ),
    **dict.fromkeys(
        ("nonprofessionnel", "association", "syndicat", "syndicatdecoproprietaires", "copropriete", "cse"),
        Qualite.NON_PROFESSIONNEL,
    ),
    **dict.fromkeys(("personnemorale", "societe", "entreprise"), Qualite.PERSONNE_MORALE),
}  # fmt: skip
FORMES = {
    **{fold(one.value): one for one in Forme},
    "syndicatdecoproprietaires": Forme.SYNDICAT_COPROPRIETE,
    "syndicatdecopropriete": Forme.SYNDICAT_COPROPRIETE,
    "copropriete": Forme.SYNDICAT_COPROPRIETE,
    "collectiviteterritoriale": Forme.COLLECTIVITE,
    "commune": Forme.COLLECTIVITE,
    "associationloi1901": Forme.ASSOCIATION,
    "societecivile": Forme.SC,
    "societecivileimmobiliere": Forme.SCI,
    "societeanonyme": Forme.SA,
    "societeparactionssimplifiee": Forme.SAS,
    "societearesponsabilitelimitee": Forme.SARL,
    "comitesocialeteconomique": Forme.CSE,
}
REGIMES = {
    **dict.fromkeys(("assujetti", "assujettie", "normal", "reel", "tva"), RegimeTva.ASSUJETTI),
    **dict.fromkeys(
        ("franchise293b", "franchise", "franchiseenbase", "293b", "nonassujetti", "exonere"),
        RegimeTva.FRANCHISE,
    ),
}
MODES = {
    **dict.fromkeys(("cabinet", "aucabinet"), ModeConclusion.CABINET),
    **dict.fromkeys(("distance", "adistance"), ModeConclusion.DISTANCE),
    **dict.fromkeys(
        ("mixtecabinetpuisdistance", "mixte", "cabinetpuisdistance", "cabinetpuisadistance"),
        ModeConclusion.MIXTE,
    ),
    **dict.fromkeys(
        ("horsetablissement", "horscabinet", "domicile", "audomicile"), ModeConclusion.HORS_ETABLISSEMENT
    ),
}
MOYENS = {
    **dict.fromkeys(("virement", "virementbancaire", "virements"), Moyen.VIREMENT),
    **dict.fromkeys(("cheque", "cheques"), Moyen.CHEQUE),
    **dict.fromkeys(("carte", "cartebancaire", "cb", "cartebleue"), Moyen.CARTE),
    **dict.fromkeys(("prelevement", "prelevementsepa", "prelevements"), Moyen.PRELEVEMENT),
    **dict.fromkeys(("especes", "liquide"), Moyen.ESPECES),
}
NIVEAUX = {
    **dict.fromkeys(("simple", "ses", "simpleotp"), Level.SIMPLE),
    **dict.fromkeys(("avancee", "advanced", "aes"), Level.ADVANCED),
    **dict.fromkeys(("qualifiee", "qualified", "qes"), Level.QUALIFIED),
}
AUTHENTICATIONS = {
    **dict.fromkeys(("aucune", "none", "sans"), Authentication.NONE),
    **dict.fromkeys(("email", "otpemail", "mail", "courriel"), Authentication.EMAIL_CODE),
    **dict.fromkeys(("sms", "otpsms", "otp"), Authentication.SMS_CODE),
    **dict.fromkeys(("identity", "identite"), Authentication.IDENTITY),
}
ORDERS = {
    **dict.fromkeys(("sequentiel", "sequentielle", "sequential"), Order.SEQUENTIAL),
    **dict.fromkeys(("parallele", "parallel", "simultane"), Order.PARALLEL),
}
#: "résultat" alone does not say how the work is paid: the other columns do, or the record is refused
RESULT = "resultat"
FEES = {
    **dict.fromkeys(("forfait", "forfaitaire", "honorairesforfaitaires", "auforfait"), "forfait"),
    **dict.fromkeys(
        ("horaire", "tauxhoraire", "tempspasse", "autempspasse", "honorairesautempspasse", "alheure"),
        "horaire",
    ),
    **dict.fromkeys(("forfaitresultat", "forfaitetresultat", "resultatetforfait"), "forfait_resultat"),
    **dict.fromkeys(
        ("horaireresultat", "horaireetresultat", "tempspasseetresultat", "tempspasseresultat"),
        "horaire_resultat",
    ),
    **dict.fromkeys(
        ("resultat", "auresultat", "honorairederesultat", "successfee", "quotalitis", "pourcentage"), RESULT
    ),
}
RELEVES = {
    **dict.fromkeys(("mensuel", "mensuelle", "chaquemois", "touslesmois", "mois"), Releve.MENSUEL),
    **dict.fromkeys(("bimestriel", "bimestrielle", "touslesdeuxmois"), Releve.BIMESTRIEL),
    **dict.fromkeys(("trimestriel", "trimestrielle", "chaquetrimestre", "trimestre"), Releve.TRIMESTRIEL),
    **dict.fromkeys(
        ("achaquefacture", "parfacture", "aveclafacture", "avecchaquefacture", "facture"),
        Releve.A_CHAQUE_FACTURE,
    ),
}
ASSIETTES = {
    **dict.fromkeys(
        ("sommespercues", "sommesobtenues", "sommesrecues", "gain", "gains"), Assiette.SOMMES_PERCUES
    ),
    **dict.fromkeys(("economie", "economies", "economierealisee"), Assiette.ECONOMIE),
    **dict.fromkeys(("condamnationevitee", "perteevitee"), Assiette.CONDAMNATION_EVITEE),
    **dict.fromkeys(("degrevement", "degrevementobtenu"), Assiette.DEGREVEMENT),
    "autre": Assiette.AUTRE,
}
FAMILLES = {
    **dict.fromkeys(("contentieux", "judiciaire", "litige", "procedure"), Famille.CONTENTIEUX),
    **dict.fromkeys(("conseil", "consultation", "juridique"), Famille.CONSEIL),
}
DEGRES = {
    **dict.fromkeys(
        ("premiereinstance", "1ereinstance", "1reinstance", "premierdegre", "1erdegre", "instance"),
        Degre.PREMIERE_INSTANCE,
    ),
    **dict.fromkeys(("appel", "enappel", "seconddegre", "2nddegre"), Degre.APPEL),
    **dict.fromkeys(("cassation", "pourvoi"), Degre.CASSATION),
}
AIDES = {
    **dict.fromkeys(("aucun", "aucune", "non", "sans", "pasdaide", "noneligible", "refusee"), StatutAj.AUCUN),
    **dict.fromkeys(("demandee", "encours", "demandeencours", "ajdemandee"), StatutAj.DEMANDEE),
    **dict.fromkeys(("partielle", "ajpartielle", "partiel"), StatutAj.PARTIELLE),
    **dict.fromkeys(("totale", "ajtotale", "total"), StatutAj.TOTALE),
    **dict.fromkeys(("retiree", "ajretiree", "retrait"), StatutAj.RETIREE),
}
YES = frozenset({"oui", "o", "yes", "y", "vrai", "true", "1", "x", "on"})
NO = frozenset({"non", "n", "no", "faux", "false", "0", "off"})
FRENCH_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def one_of(words: Mapping[str, Value], accepted: str) -> Callable[[Any], Value]:
    """A parser of a closed list; ``accepted`` is what the refusal proposes, in French."""

    def parse(value: Any) -> Value:
        folded = fold(plain_line(value))
        if folded not in words:
            raise Fault("unknown_choice", f"la valeur n'est pas connue ; écrivez {accepted}")
        return words[folded]

    return parse


def yes_no(value: Any) -> bool:
    value = single(value)
    if isinstance(value, bool):
        return value
    folded = fold(plain_line(value))
    if folded in YES or folded in NO:
        return folded in YES
    raise Fault("yes_no", "la réponse n'est ni oui ni non ; écrivez « oui » ou « non »")


def day(value: Any) -> date:
    """``JJ/MM/AAAA`` or ISO 8601; a time with an offset is read in Paris."""
    value = single(value)
    try:
        if isinstance(value, datetime):
            return _plausible(value.astimezone(PARIS).date() if value.tzinfo else value.date())
        if isinstance(value, date):
            return _plausible(value)
        text = plain_line(value, longest=60)
        if found := FRENCH_DATE.fullmatch(text):
            return _plausible(date(int(found.group(3)), int(found.group(2)), int(found.group(1))))
        if ISO_DATE.match(text):
            moment = datetime.fromisoformat(text)
            return _plausible(moment.astimezone(PARIS).date() if moment.tzinfo else moment.date())
    except (ValueError, OverflowError):
        pass
    raise Fault("date", "ce n'est pas une date valide ; écrivez-la JJ/MM/AAAA, comme 15/12/2026")


def calendar(value: Any) -> str:
    """When the work is done: a sentence, or a date, which is then written in full."""
    try:
        return long_date(day(value))
    except Fault:
        return line(value, longest=400, shortest=2)


def _plausible(found: date) -> date:
    if not 1900 <= found.year <= 2199:
        raise ValueError("not a year of our time")
    return found
