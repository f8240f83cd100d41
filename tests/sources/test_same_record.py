"""One client written in each tool, in that tool's own types, makes one agreement to the byte."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.sources.airtable import AirtableRef
from connectors.sources.notion import NotionRef
from sandbox.airtable import BASE_ID, RECORD_ID, TABLE_ID
from sandbox.notion import PAGE_ID
from tests.fixtures.sandbox import Sandbox
from tests.pages.application import Application
from tests.sources.kits import KITS, kit_class
from tests.sources.kits_airtable import AirtableKit
from tests.sources.kits_notion import NotionKit
from tests.unit.samples import NAMES, fields
from workers.runtime import Runtime

#: those that a table can hold: one value, or one list of texts, in a column
FLAT = [name for name in NAMES if not any(isinstance(value, dict) for value in fields(name).values())]


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    application = Application(Path(tmp_path_factory.mktemp("same")))
    yield application.runtime
    application.runtime.close()


@pytest.mark.parametrize("name", FLAT)
@pytest.mark.parametrize("tool", [tool for tool in KITS if tool != "inline"])
def test_a_record_read_from_a_tool_is_the_one_that_came_with_the_call(
    runtime: Runtime, sandbox: Sandbox, tool: str, name: str
) -> None:
    kit, inline = kit_class(tool)(sandbox), kit_class("inline")(sandbox)
    for record in (fields(name), with_boxes(fields(name))):
        expected = runtime.normalise(inline.source().read(inline.holding(record)).fields)
        read = runtime.normalise(kit.source().read(kit.holding(record)).fields)
        assert read.model_dump_json() == expected.model_dump_json()


def with_boxes(record: dict[str, Any]) -> dict[str, Any]:
    """A box that is ticked and one that is not, a figure, and an empty cell."""
    boxes = {"Sensible": True, "Contentieux probable": False}
    return record | boxes | {"Montant en jeu": 12500.5, "Intitulé": ""}


def test_the_samples_of_the_stand_ins_are_one_record(runtime: Runtime, sandbox: Sandbox) -> None:
    airtable, notion = AirtableKit(sandbox).source(), NotionKit(sandbox).source()
    one = airtable.read(AirtableRef(base=BASE_ID, table=TABLE_ID, record=RECORD_ID)).fields
    other = notion.read(NotionRef(page=PAGE_ID)).fields
    assert one == other
    assert runtime.normalise(one).dossier.numero == "2026-0142"
