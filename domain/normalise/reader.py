"""Reads one field after the other and keeps every fault, so that all are told at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from domain.aliases import ALIASES
from domain.errors import FieldError
from domain.normalise.columns import MEMBER, titles
from domain.normalise.fault import Fault
from domain.normalise.lists import ItemFault

Value = TypeVar("Value")


class Reader:
    """``values`` holds raw cells by field id, ``parsed`` what could be read of them."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self.parsed: dict[str, Any] = {}
        self.faults: list[FieldError] = []

    def has(self, path: str) -> bool:
        return path in self.values

    def read(self, path: str, parse: Callable[[Any], Value], *, required: bool = False) -> Value | None:
        """The parsed value, or None when it is missing or faulty."""
        if path not in self.values:
            if required:
                self.missing(path)
            return None
        try:
            value = parse(self.values[path])
        except Fault as fault:
            self.fault(f"{path}.{fault.rank}" if isinstance(fault, ItemFault) else path, fault)
            return None
        self.parsed[path] = value
        return value

    def missing(self, path: str) -> None:
        column = _column(path)
        self.fault(path, Fault("missing", f"l'information manque ; renseignez la colonne « {column} »"))

    def fault(self, path: str, fault: Fault) -> None:
        """One fault per field: the first is the one to mend."""
        if all(path != known.path for known in self.faults):
            self.faults.append(FieldError(path, fault.code, f"{label(path)} : {fault.detail}."))


def label(path: str) -> str:
    """``co_contractants.0.email`` -> ``Co-client 1, e-mail``."""
    known, rank = path, ""
    while known not in titles() and "." in known:
        if found := MEMBER.fullmatch(known):
            group, number, own = found.groups()
            inside = ", montant garanti" if own == "montant" else titles().get(f"client.{own}")
            if inside:
                who = "Garant" if group == "garants" else "Co-client"
                return f"{who} {int(number) + 1}{inside.removeprefix('Client')}{rank}"
        known, _, last = known.rpartition(".")
        rank = f" (ligne {int(last) + 1})" if last.isdigit() else rank
    return f"{titles().get(known, known)}{rank}"


def _column(path: str) -> str:
    """The usual name of the column that gives this field."""
    found = MEMBER.fullmatch(path)
    if found and found.group(3) == "montant":
        return "Garant montant"
    usual = ALIASES.get(f"client.{found.group(3)}" if found else path, (path,))[0]
    return f"Garant {usual.lower()}" if found and found.group(1) == "garants" else usual
