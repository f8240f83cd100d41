"""Which field is read how. Required are the fields without which an agreement cannot lawfully be made."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from domain.normalise import amount, choice, lists, person
from domain.normalise.choice import one_of
from domain.normalise.contact import email, telephone
from domain.normalise.fault import Fault
from domain.normalise.reader import Reader
from domain.normalise.text import line, plain_line
from domain.record_matter import Famille
from domain.record_terms import NUMERO
from domain.record_types import RegimeTva

MODES = "« cabinet », « distance », « mixte » ou « hors établissement »"
LEVELS = "« simple », « avancée » ou « qualifiée »"
AUTHENTICATIONS = "« sms », « e-mail » ou « aucune »"
ORDERS = "« séquentiel » ou « parallèle »"


def dossier(reader: Reader) -> None:
    reader.read("dossier.numero", file_number, required=True)
    reader.read("dossier.intitule", text(120))
    reader.read("dossier.sensible", choice.yes_no)
    reader.read("dossier.contentieux_probable", choice.yes_no)


def avocat(reader: Reader) -> None:
    reader.read("avocat.civilite", person.civilite)
    reader.read("avocat.prenoms", person.name, required=True)
    reader.read("avocat.nom", person.name, required=True)
    reader.read("avocat.email", email, required=True)
    reader.read("avocat.telephone", lambda value: telephone(value, None))


def mission(reader: Reader, *, consumer: bool) -> None:
    """A consumer must be told when the work is done (code de la consommation, L. 111-1 3°); advice has at
    least one deliverable (R-CNS-01)."""
    reader.read("mission.objet", text(600, shortest=10), required=True)
    if reader.read("mission.diligences", lists.items, required=True) == ():
        reader.missing("mission.diligences")
    if reader.read("mission.exclusions", lists.items, required=True) == ():
        reader.missing("mission.exclusions")
    advice = reader.parsed.get("matter.family") is Famille.CONSEIL
    if reader.read("mission.livrables", lists.deliverables, required=advice) == () and advice:
        reader.missing("mission.livrables")
    reader.read("mission.calendrier", choice.calendar, required=consumer)


def tva(reader: Reader) -> None:
    """Under the franchise of article 293 B the rate is nought, and need not be written."""
    regime = reader.read("tva.regime", one_of(choice.REGIMES, "« assujetti » ou « franchise »"))
    if regime is RegimeTva.FRANCHISE and not reader.has("tva.taux"):
        reader.parsed["tva.taux"] = Decimal("0.00")
        return
    reader.read("tva.taux", amount.vat_rate, required=True)


def payment(reader: Reader) -> None:
    reader.read("debours", lists.costs, required=True)
    if reader.read("provision.ht", amount.euros_ht) == 0:
        del reader.parsed["provision.ht"]  # "0" in a column says that there is none
    elif reader.has("provision.ht") or reader.has("provision.exigible_le"):
        reader.read("provision.ht", amount.positive_ht, required=True)
        reader.read("provision.exigible_le", choice.day)
    reader.read("paiement.echeances", lists.payments)
    if reader.read("paiement.moyens", lists.means, required=True) == ():
        reader.missing("paiement.moyens")


def conclusion(reader: Reader) -> None:
    reader.read("conclusion.mode", one_of(choice.MODES, MODES), required=True)
    reader.read("conclusion.lieu", text(80))
    reader.read("conclusion.debut_immediat", choice.yes_no)
    reader.read("conclusion.interface_en_ligne", choice.yes_no)


def signature(reader: Reader) -> None:
    reader.read("signature.niveau", one_of(choice.NIVEAUX, LEVELS))
    reader.read("signature.authentification", one_of(choice.AUTHENTICATIONS, AUTHENTICATIONS))
    reader.read("signature.ordre", one_of(choice.ORDERS, ORDERS))
    reader.read("signature.derogation_motif", text(300))


def text(longest: int, shortest: int = 1) -> Callable[[Any], str]:
    return lambda value: line(value, longest=longest, shortest=shortest)


def file_number(value: Any) -> str:
    """Capitals, spaces trimmed; only what every provider and store takes."""
    number = plain_line(value).upper()
    if not NUMERO.fullmatch(number):
        raise Fault(
            "file_number",
            "le numéro ne prend que lettres sans accent, chiffres, espaces et . _ / -, quarante au plus ; "
            "corrigez-le",
        )
    return number
