"""The sample records of ``samples/``, and small changes of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from domain.errors import Invalid
from domain.normalise import normalise
from domain.record import Record

TODAY = date(2026, 12, 1)
FOLDER = Path(__file__).parents[2] / "samples"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def fields(name: str = "claire-durand", /, **changes: Any) -> dict[str, Any]:
    """A sample's columns; a change to None removes the column."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return {column: value for column, value in (loaded | changes).items() if value is not None}


def record(name: str = "claire-durand", /, **changes: Any) -> Record:
    return normalise(fields(name, **changes), None, TODAY)


def faults(given: Mapping[str, Any], mapping: Mapping[str, str] | None = None) -> dict[str, str]:
    """The code of each fault, by path; empty when the record is made."""
    try:
        normalise(given, mapping, TODAY)
    except Invalid as invalid:
        assert invalid.code == "record_invalid"
        return {fault.path: fault.code for fault in invalid.errors}
    return {}
