"""A few columns corrected in a record that is already there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.normalise.columns import CO_CONTRACTANT, find, walk
from domain.normalise.text import fold


def corrected(
    fields: Mapping[str, Any], changes: Mapping[str, Any], mapping: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """``fields`` with ``changes`` in their place: a changed column replaces whatever named the same field,
    under any of its names; an empty one takes the value away. A list is replaced as a whole, and a list of
    co-clients replaces the columns that described one."""
    mapped = {fold(column): target for column, target in (mapping or {}).items()}

    def field(name: str) -> str:
        return mapped.get(fold(name)) or find(name) or name

    changed = {field(name) for name, _ in walk(changes, "")}

    def stays(name: str) -> bool:
        listed = "co_contractants" in changed and CO_CONTRACTANT.fullmatch(field(name))
        return field(name) not in changed and not listed

    return {**{name: cell for name, cell in walk(fields, "") if stays(name)}, **changes}
