"""``filterByFormula``, as far as one comparison goes: ``{column}='text'`` (support.airtable.com, formula
field reference). Any other formula is refused rather than ignored."""

from __future__ import annotations

import re
from typing import Any

from sandbox.airtable.refusals import Refusal

_COMPARISON = re.compile(r"\{(?P<column>(?:[^}\\]|\\.)+)\}\s*=\s*'(?P<value>(?:[^'\\]|\\.)*)'", re.DOTALL)


def parsed(formula: str) -> tuple[str, str]:
    """(column, text). Raises Refusal 422."""
    found = _COMPARISON.fullmatch(formula)
    if found is None:
        raise invalid("The formula for filtering records is invalid: it is not evaluated here")
    return found["column"].replace("\\}", "}"), re.sub(r"\\(.)", r"\1", found["value"], flags=re.DOTALL)


def invalid(message: str) -> Refusal:
    return Refusal(422, "INVALID_FILTER_BY_FORMULA", message)


def says(cell: Any, value: str) -> bool:
    """A lookup or a list is compared as its values joined; a number is never a text."""
    if isinstance(cell, list):
        cell = ", ".join(str(item) for item in cell)
    return isinstance(cell, str) and cell == value
