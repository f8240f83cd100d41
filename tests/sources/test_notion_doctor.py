"""What the doctor says of Notion, and that it leaves every page as it found it."""

from __future__ import annotations

from typing import Any

import pytest

from connectors import Finding
from sandbox.notion import DATA_SOURCE_ID
from sandbox.notion.sample import STATES
from tests.sources.kits_notion import NotionKit
from tests.sources.test_notion import OTHER, SAMPLE, mention, run

BOLD = {"bold": True, "italic": False, "code": False, "color": "red"}


def checked(notion: NotionKit, data_source: str, **changes: Any) -> Finding:
    """Of the data source; the token is good."""
    token, found = notion.source(data_sources=data_source, **changes).check()
    assert token.ok
    return found


def test_it_tells_what_is_wrong_and_where(notion: NotionKit) -> None:
    (refused,) = notion.source(token="ntn_autre").check()
    assert not refused.ok
    assert "PARAPHE_NOTION_TOKEN" in refused.text
    found = notion.source(data_sources=f"{DATA_SOURCE_ID},{OTHER}").check()
    assert [one.ok for one in found] == [True, True, False]
    assert OTHER in found[2].text
    missing = checked(notion, DATA_SOURCE_ID, column_state="Suivi")
    assert not missing.ok
    assert "« Suivi »" in missing.text
    assert not notion.source(url="http://127.0.0.1:9").check()[0].ok


def test_without_a_data_source_nothing_is_said_to_be_proved(notion: NotionKit) -> None:
    notion.settings(can_update=False)
    (found,) = notion.source().check()
    assert found.ok
    assert "ne sont pas prouvés" in found.text
    assert "PARAPHE_NOTION_DATA_SOURCES" in found.text


def test_a_right_that_is_missing_is_named(notion: NotionKit) -> None:
    assert "laisse écrire" in checked(notion, DATA_SOURCE_ID).text
    notion.settings(can_update=False)
    found = checked(notion, DATA_SOURCE_ID)
    assert not found.ok
    assert "« mettre à jour le contenu »" in found.text


def test_an_empty_data_source_proves_no_writing(notion: NotionKit) -> None:
    notion.edit(notion.holding({}, data_source=OTHER), in_trash=True)
    found = checked(notion, OTHER)
    assert "n'est pas prouvé" in found.text
    assert notion.writes() == 0


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("status", "Signée"),
        ("status", None),
        ("select", "Signée"),
        ("multi_select", ["Signée", "Envoyée"]),
        ("rich_text", {"rich_text": [run("Sig", annotations=BOLD), run("née")]}),
        ("rich_text", None),
        ("url", "https://example.com"),
        ("date", "2026-12-15"),
    ],
)
def test_the_page_stays_as_it_is(notion: NotionKit, kind: str, value: Any) -> None:
    properties = {} if value is None else {"Suivi": value}
    ref = notion.holding(properties, data_source=OTHER, types={"Suivi": kind}, options={"Suivi": STATES})
    before = notion.seen(ref)
    assert checked(notion, OTHER, column_state="Suivi").ok
    assert (notion.seen(ref), notion.writes()) == (before, 1)


@pytest.mark.parametrize("value", [{"rich_text": [mention(1)]}, {"number": 3}])
def test_what_cannot_be_sent_as_it_is_is_not_sent(notion: NotionKit, value: Any) -> None:
    notion.holding({"Suivi": value}, data_source=OTHER)
    found = checked(notion, OTHER, column_state="Suivi")
    assert not found.ok
    assert "« Suivi »" in found.text
    assert notion.writes() == 0


def test_nothing_of_the_sample_is_changed(notion: NotionKit) -> None:
    before = notion.seen(SAMPLE)
    assert checked(notion, DATA_SOURCE_ID).ok
    assert notion.seen(SAMPLE) == before
