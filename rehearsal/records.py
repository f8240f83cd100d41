"""The records of a rehearsal: those of ``samples/``, whose people do not exist."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_SAMPLES = Path(__file__).parents[1] / "samples"
ALONE, COUPLE = "claire-durand", "epoux-payet"
#: the columns of the samples, in the order in which their people sign
_MAILS = ("E-mail", "Co-client e-mail", "Avocat e-mail")
_PHONES = ("Téléphone", "Portable", "Co-client portable")


def record(name: str, number: str, mails: Sequence[str] = (), phone: str | None = None) -> dict[str, Any]:
    """A sample under a file number of the rehearsal's own. With ``mails``, what is sent goes to them and to
    ``phone``, and to nothing that the sample names."""
    fields: dict[str, Any] = json.loads((_SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    fields["N° dossier"] = number
    if not mails:
        return fields
    columns = [column for column in _MAILS if column in fields]
    fields |= dict(zip(columns, addresses(mails, len(columns)), strict=True))
    for column in _PHONES:
        fields.pop(column, None)
    return fields | ({"Téléphone": phone} if phone else {})


def addresses(mails: Sequence[str], count: int) -> list[str]:
    """One for each signer, as the hub requires: those given, then the last one with +2, +3… before the @,
    which most mail systems deliver to the same box."""
    found = list(mails[:count])
    name, _, domain = mails[-1].partition("@")
    return found + [f"{name}+{rank}@{domain}" for rank in range(len(found) + 1, count + 1)]
