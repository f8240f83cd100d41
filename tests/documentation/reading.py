"""The pages that a stranger reads, cut into what can be checked."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def tracked() -> tuple[str, ...]:
    """Every file of the project, as paths from its root."""
    told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return tuple(path for path in told.stdout.split("\0") if path)


def pages() -> tuple[Path, ...]:
    return (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(page: str, kind: str) -> list[str]:
    """The fenced blocks of that kind, in order."""
    return [content for found, content in _FENCE.findall(page) if found == kind]


def commands(page: str) -> list[str]:
    """The shell commands that the page shows, continued lines joined."""
    joined = "\n".join(blocks(page, "console")).replace("\\\n", " ")
    return [line[2:].strip() for line in joined.splitlines() if line.startswith(("$ ", "# "))]


def links(page: str) -> list[str]:
    """Link targets, those of other sites and those shown as code left out."""
    prose = _FENCE.sub("", page)
    return [target for target in _LINK.findall(prose) if "://" not in target]


def anchors(page: str) -> set[str]:
    """What a heading can be linked by, as the usual hosts make it."""
    bare = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(_FENCE.sub("", page)))
    return {heading.strip().replace(" ", "-") for heading in bare}
