"""From a firm's columns to the fields of the record: mapping first, then dotted ids, then usual names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

from pydantic import BaseModel

from domain.aliases import ALIASES, CO_CLIENT_PREFIXES, SECTIONS, WRITE_BACK
from domain.normalise.fault import Fault
from domain.normalise.text import fold, is_missing
from domain.record import Record
from domain.record_parties import PersonneMorale, PersonnePhysique

MAX_DEPTH = 8
MAX_COLUMNS = 500
CO_CONTRACTANT = re.compile(r"co_contractants\.([0-9]{1,2})\.(.+)", re.DOTALL)
IGNORE = "ignorer"  # the target of a column that a mapping sets aside


@dataclass
class Resolved:
    """``values`` by field id; ``ignored`` are the names of the columns that nothing reads."""

    values: dict[str, Any] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    faults: dict[str, Fault] = field(default_factory=dict)


@cache
def titles() -> Mapping[str, str]:
    """The French name of every field that can be given, by id (``client.email``)."""
    found: dict[str, str] = {}

    def visit(model: type[BaseModel], prefix: str, title: str) -> None:
        for name, info in model.model_fields.items():
            path, own = f"{prefix}{name}", info.title or name
            parts = _submodels(info.annotation)
            for part in parts:
                visit(part, f"{path}.", title or own)
            if not parts:
                found.setdefault(path, f"{title}, {own}" if title else own)

    visit(Record, "", "")
    return found


def _submodels(annotation: Any) -> tuple[type[BaseModel], ...]:
    """The section(s) that a field holds; a list of sections is one field, read as a whole."""
    options = getattr(annotation, "__args__", (annotation,))
    if getattr(annotation, "__origin__", None) is tuple:
        return ()
    return tuple(one for one in options if isinstance(one, type) and issubclass(one, BaseModel))


@cache
def _by_alias() -> Mapping[str, str]:
    return {fold(alias): target for target, aliases in ALIASES.items() for alias in aliases}


@cache
def _by_path() -> Mapping[str, str]:
    return {_fold_path(path): path for path in titles()}


@cache
def _sections() -> frozenset[str]:
    return frozenset(path.rpartition(".")[0] for path in titles() if "." in path)


@cache
def _write_back() -> frozenset[str]:
    return frozenset(fold(name) for name in WRITE_BACK)


@cache
def _co_client_prefixes() -> tuple[str, ...]:
    return tuple(fold(prefix) for prefix in CO_CLIENT_PREFIXES)


def find(name: str) -> str | None:
    """The field that a column name or a dotted path means, else None."""
    if found := CO_CONTRACTANT.fullmatch(name):
        target = find(f"client.{found.group(2)}")
        inside = target is not None and target.startswith("client.")
        return f"co_contractants.{int(found.group(1))}.{target[7:]}" if target and inside else None
    expanded = _expand(name)
    direct = _by_path().get(_fold_path(expanded)) or _by_alias().get(fold(name))
    return direct or _inside_section(expanded) or _of_co_client(fold(name))


def resolve(fields: Mapping[str, Any], mapping: Mapping[str, str] | None = None) -> Resolved:
    """Gather the cells of one record under the ids of its fields.

    A mapped column wins over the usual names. Two columns for one field must agree. Raises Fault when there
    are too many columns to be one record.
    """
    mapped = {fold(column): target for column, target in (mapping or {}).items()}
    resolved = Resolved()
    cells = list(islice(walk(fields, ""), MAX_COLUMNS + 1))
    if len(cells) > MAX_COLUMNS:
        raise Fault("too_many_columns", f"il y a trop de colonnes ; tenez-vous à {MAX_COLUMNS}")
    for wanted in (True, False):
        taken = frozenset(resolved.values) if not wanted else frozenset()
        for name, value in cells:
            if (fold(name) in mapped) is wanted and fold(name) not in _write_back():
                target = mapped[fold(name)] if wanted else find(name)
                if target not in taken and target != IGNORE:
                    _put(resolved, name, target, value)
    return resolved


def unknown_targets(mapping: Mapping[str, str]) -> tuple[str, ...]:
    """The targets of a mapping that are no field of the record; ``ignorer`` sets a column aside."""
    return tuple(target for target in mapping.values() if target != IGNORE and (find(target) != target))


def _put(resolved: Resolved, name: str, target: str | None, value: Any) -> None:
    if target is None:
        resolved.ignored.append(_presentable(name))
    elif is_missing(value) and not (target in {"debours"} and isinstance(value, list | tuple)):
        return
    elif target in resolved.values and not _same(resolved.values[target], value):
        resolved.faults[target] = Fault(
            "columns_disagree", "deux colonnes donnent cette valeur et se contredisent ; videz-en une"
        )
    else:
        resolved.values[target] = value


def walk(cells: Mapping[Any, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    """Every cell with its dotted name; sections are entered, cells that hold a mapping are not."""
    for key, value in cells.items():
        if not isinstance(key, str):
            continue
        name = f"{prefix}{key[:200]}"
        section = _section(name)
        enter = isinstance(value, Mapping) and (section is not None or find(name) is None)
        if enter and name.count(".") < MAX_DEPTH:
            yield from walk(value, f"{section or name}.")
        else:
            yield name, value


def _section(name: str) -> str | None:
    expanded = _expand(name)
    folded = ".".join(fold(part) for part in expanded.split("."))
    return next((one for one in _sections() if _fold_path(one) == folded), None)


def _expand(name: str) -> str:
    head, dot, rest = name.partition(".")
    return f"{SECTIONS.get(fold(head), head)}{dot}{rest}"


def _inside_section(name: str) -> str | None:
    """``client.Prénom``: within a section, the usual name of a field of that section."""
    head, _, last = name.rpartition(".")
    section = _section(head) if head else None
    target = _by_alias().get(fold(last)) or _by_alias().get(fold(f"{head} {last}"))
    return target if section and target and target.startswith(f"{section}.") else None


def _of_co_client(folded: str) -> str | None:
    for prefix in _co_client_prefixes():
        target = _by_alias().get(folded.removeprefix(prefix)) if folded.startswith(prefix) else None
        if target and target.startswith("client."):
            return f"co_contractants.0.{target[7:]}"
    return None


def _fold_path(path: str) -> str:
    return ".".join(fold(part) for part in path.split("."))


def _same(one: Any, other: Any) -> bool:
    """Text that differs only in what cannot be seen is the same."""
    if isinstance(one, str) and isinstance(other, str):
        return unicodedata.normalize("NFC", one).split() == unicodedata.normalize("NFC", other).split()
    return type(one) is type(other) and bool(one == other)


def _presentable(name: str) -> str:
    """A column's name, fit for an answer: short, and without what cannot be seen."""
    return "".join(char for char in name if char.isprintable())[:80]


#: the fields that only a legal person has
ONLY_COMPANY = frozenset(PersonneMorale.model_fields) - frozenset(PersonnePhysique.model_fields)
