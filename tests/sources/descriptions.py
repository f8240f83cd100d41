"""Descriptions of their API that tools publish: mount of the stand-in -> what it must be held against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from tests.contract.specification import Specification
from tests.contract.tee import Sent

#: mount -> (file of tests/specs, its server)
DESCRIBED: Mapping[str, tuple[str, str]] = {
    "notion": ("notion-openapi.json", "https://api.notion.com"),
}


@cache
def description(mount: str) -> Specification:
    """Its objects are closed: a key of the body that it does not tell is a fault."""
    file, server = DESCRIBED[mount]
    return Specification(Path("tests/specs") / file, server, closed=True)


def faults_of(sent: Iterable[Sent]) -> list[str]:
    """What the descriptions forbid in these requests; the stand-ins' own controls are no part of them."""
    faults = []
    for one in sent:
        mount, _, rest = one.target.lstrip("/").partition("/")
        if mount in DESCRIBED and not rest.startswith("_control/"):
            fault = description(mount).fault(Sent(one.method, f"/{rest}", one.headers, one.body))
            faults += [fault] if fault else []
    return faults
