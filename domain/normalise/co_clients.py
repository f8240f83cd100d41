"""Other persons of the agreement, co-clients and guarantors: a list, or columns such as "Co-client nom"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.normalise.columns import MEMBER, Resolved, resolve, walk
from domain.normalise.fault import Fault
from domain.normalise.text import is_missing
from domain.record_types import MAX_CO_CONTRACTANTS, MAX_GARANTS

GROUPS = {"co_contractants": ("co-client", MAX_CO_CONTRACTANTS), "garants": ("garant", MAX_GARANTS)}


def spread(resolved: Resolved, group: str) -> list[str]:
    """Put them under ``<group>.<n>.``, listed ones first, without gaps; returns these prefixes."""
    word, most = GROUPS[group]
    rows = _listed(resolved, group) + _flat(resolved, group)
    if len(rows) > most:
        resolved.faults[group] = Fault("too_many", f"il y a trop de {word}s ; tenez-vous à {most}")
    bases = [f"{group}.{rank}" for rank in range(min(len(rows), most))]
    for base, row in zip(bases, rows, strict=False):
        resolved.values |= {f"{base}.{name}": cell for name, cell in row.values.items()}
        resolved.faults |= {f"{base}.{name}": fault for name, fault in row.faults.items()}
        resolved.ignored += [f"{base}.{name}" for name in row.ignored]
    return bases


def _listed(resolved: Resolved, group: str) -> list[Resolved]:
    given: Any = resolved.values.pop(group, [])
    word, most = GROUPS[group]
    rows = []
    cells = given if isinstance(given, list | tuple) else [given]
    for row in cells[: most + 1]:  # one too many is enough to refuse
        if isinstance(row, Mapping):
            rows.append(_person(row, group))
        elif not is_missing(row):
            resolved.faults[group] = Fault(
                "co_clients", f"la liste ne contient pas des personnes ; donnez une fiche par {word}"
            )
    return rows


def _person(row: Mapping[str, Any], group: str) -> Resolved:
    if group == "co_contractants":
        return _without_prefix(resolve({"client": row}), "client.")
    cells = {name.replace("client.", "garants.0.", 1): cell for name, cell in walk({"client": row}, "")}
    return _without_prefix(resolve(cells), "garants.0.")


def _without_prefix(inner: Resolved, start: str) -> Resolved:
    """The fields of one person, by their own names; what else stood there is ignored."""
    return Resolved(
        {path.removeprefix(start): cell for path, cell in inner.values.items() if path.startswith(start)},
        [
            *(name.removeprefix(start) for name in inner.ignored),
            *(path for path in inner.values if not path.startswith(start)),
        ],
        {path.removeprefix(start): fault for path, fault in inner.faults.items() if path.startswith(start)},
    )


def _flat(resolved: Resolved, group: str) -> list[Resolved]:
    rows: dict[int, Resolved] = {}
    for path in (*resolved.values, *resolved.faults):
        if not path.startswith(f"{group}.") or not MEMBER.fullmatch(path):
            continue
        _, rank, name = path.split(".", 2)
        row = rows.setdefault(int(rank), Resolved())
        if path in resolved.values:
            row.values[name] = resolved.values.pop(path)
        if path in resolved.faults:
            row.faults[name] = resolved.faults.pop(path)
    return [rows[rank] for rank in sorted(rows)]
