"""Addresses (data dictionary 3.6): lines, post code as text, town, country."""

from __future__ import annotations

import re
from typing import Any

from domain.french import COUNTRIES
from domain.normalise.fault import Fault
from domain.normalise.text import as_number, clean, fold, line, plain_line, single

COUNTRY_CODES = {
    **{fold(code): code for code in COUNTRIES},
    **{fold(name): code for code, name in COUNTRIES.items()},
}
#: overseas parts of France that have a country code of their own and a French post code
PART_OF_FRANCE = frozenset({"GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "WF", "PF", "NC"})
FRENCH_POSTCODE = re.compile(r"(?:0[1-9]|[1-8][0-9]|9[0-8])[0-9]{3}")
FOREIGN_POSTCODE = re.compile(r"[A-Z0-9][A-Z0-9 -]{1,11}")
LAST_LINE = re.compile(
    r"(?:(.*\S)[\s,]+)?([0-9]{5})[ ,]+([^\d,]+?(?: (?:cedex )?[0-9]{1,2})?)(?:, *france)?", re.I
)


def country(value: Any) -> str:
    """``Belgique``, ``BE`` -> ``BE``."""
    code = COUNTRY_CODES.get(fold(plain_line(value)))
    if code is None:
        raise Fault(
            "country", "le pays n'est pas reconnu ; écrivez son nom français ou son code à deux lettres"
        )
    return "FR" if code in PART_OF_FRANCE else code


def postcode(value: Any, pays: str) -> str:
    """Five digits in France, kept as text; a spreadsheet's number gets its leading zero back."""
    cell = single(value)
    text = plain_line(cell, longest=20).upper()
    if pays != "FR":
        if not FOREIGN_POSTCODE.fullmatch(text):
            raise Fault(
                "postcode", "le code postal n'a pas la forme attendue ; recopiez-le en lettres et chiffres"
            )
        return text
    if as_number(cell) is not None and len(text) == 4:
        text = f"0{text}"
    text = text.replace(" ", "").removeprefix("F-")
    if not FRENCH_POSTCODE.fullmatch(text):
        raise Fault("postcode", "un code postal français a cinq chiffres ; écrivez-le comme 75002 ou 01000")
    return text


def town(value: Any) -> str:
    text = line(value, longest=80)
    if not any(char.isalpha() for char in text):
        raise Fault("town", "le nom de la ville ne contient aucune lettre ; écrivez-le en toutes lettres")
    return text


def lines(value: Any) -> tuple[str, ...]:
    """One to five printed lines, without the line of the post code when it is recognised elsewhere."""
    cells = value if isinstance(value, list | tuple) else [value]
    found = [one for cell in cells for one in clean(cell).split("\n") if one.strip(" ,;")]
    tidy = tuple(line(one.strip(" ,;"), longest=120) for one in found)
    if len(tidy) > 5:
        raise Fault("too_many_lines", "l'adresse a trop de lignes ; tenez-vous à cinq")
    return tidy


def split_town(
    printed: tuple[str, ...], code: str | None, commune: str | None
) -> tuple[tuple[str, ...], str | None, str | None]:
    """Take ``75002 Paris`` off the end of a French address; it completes or repeats the other columns."""
    while printed and (found := LAST_LINE.fullmatch(printed[-1])):
        rest, its_code, its_commune = found.groups()
        if (code or its_code) != its_code or fold(commune or its_commune) != fold(its_commune):
            raise Fault(
                "address_contradiction",
                "l'adresse finit par une autre ville que celle des autres colonnes ; corrigez-la",
            )
        code, commune = code or its_code, commune or its_commune
        kept = (rest.strip(" ,;"),) if rest and rest.strip(" ,;") else ()
        printed = printed[:-1] + kept
    return printed, code, commune
