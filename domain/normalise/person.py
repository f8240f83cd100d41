"""Civilités and names. Names are never parsed: separate columns, or a refusal that says so."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from domain.normalise.fault import Fault
from domain.normalise.text import fold, plain_line
from domain.record_types import Civilite

CIVILITES = {
    **dict.fromkeys(("m", "mr", "monsieur", "mister", "sir"), Civilite.MONSIEUR),
    **dict.fromkeys(("mme", "mrs", "ms", "madame", "mlle", "mademoiselle", "melle", "miss"), Civilite.MADAME),
    **dict.fromkeys(("me", "maitre"), Civilite.MAITRE),
    **dict.fromkeys(("", "na", "mx", "aucune", "neutre"), Civilite.AUCUNE),
}
TITLES = frozenset({"dr", "docteur", "pr", "professeur", "prof"})
#: written before a name in the wrong column; the very short ones could be a name
PREFIXES = frozenset(
    {"mr", "mme", "mlle", "melle", "monsieur", "madame", "mademoiselle", "maitre", "docteur", "dr"}
)
AFTER_ONE = frozenset({"de", "du", "des", "d'", "d’", "van", "von", "der", "den", "di", "da", "dos"})
#: lower only after "de": "de la Tour", but "La Fontaine", "Le Goff"
AFTER_DE = frozenset({"la", "le", "les", "l'", "l’"})
TWO_PERSONS = re.compile(r"(?:^|\s)(?:et|ou|and|&|\+)(?:\s|$)", re.IGNORECASE)
WORD = re.compile(r"[^\s'’-]+['’]?|[\s'’-]")


def civilite(value: Any) -> Civilite:
    """The canonical value of every usual spelling (data dictionary 3.4.1)."""
    text = plain_line(value)
    if TWO_PERSONS.search(text) or "&" in text or fold(text) in {"couple", "metmme", "mmeetm", "mmme"}:
        raise Fault(
            "two_persons",
            "deux personnes sont deux parties ; gardez-en une ici et ajoutez l'autre comme co-client",
        )
    folded = fold(text)
    if folded in TITLES:
        raise Fault("title", "un titre n'est pas une civilité ; écrivez « M. » ou « Mme »")
    if folded not in CIVILITES:
        raise Fault("unknown_civilite", "civilité inconnue ; écrivez « M. », « Mme », « Me » ou laissez vide")
    return CIVILITES[folded]


def name(value: Any) -> str:
    """A first name or a surname: Latin letters, spaces, hyphens, apostrophes; at most 80 characters.

    Re-cased only when it came all in capitals or all in small letters.
    """
    text = plain_line(value, longest=80)
    if TWO_PERSONS.search(text) or "&" in text:
        raise Fault(
            "two_persons",
            "le nom semble désigner deux personnes ; une personne par fiche, l'autre comme co-client",
        )
    first, _, rest = text.partition(" ")
    if rest and (fold(first) in PREFIXES or first.casefold() == "m."):
        raise Fault("civilite_in_name", "la civilité est dans le nom ; mettez-la dans la colonne Civilité")
    _check_letters(text)
    return _recase(text)


def _check_letters(text: str) -> None:
    if not any(char.isalpha() for char in text):
        raise Fault(
            "not_a_name", "le nom ne contient aucune lettre ; écrivez-le comme sur la pièce d'identité"
        )
    for char in text:
        if char.isalpha() and not _is_latin(char):
            raise Fault(
                "not_latin",
                "le nom n'est pas en caractères latins ; écrivez-le comme sur la pièce d'identité",
            )
        if not (char.isalpha() or char in " -'’." or unicodedata.category(char) == "Mn"):
            raise Fault(
                "not_a_name",
                "le nom contient un chiffre ou un signe ; gardez les lettres, traits d'union et apostrophes",
            )


@lru_cache(maxsize=2048)
def _is_latin(char: str) -> bool:
    return unicodedata.name(char, "").startswith("LATIN ")


def _recase(text: str) -> str:
    """``DE LA TOUR`` -> ``de la Tour``, ``jean-pierre`` -> ``Jean-Pierre``; mixed case is left as typed."""
    if not (text.isupper() or text.islower()):
        return text
    words = WORD.findall(text)
    last = max(rank for rank, word in enumerate(words) if word[0].isalpha())
    previous, recased = "", ""
    for rank, word in enumerate(words):
        lower = word.lower()
        small = lower in AFTER_ONE or (lower in AFTER_DE and previous == "de")
        if word[0].isalpha():
            previous = lower
            recased += lower if small and rank != last else _capital(lower)
        else:
            recased += word
    composed = unicodedata.normalize("NFC", recased)
    return composed if len(composed) == len(text) else text


def _capital(lower: str) -> str:
    if lower.startswith("mc") and len(lower) > 3:
        return f"Mc{lower[2].upper()}{lower[3:]}"
    return lower[0].upper() + lower[1:]
