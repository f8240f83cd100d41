"""Text as people paste it, made fit to print: what is invisible goes, what would deceive is refused.

Every function is stable: cleaning a clean text changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from domain.normalise.fault import Fault

MAX_INPUT = 20_000  # characters of one cell, before any work on it
LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")  # spreadsheets break lines with U+000B
BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# In the PDF these would be read as signature anchors, or taken for a leftover of the template.
TEMPLATE_MARKS = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
HARD_SPACES = "\u00a0\u202f"


def fold(text: str) -> str:
    """``N° de Téléphone`` -> ``ndetelephone``: what is left when case, accents, spaces do not count."""
    bare = unicodedata.normalize("NFKD", text)
    return "".join(char for char in bare.casefold() if char.isalnum())


def is_missing(value: Any) -> bool:
    """Nothing was given: None, an empty list, or a text that shows nothing."""
    if isinstance(value, str):
        return all(char.isspace() or unicodedata.category(char) in {"Cc", "Cf"} for char in value)
    return value is None or (isinstance(value, list | tuple) and all(is_missing(one) for one in value))


def single(value: Any) -> Any:
    """A look-up cell holds a list of one; a list of several where one is wanted is refused."""
    for _ in range(4):
        if not isinstance(value, list | tuple):
            break
        kept = [one for one in value if not is_missing(one)]
        if len(kept) != 1:
            raise Fault("several_values", "plusieurs valeurs sont données ; n'en gardez qu'une")
        value = kept[0]
    if isinstance(value, Mapping):
        raise Fault("cell_error", "la cellule ne contient pas une valeur simple ; corrigez sa formule")
    return value


def as_text(value: Any) -> str:
    """The text of a cell, numbers included (``75002.0`` -> ``75002``); refuses what is no text."""
    value = single(value)
    if isinstance(value, str):
        if len(value) > MAX_INPUT:
            raise Fault("too_long", "le texte est beaucoup trop long ; raccourcissez-le")
        return value
    if isinstance(value, date):
        return value.isoformat()
    number = as_number(value)
    if number is None:
        raise Fault("not_text", "ce n'est pas un texte ; écrivez la valeur en toutes lettres")
    return str(int(number)) if number == int(number) else str(number)


def as_number(value: Any) -> Decimal | None:
    """The number of a cell that holds one (never a bool, NaN, infinity or an absurd size), else None."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    if isinstance(value, int):
        return Decimal(value) if abs(value) < 10**15 else None
    number = Decimal(str(value))
    return number if number.is_finite() and abs(number) < 10**15 else None


def clean(value: Any) -> str:
    """NFC, line breaks as ``\\n``, invisible characters dropped, spaces collapsed.

    Refuses broken characters, right-to-left text and marks that would be read as template code.
    """
    text = unicodedata.normalize("NFC", LINE_BREAKS.sub("\n", _readable(as_text(value))))
    visible = "".join(
        char for char in text if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cf"}
    )
    lines = [_collapse(line) for line in unicodedata.normalize("NFC", visible).split("\n")]
    cleaned = "\n".join(line for line in lines if line)
    if TEMPLATE_MARKS.search(cleaned):
        raise Fault("template_code", "le texte contient des accolades de modèle ; retirez-les")
    return cleaned


def line(value: Any, *, longest: int = 200, shortest: int = 1) -> str:
    """One cleaned line of text; line breaks become spaces."""
    text = _collapse(clean(value).replace("\n", " "))
    if len(text) < shortest:
        raise Fault("too_short", f"le texte est trop court ; écrivez au moins {shortest} caractères")
    if len(text) > longest:
        raise Fault("too_long", f"le texte est trop long ; tenez-vous à {longest} caractères")
    return text


def plain_line(value: Any, *, longest: int = 200) -> str:
    """A line where every space is an ordinary one: names, codes, choices."""
    return " ".join(line(value, longest=longest).split())


def _readable(text: str) -> str:
    for char in text:
        if unicodedata.category(char) in {"Cs", "Co"} or (_unassigned(char)):
            raise Fault("unreadable", "le texte contient un caractère illisible ; retapez-le")
        if char in BIDI_CONTROLS or unicodedata.bidirectional(char) in {"R", "AL", "AN"}:
            raise Fault(
                "right_to_left",
                "le texte contient une écriture de droite à gauche ; transcrivez-le en caractères latins",
            )
    return text


def _unassigned(char: str) -> bool:
    return unicodedata.category(char) == "Cn" and char not in "\ufffe\uffff"


def _collapse(text: str) -> str:
    """Runs of spaces to one; a single no-break space, as French typography wants them, stays."""
    spaced = re.sub(rf"[^\S{HARD_SPACES}]+", " ", text)
    return re.sub(rf" *([{HARD_SPACES}])[ {HARD_SPACES}]*", r"\1", spaced).strip()
