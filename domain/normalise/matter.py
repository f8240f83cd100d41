"""Reads the matter, its court, legal aid and legal expenses insurance."""

from __future__ import annotations

from typing import Any, Literal, cast

from domain.normalise import amount, choice
from domain.normalise.choice import one_of
from domain.normalise.fault import Fault
from domain.normalise.rates import percent
from domain.normalise.reader import Reader
from domain.normalise.sections import text
from domain.record_matter import Famille, StatutAj

FAMILIES = "« contentieux » ou « conseil »"
DEGREES = "« première instance », « appel » ou « cassation »"
AIDS = "« aucune », « demandée », « partielle », « totale » ou « retirée »"
AID_DETAILS = ("taux", "numero", "date", "bureau", "part_etat")


def matter(reader: Reader) -> None:
    """A court that is named makes a contentieux (R-CNT-01): its degree must be known too."""
    family = reader.read("matter.family", one_of(choice.FAMILLES, FAMILIES))
    reader.read("matter.nature", text(80, shortest=2))
    reader.read("matter.postulation", text(300, shortest=2))
    reader.read("matter.redaction_acte", choice.yes_no)
    reader.read("lcbft.applicable", choice.yes_no)
    court = any(reader.has(f"contentieux.{name}") for name in ("juridiction", "degre", "rg"))
    if court and family is Famille.CONSEIL:
        reader.fault(
            "matter.family",
            Fault(
                "court_for_advice",
                "l'affaire est dite de conseil et la fiche nomme une juridiction ; "
                "écrivez « contentieux » ou videz la juridiction, le degré et le numéro RG",
            ),
        )
    elif court and not reader.has("matter.family"):
        reader.parsed["matter.family"] = Famille.CONTENTIEUX
    needed = court or family is Famille.CONTENTIEUX
    reader.read("contentieux.juridiction", text(120, shortest=2), required=needed)
    reader.read("contentieux.degre", one_of(choice.DEGRES, DEGREES), required=needed)
    reader.read("contentieux.rg", text(40))
    reader.read("contentieux.partie_adverse", text(160))
    reader.read("contentieux.montant_en_jeu", amount.positive)


def legal_aid(reader: Reader) -> None:
    """R-AJ-02: partial aid is told with its decision and the State's share (loi 91-647, art. 35)."""
    details = any(reader.has(f"aj.{name}") for name in AID_DETAILS)
    status = reader.read("aj.statut", one_of(choice.AIDES, AIDS), required=details)
    partial = status is StatutAj.PARTIELLE
    reader.read("aj.numero", text(40), required=partial)
    reader.read("aj.date", choice.day, required=partial)
    reader.read("aj.bureau", text(120, shortest=2), required=partial)
    reader.read("aj.taux", _aid_rate, required=partial)
    reader.read("aj.part_etat", amount.positive, required=partial)
    reader.read("aj.information_donnee_le", choice.day)


def insurance(reader: Reader) -> None:
    """An insurer who is named pays, unless the record says no; and then the client was asked."""
    insurer = reader.read("pj.assureur", text(120))
    active = reader.read("pj.active", choice.yes_no)
    asked = reader.read("pj.interroge", choice.yes_no)
    reader.read("pj.police", text(60))
    reader.read("pj.plafond", amount.positive)
    if insurer and active is None and not reader.has("pj.active"):
        active = reader.parsed["pj.active"] = True
    if active and asked is None and not reader.has("pj.interroge"):
        reader.parsed["pj.interroge"] = True
    if active and not reader.has("pj.assureur"):  # R-PJ-01
        reader.missing("pj.assureur")


def _aid_rate(value: Any) -> Literal[25, 55]:
    rate = percent(value)
    if rate not in (25, 55):
        raise Fault("aid_rate", "l'aide partielle est de 25 % ou de 55 % ; recopiez le taux de la décision")
    return cast(Literal[25, 55], int(rate))
