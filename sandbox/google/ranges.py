"""A1 notation, as far as it is needed: a whole sheet, a cell, a rectangle (guide ``concepts``)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.google.refusals import Refusal

_TITLE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))", re.DOTALL)
_CELLS = re.compile(r"([A-Z]{1,3})([1-9][0-9]*)(?::([A-Z]{1,3})([1-9][0-9]*)?)?")


@dataclass(frozen=True)
class Range:
    """First and last are counted from nought; ``None`` as last goes to the end of the sheet."""

    title: str
    rows: tuple[int, int | None] = (0, None)
    columns: tuple[int, int | None] = (0, None)


def parsed(text: str) -> Range:
    """Raises Refusal 400, as Google does for a sheet that is not there."""
    found = _TITLE.match(text)
    rest = text[found.end() :] if found else text
    if found is None or (rest and not rest.startswith("!")):
        raise unparsable(text)
    title = found[1].replace("''", "'") if found[1] else found[2]
    if not rest:
        return Range(title)
    cells = _CELLS.fullmatch(rest[1:])
    if cells is None:
        raise unparsable(text)
    left, top = _column(cells[1]), int(cells[2]) - 1
    if cells[3] is None:
        return Range(title, (top, top), (left, left))
    return Range(title, (top, int(cells[4]) - 1 if cells[4] else None), (left, _column(cells[3])))


def unparsable(text: str) -> Refusal:
    return Refusal(400, "badRequest", f"Unable to parse range: {text}")


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
