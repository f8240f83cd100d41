"""One client written in each tool, in that tool's own types, makes one agreement to the byte."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.sandbox import Sandbox
from tests.pages.application import Application
from tests.sources.kits import KITS, kit_class
from tests.unit.samples import NAMES, fields
from workers.runtime import Runtime

#: those that a table can hold: one value, or one list of texts, in a column
FLAT = [name for name in NAMES if not any(isinstance(value, dict) for value in fields(name).values())]


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    application = Application(Path(tmp_path_factory.mktemp("same")))
    yield application.runtime
    application.runtime.close()


@pytest.mark.parametrize("tool", [name for name in KITS if name != "inline"])
def test_a_record_read_from_a_tool_is_the_one_that_came_with_the_call(
    runtime: Runtime, sandbox: Sandbox, tool: str
) -> None:
    assert len(FLAT) > 5
    kit, inline = kit_class(tool)(sandbox), kit_class("inline")(sandbox)
    for name in FLAT:
        for record in (fields(name), with_boxes(fields(name))):
            expected = runtime.normalise(inline.source().read(inline.holding(record)).fields)
            read = runtime.normalise(kit.source().read(kit.holding(record)).fields)
            assert read.model_dump_json() == expected.model_dump_json(), name


def with_boxes(record: dict[str, Any]) -> dict[str, Any]:
    """A box that is ticked and one that is not, a figure, and an empty cell."""
    return record | {
        "Sensible": True,
        "Contentieux probable": False,
        "Montant en jeu": 12500.5,
        "Intitulé": "",
    }
