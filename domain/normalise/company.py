"""Legal persons: identifiers with their keys, legal form, registry town."""

from __future__ import annotations

import re
from typing import Any

from stdnum.fr import siren as siren_number

from domain.normalise.choice import FORMES
from domain.normalise.fault import Fault
from domain.normalise.text import as_number, fold, line, plain_line, single
from domain.record_types import Forme


def denomination(value: Any) -> str:
    text = line(value, longest=160)
    if not any(char.isalnum() for char in text):
        raise Fault(
            "denomination", "la dénomination ne contient ni lettre ni chiffre ; recopiez celle du Kbis"
        )
    return text


def siren(value: Any) -> str:
    """Nine digits and their Luhn key (R-04); a SIRET gives the SIREN it begins with."""
    cell = single(value)
    digits = re.sub(r"[ .]", "", plain_line(cell, longest=40))
    if as_number(cell) is not None:
        digits = digits.zfill(9)
    if not re.fullmatch(r"[0-9]{9}|[0-9]{14}", digits):
        raise Fault("siren", "un SIREN a neuf chiffres ; recopiez celui du Kbis ou de l'avis Insee")
    if not siren_number.is_valid(digits[:9]) or not int(digits[:9]):
        raise Fault("siren_key", "la clé du SIREN est fausse, un chiffre a dû être mal recopié ; vérifiez-le")
    return digits[:9]


def rna(value: Any) -> str:
    text = plain_line(value, longest=20).replace(" ", "").upper()
    if not re.fullmatch(r"W[0-9]{9}", text):
        raise Fault("rna", "un numéro RNA est la lettre W et neuf chiffres ; recopiez celui du récépissé")
    return text


def rcs_town(value: Any) -> str:
    """``RCS Paris`` -> ``Paris``."""
    return re.sub(r"^(?:(?:r\.?c\.?s\.?)[ :]+(?:de )?)+", "", line(value, longest=80), flags=re.IGNORECASE)


def legal_form(value: Any) -> Forme:
    folded = fold(plain_line(value))
    if folded in {"ei", "eirl", "entrepriseindividuelle", "microentreprise", "autoentreprise"}:
        raise Fault(
            "sole_trader",
            "une entreprise individuelle est une personne physique ; laissez vides la dénomination et la "
            "forme, et choisissez la qualité « professionnel »",
        )
    if folded not in FORMES:
        raise Fault(
            "legal_form",
            "la forme juridique n'est pas connue ; écrivez SAS, SARL, SCI, association... ou « autre »",
        )
    return FORMES[folded]
