"""Other clients of the same agreement: a list of persons, or columns such as "Co-client nom"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.normalise.columns import CO_CONTRACTANT, Resolved, resolve
from domain.normalise.fault import Fault
from domain.normalise.text import is_missing
from domain.record_types import MAX_CO_CONTRACTANTS

SECTION = "co_contractants"


def spread(resolved: Resolved) -> int:
    """Put them under ``co_contractants.<n>.``, listed ones first, without gaps; returns how many."""
    rows = _listed(resolved) + _flat(resolved)
    if len(rows) > MAX_CO_CONTRACTANTS:
        resolved.faults[SECTION] = Fault(
            "too_many", f"il y a trop de co-clients ; tenez-vous à {MAX_CO_CONTRACTANTS}"
        )
    kept = rows[:MAX_CO_CONTRACTANTS]
    for rank, row in enumerate(kept):
        resolved.values |= {f"{SECTION}.{rank}.{name}": cell for name, cell in row.values.items()}
        resolved.faults |= {f"{SECTION}.{rank}.{name}": fault for name, fault in row.faults.items()}
        resolved.ignored += [f"{SECTION}.{rank}.{name}" for name in row.ignored]
    return len(kept)


def _listed(resolved: Resolved) -> list[Resolved]:
    given: Any = resolved.values.pop(SECTION, [])
    rows = []
    cells = given if isinstance(given, list | tuple) else [given]
    for row in cells[: MAX_CO_CONTRACTANTS + 1]:  # one too many is enough to refuse
        if isinstance(row, Mapping):
            rows.append(_without_prefix(resolve({"client": row})))
        elif not is_missing(row):
            resolved.faults[SECTION] = Fault(
                "co_clients", "la liste ne contient pas des personnes ; donnez une fiche par co-client"
            )
    return rows


def _without_prefix(inner: Resolved) -> Resolved:
    """The fields of one person, by their names in ``client``; what else stood there is ignored."""
    start = "client."
    return Resolved(
        {path.removeprefix(start): cell for path, cell in inner.values.items() if path.startswith(start)},
        [
            *(name.removeprefix(start) for name in inner.ignored),
            *(path for path in inner.values if not path.startswith(start)),
        ],
        {path.removeprefix(start): fault for path, fault in inner.faults.items() if path.startswith(start)},
    )


def _flat(resolved: Resolved) -> list[Resolved]:
    rows: dict[int, Resolved] = {}
    for path in [one for one in (*resolved.values, *resolved.faults) if CO_CONTRACTANT.fullmatch(one)]:
        _, rank, name = path.split(".", 2)
        row = rows.setdefault(int(rank), Resolved())
        if path in resolved.values:
            row.values[name] = resolved.values.pop(path)
        if path in resolved.faults:
            row.faults[name] = resolved.faults.pop(path)
    return [rows[rank] for rank in sorted(rows)]
