"""``filterByFormula``, as far as one comparison goes: ``{column}='text'``, or the same or a ticked box,
``OR({column}='text', {column}=TRUE())`` (support.airtable.com, formula field reference). Any other formula is
refused rather than ignored."""

from __future__ import annotations

import re
from typing import Any

from sandbox.airtable.refusals import Refusal

_FIELD = r"\{(?P<column>(?:[^}\\]|\\.)+)\}"
_COMPARISON = rf"{_FIELD}\s*=\s*'(?P<value>(?:[^'\\]|\\.)*)'"
_TEXT = re.compile(_COMPARISON, re.DOTALL)
_TEXT_OR_BOX = re.compile(rf"OR\({_COMPARISON},\s*\{{(?P=column)\}}\s*=\s*TRUE\(\)\)", re.DOTALL)


def parsed(formula: str) -> tuple[str, str, bool]:
    """(column, text, whether a ticked box will do). Raises Refusal 422."""
    found = _TEXT.fullmatch(formula) or _TEXT_OR_BOX.fullmatch(formula)
    if found is None:
        raise invalid("The formula for filtering records is invalid: it is not evaluated here")
    value = re.sub(r"\\(.)", r"\1", found["value"], flags=re.DOTALL)
    return found["column"].replace("\\}", "}"), value, found.re is _TEXT_OR_BOX


def invalid(message: str) -> Refusal:
    return Refusal(422, "INVALID_FILTER_BY_FORMULA", message)


def says(cell: Any, value: str, *, ticked: bool) -> bool:
    """A lookup or a list is compared as its values joined; a number is never a text, and ``TRUE()`` is 1."""
    if ticked and isinstance(cell, int | float) and cell == 1:
        return True
    if isinstance(cell, list):
        cell = ", ".join(str(item) for item in cell)
    return isinstance(cell, str) and cell == value
