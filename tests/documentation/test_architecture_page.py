"""docs/architecture.md: the tree that it draws is the tree that stands."""

from __future__ import annotations

from tests.documentation.reading import ROOT, blocks, text, tracked

TREE = [line.split()[0] for line in blocks(text("docs/architecture.md"), "")[0].splitlines() if line.strip()]


def test_everything_in_the_tree_exists() -> None:
    for name in TREE:
        path = ROOT / name
        assert path.is_dir() if name.endswith("/") else path.is_file(), name


def test_every_top_level_folder_is_in_the_tree() -> None:
    folders = {f"{path.split('/')[0]}/" for path in tracked() if "/" in path}
    assert folders <= set(TREE)


def test_every_top_level_module_is_in_the_tree() -> None:
    modules = {path for path in tracked() if "/" not in path and path.endswith(".py")}
    assert modules <= set(TREE)


def test_every_room_of_the_connectors_and_every_blueprint_is_in_the_tree() -> None:
    rooms = {f"{path.rpartition('/')[0]}/" for path in tracked() if path.startswith("connectors/")}
    assert rooms <= set(TREE)
    blueprints = {
        path
        for path in tracked()
        if path.startswith("handlers/") and "= Blueprint(" in (ROOT / path).read_text(encoding="utf-8")
    }
    assert blueprints <= set(TREE)
