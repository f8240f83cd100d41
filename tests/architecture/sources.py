"""The product's own source files, parsed."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: what an installation runs; the sandbox stands outside of it
HUB = ("commands", "connectors", "documents", "domain", "handlers", "rehearsal", "store", "workers")
MODULES = (
    "app.py",
    "logs.py",
    "setting_checks.py",
    "settings.py",
)


@cache
def tracked() -> tuple[str, ...]:
    """Every Python file of the repository, new ones included, as a path from its root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return tuple(sorted(name for name in set(listed) if (ROOT / name).exists()))


def hub() -> tuple[str, ...]:
    """The hub's, without the migrations, which a tool writes."""
    inside = tuple(f"{package}/" for package in HUB)
    return tuple(
        name
        for name in tracked()
        if (name in MODULES or name.startswith(inside)) and not name.startswith("store/migrations/")
    )


@cache
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"), name)


def imports(name: str) -> set[str]:
    """The first name of every module that the file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def chain(node: ast.AST) -> str:
    """``a.b.c`` of an attribute chain, or nothing."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{chain(node.value)}.{node.attr}"
    return ""
