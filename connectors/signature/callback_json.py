"""A callback's body, read without trust: whatever comes in, nothing raises. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any


def body_of(raw: bytes) -> Mapping[str, Any]:
    """The body as a mapping, empty when it is anything else."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def mapping(within: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = within.get(name)
    return value if isinstance(value, dict) else {}


def mappings(within: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = within.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(within: Mapping[str, Any], name: str, form: re.Pattern[str]) -> str | None:
    """None for anything but a text of that form."""
    value = within.get(name)
    return value if isinstance(value, str) and form.fullmatch(value) else None
