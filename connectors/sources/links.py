"""Records linked to the one that is read: their columns complete it, whatever tool keeps them.

The main record's own columns win. Nothing is guessed: two links that say two things are refused, and so is a
third record in one column. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.aliases import CO_CLIENT_PREFIXES
from domain.errors import FieldError, Invalid
from domain.normalise.columns import find
from domain.normalise.text import fold

#: the second record of a column is the second client
SECOND = CO_CLIENT_PREFIXES[0]


@dataclass(frozen=True)
class Link:
    """``table`` is where the linked record stands ("" when its identifier is enough); ``prefix`` goes before
    the names of its columns ("Avocat" makes "Avocat Nom" of "Nom")."""

    table: str
    prefix: str

    def named(self, rank: int, fields: Mapping[str, Any]) -> dict[str, Any]:
        """The columns of the record of this rank (0 or 1), under the names that the agreement knows."""
        prefix = SECOND if rank else self.prefix
        return {f"{prefix} {column}" if prefix else column: value for column, value in fields.items()}


def most(link: Link) -> int:
    """How many records the column may link: a column with a prefix is about one person."""
    return 1 if link.prefix else 2


def parsed(text: str, *, with_table: bool) -> dict[str, Link]:
    """The setting: column -> table or [table, prefix]; without tables, column -> prefix. Raises ValueError
    in French."""
    shape = '{"colonne": "table"} ou {"colonne": ["table", "préfixe"]}' if with_table else '{"relation": ""}'
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise ValueError(f"attendu, en JSON : {shape}")
    links = {}
    for column, value in given.items():
        parts = value if isinstance(value, list) else [value] if with_table else ["", value]
        if not (1 <= len(parts) <= 2 and all(isinstance(part, str) for part in parts)):
            raise ValueError(f"attendu, en JSON : {shape}")
        table, prefix = parts[0], "".join(parts[1:]).strip()
        if with_table and table in {"", ".", ".."}:
            raise ValueError("une table liée n'a pas de nom")
        links[column] = Link(table, prefix)
    return links


def too_many(system: str, setting: str, column: str, link: Link) -> Invalid:
    detail = (
        f"La colonne « {column} », qui a un préfixe dans {setting}, lie plus d'une fiche : gardez-en une."
        if link.prefix
        else f"La colonne « {column} » lie plus de deux fiches : gardez-y un client et un co-client."
    )
    return Invalid(
        f"{system}_too_many_links", detail, (FieldError(column, "too_many_links", "Trop de fiches liées."),)
    )


def completed(
    system: str, setting: str, main: Mapping[str, Any], linked: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """``main`` with what ``linked`` adds (already named), whatever words a column uses for its field. Raises
    Invalid when two of them give one field two values that ``main`` does not settle."""
    settled = {_meaning(column) for column in main}
    added: dict[str, tuple[str, Any]] = {}
    torn = set()
    for fields in linked:
        for column, value in fields.items():
            if (meaning := _meaning(column)) in settled:
                continue
            first, standing = added.setdefault(meaning, (column, value))
            if standing != value:
                torn |= {first, column}
    if torn:
        columns = sorted(torn)
        names = ", ".join(f"« {one} »" for one in columns)
        raise Invalid(
            f"{system}_links_disagree",
            f"Deux fiches liées donnent deux valeurs à {names} : donnez un préfixe à l'une des colonnes "
            f"liées dans {setting}, ou remplissez-les dans la fiche elle-même.",
            tuple(FieldError(one, "links_disagree", "Deux valeurs pour cette colonne.") for one in columns),
        )
    return {**main, **dict(added.values())}


def _meaning(column: str) -> str:
    """What two spellings of one field share."""
    return find(column) or fold(column)
