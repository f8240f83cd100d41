"""A sheet as rows of named cells: what the header names, what a row says, which row a key means. Pure.

Source: ``ValueRange``, ``ErrorValue`` of the sheets.v4 discovery document: rows come ragged, without their
empty end, and a failed formula is a text. Unconfirmed: the French spelling of those texts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from connectors.sources.columns import is_ticked
from domain.errors import FieldError, Invalid, NotFound

Cell = str | bool | int | float | None
#: the header is the first row
HEADER = 1
_FAILED = re.compile(r"#N/A|#DIV/0|#[A-ZÉ/0]{3,8}[!?]|Loading\.\.\.")


def plain(text: str) -> str:
    """NFC, no space around, one space between words: how names and keys are compared."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def said(cell: Cell) -> str:
    """A cell as a key or a state is compared: ``1042.0`` says ``1042``. Zeros that a number has lost stay
    lost: a key that needs them stands in a column of text."""
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else plain(str(cell))


def letters(place: int) -> str:
    """The name that a sheet gives its columns: 0 is ``A``, 26 is ``AA``."""
    name, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


class Grid:
    """Raises Invalid for a header that names two columns alike, or leaves one with values without a name:
    what stands below could be taken for something else."""

    def __init__(self, values: Sequence[Sequence[Cell]]) -> None:
        width = max(map(len, values), default=0)
        padded = [[*row, *[""] * (width - len(row))] for row in values]
        names, self._rows = [said(cell) for cell in padded[0]] if padded else [], padded[HEADER:]
        nameless = [
            letters(place)
            for place, name in enumerate(names)
            if not name and any(said(row[place]) for row in self._rows)
        ]
        if nameless:
            raise _blank(nameless)
        twice = sorted({name for name in names if name and names.count(name) > 1})
        if twice:
            raise _duplicate(twice)
        self.columns = {name: place for place, name in enumerate(names) if name}

    def cell(self, number: int, column: str) -> Cell:
        """``number`` counts as the sheet does, the header being 1; ``column`` is one of ``columns``."""
        return self._rows[number - 1 - HEADER][self.columns[column]]

    def __contains__(self, number: int) -> bool:
        return HEADER < number <= len(self._rows) + HEADER

    def numbers(self, column: str, value: str) -> Iterator[int]:
        """The rows whose ``column`` says ``value``; a box that is ticked says each word that means it."""
        wanted, ticked = plain(value), is_ticked(value)
        for number in range(HEADER + 1, len(self._rows) + HEADER + 1):
            cell = self.cell(number, column)
            if said(cell) == wanted or (ticked and cell is True):
                yield number

    def number(self, key_column: str, key: str) -> int:
        """The one row of this key. Raises NotFound, or Invalid when several have it."""
        found = list(self.numbers(key_column, key))
        if not found:
            raise NotFound(
                "google_sheets_record_not_found",
                f"Aucune ligne de la feuille n'a ce « {key_column} » : vérifiez-le, et que la colonne est au "
                "format texte brut (un nombre perd ses zéros de tête).",
            )
        if len(found) > 1:
            rows = ", ".join(map(str, found[:10]))
            raise Invalid(
                "google_sheets_duplicate_key",
                f"Plusieurs lignes de la feuille ont ce « {key_column} » (lignes {rows}) : gardez-en une.",
            )
        return found[0]

    def key(self, key_column: str, number: int) -> str:
        """What names the row for good. Raises NotFound for no row, Invalid for one that has no key."""
        if number not in self:
            raise NotFound(
                "google_sheets_row_not_found", f"La feuille n'a pas de ligne {number} : vérifiez-la."
            )
        key = said(self.cell(number, key_column))
        if not key:
            raise Invalid(
                "google_sheets_row_without_key",
                f"La ligne {number} n'a pas de « {key_column} », sans quoi le hub ne la retrouverait pas une "
                "fois la feuille triée : donnez-lui un numéro.",
            )
        return key

    def cells(self, number: int, besides: Collection[str]) -> dict[str, Any]:
        """Column -> value, without ``besides``, empty cells and boxes that are not ticked (others do not give
        them); numbers stay numbers (what a firm's number columns have lost, the normalising knows)."""
        cells = {name: self.cell(number, name) for name in self.columns if name not in besides}
        return {name: cell for name, cell in cells.items() if said(cell) and cell is not False}

    def fields(self, number: int, besides: Collection[str]) -> dict[str, Any]:
        """``cells``; raises Invalid for a formula that failed."""
        cells = self.cells(number, besides)
        if failed := self.failed(cells):
            raise _failed(failed)
        return cells

    @staticmethod
    def failed(cells: Mapping[str, Any]) -> list[str]:
        """The columns whose formula failed."""
        return [name for name, cell in cells.items() if _FAILED.fullmatch(said(cell))]


def _blank(columns: Sequence[str]) -> Invalid:
    named = ", ".join(columns)
    return Invalid(
        "google_sheets_blank_column",
        f"Des valeurs n'ont pas de nom de colonne en première ligne (colonnes {named}) : nommez-les ou "
        "videz-les.",
        tuple(FieldError(one, "blank_column", "Cette colonne n'a pas de nom.") for one in columns),
    )


def _duplicate(columns: Sequence[str]) -> Invalid:
    named = ", ".join(f"« {one} »" for one in columns)
    return Invalid(
        "google_sheets_duplicate_column",
        f"Deux colonnes de la feuille portent le même nom ({named}) : renommez-en une.",
        tuple(
            FieldError(one, "duplicate_column", "Ce nom de colonne est donné deux fois.") for one in columns
        ),
    )


def _failed(columns: Sequence[str]) -> Invalid:
    named = ", ".join(f"« {one} »" for one in columns)
    return Invalid(
        "google_sheets_failed_formula",
        f"Une formule de la feuille est en erreur ou n'a pas fini dans {named} : corrigez-la, puis relancez.",
        tuple(
            FieldError(one, "failed_formula", "La formule de cette colonne est en erreur.") for one in columns
        ),
    )
