"""Lists in one cell: one item per line, or a real list; and the small tables of phases, costs and dates.

A line of such a table is ``libellé : montant`` or ``libellé ; date ; montant``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from domain.normalise.amount import euros, positive_ht, positive_ttc
from domain.normalise.choice import MOYENS, calendar, day, one_of
from domain.normalise.fault import Fault
from domain.normalise.text import clean, fold, is_missing, line, single
from domain.record_types import MAX_ITEMS, Moyen

BULLET = re.compile(r"(?:[•·▪*]\s*|[-–—](?:\s+|$)|[0-9]{1,2}[.)]\s+)+")
CELLS = re.compile(r"\s*[;|]\s*")
NONE = frozenset({"aucun", "aucune", "neant", "non", "sans", "sansobjet", "0", "pasdedebours"})
ON_PROOF = frozenset({"surjustificatif", "surjustificatifs", "surpresentationdejustificatif"})
LABELS = ("libelle", "label", "intitule", "phase", "objet", "intervenant")
MEANS = one_of(MOYENS, "« virement », « chèque », « carte », « prélèvement » ou « espèces »")


class ItemFault(Fault):
    """A fault in item number ``rank`` (from 0) of a list."""

    def __init__(self, rank: int, fault: Fault) -> None:
        super().__init__(fault.code, fault.detail)
        self.rank = rank


def items(value: Any) -> tuple[str, ...]:
    """A bulleted cell or a list of texts, one line each."""
    found = (each(rank, _item, row) for rank, row in enumerate(rows_of(value)))
    return tuple(one for one in found if one)


def phases(value: Any) -> tuple[dict[str, Any], ...]:
    return tuple(each(rank, _phase, row) for rank, row in enumerate(rows_of(value)))


def costs(value: Any) -> tuple[dict[str, Any], ...]:
    """Débours; "aucun" is an answer, and gives an empty list."""
    return tuple(each(rank, _cost, row) for rank, row in enumerate(_unless_none(value)))


def payments(value: Any) -> tuple[dict[str, Any], ...]:
    return tuple(each(rank, _payment, row) for rank, row in enumerate(rows_of(value)))


def means(value: Any) -> tuple[Moyen, ...]:
    """``virement, chèque ou CB``; each once."""
    cells = value if isinstance(value, list | tuple) else re.split(r"[,;/\n]| et | ou ", clean(value))
    kept = [cell for cell in cells if not is_missing(cell)]
    return tuple(dict.fromkeys(each(rank, MEANS, cell) for rank, cell in enumerate(kept)))


def rows_of(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        rows = [row for row in value if not is_missing(row)]
    elif isinstance(value, Mapping):
        rows = [value]
    else:
        rows = list(_lines(clean(value)))
    if len(rows) > MAX_ITEMS:
        raise Fault("too_many", f"la liste est trop longue ; tenez-vous à {MAX_ITEMS} lignes")
    return rows


def _unless_none(value: Any) -> list[Any]:
    rows = rows_of(value)
    return [] if all(isinstance(row, str) and fold(row) in NONE for row in rows) else rows


def _lines(text: str) -> Iterator[str]:
    for row in text.split("\n"):
        if bare := _unbulleted(row):
            yield bare


def _unbulleted(row: str) -> str:
    found = BULLET.match(row)
    return (row[found.end() :] if found else row).strip()


def _item(row: Any) -> str:
    return _unbulleted(line(row, longest=200))


def each(rank: int, parse: Callable[[Any], Any], row: Any) -> Any:
    try:
        return parse(row)
    except Fault as fault:
        raise ItemFault(rank, fault) from None


def _phase(row: Any) -> dict[str, Any]:
    label, cells = labelled(row, ("ht", "montantht", "montant", "prix"))
    return {"libelle": label, "ht": positive_ht(last_cell(cells))}


def _payment(row: Any) -> dict[str, Any]:
    label, cells = labelled(row, ("ttc", "montantttc", "montant"), ("date", "le"))
    found = {"libelle": label, "ttc": positive_ttc(last_cell(cells))}
    dates = [day(cell) for cell in cells[:-1] if not is_missing(cell)]
    return {**found, "date": dates[0]} if dates else found


def deliverables(value: Any) -> tuple[dict[str, Any], ...]:
    """``Note de synthèse ; 15/01/2027``, with or without a delay."""
    return tuple(each(rank, _deliverable, row) for rank, row in enumerate(_unless_none(value)))


def _deliverable(row: Any) -> dict[str, Any]:
    label, cells = labelled(row, ("delai", "date", "echeance"))
    if not cells or is_missing(cells[-1]):
        return {"libelle": label}
    return {"libelle": label, "delai": line(calendar(cells[-1]), longest=200)}


def _cost(row: Any) -> dict[str, Any]:
    """Without an amount the cost is due on proof."""
    if isinstance(row, Mapping):
        label, cells = labelled(row, ("montant", "ttc", "ht"))
    else:
        text = line(row)
        label, cells = labelled(text, ())
        if not (cells and (re.match(r"[0-9€(−-]", str(cells[-1])) or fold(str(cells[-1])) in ON_PROOF)):
            label, cells = text, []
    amount = cells[-1] if cells else None
    if is_missing(amount) or (isinstance(amount, str) and fold(amount) in ON_PROOF):
        return {"libelle": label}
    return {"libelle": label, "montant": euros(amount)}


def labelled(row: Any, amounts: tuple[str, ...], dates: tuple[str, ...] = ()) -> tuple[str, list[Any]]:
    """The label, then the other cells, the amount last (it may be missing)."""
    row = row if isinstance(row, Mapping) else single(row)
    if not isinstance(row, Mapping):
        text = line(row)
        parts = CELLS.split(text) if CELLS.search(text) else [one.strip() for one in text.rsplit(":", 1)]
        return line(parts[0] or None), list(parts[1:])
    known = {fold(key): cell for key, cell in row.items() if isinstance(key, str)}
    label = next((known[key] for key in LABELS if not is_missing(known.get(key))), None)
    if label is None:
        raise Fault("label_missing", "le libellé manque ; écrivez chaque ligne « libellé : montant »")
    chosen = [
        next((known[key] for key in names if not is_missing(known.get(key))), None)
        for names in (dates, amounts)
    ]
    return line(label), chosen


def last_cell(cells: list[Any]) -> Any:
    if not cells or is_missing(cells[-1]):
        raise Fault("amount_missing", "le montant manque ; écrivez chaque ligne « libellé : montant »")
    return cells[-1]
