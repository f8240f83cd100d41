"""Every page: its links lead somewhere, its settings and commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from handlers.problem_codes import problem_codes
from settings import UNPREFIXED, Core
from tests.documentation.reading import ROOT, anchors, links, pages
from workers.start import all_sections

PAGES = [pytest.param(page, id=str(page.relative_to(ROOT))) for page in pages()]
#: a family of settings, not one: PARAPHE_CABINET_…
FAMILY = re.compile(r"PARAPHE_[A-Z_]*[_…]")
SETTING = re.compile(r"\b(?:PARAPHE_[A-Z0-9_]+…?|DATABASE_URL|REDIS_URL)")


def settings_names() -> set[str]:
    def of(section: str, kind: type[BaseModel]) -> set[str]:
        prefix = f"PARAPHE_{section.upper()}_" if section else "PARAPHE_"
        return {f"{prefix}{field.upper()}" for field in kind.model_fields}

    found = of("", Core).union(*(of(name, kind) for name, kind in all_sections().items()))
    return found | set(UNPREFIXED)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("page", PAGES)
def test_every_setting_named_exists(page: Path) -> None:
    known = settings_names()
    for name in SETTING.findall(page.read_text(encoding="utf-8")):
        if FAMILY.fullmatch(name) or name == "PARAPHE_ACME_…":
            continue
        assert name in known or name.removesuffix("_FILE") in known, name


@pytest.mark.parametrize("page", PAGES)
def test_every_problem_code_named_exists(page: Path) -> None:
    """In tables and sentences codes stand alone between backquotes, and look like nothing else."""
    known = {code for one in problem_codes() for code in (one.code, *one.also)}
    endings = ("_missing", "_refused", "_not_found", "_full", "_busy", "_forbidden", "_option", "_column")
    for name in re.findall(r"`([a-z]+(?:_[a-z]+)+)`", page.read_text(encoding="utf-8")):
        if name.endswith(endings) and name not in {"callback_refused"}:  # a log event
            assert name in known, name
