"""Notion's lists: the filter that each type of property takes, and what cannot be listed."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.sources.notion import NotionPlace
from domain.errors import Permanent
from tests.sources.kits_notion import NotionKit
from tests.sources.test_notion import OTHER, run


class TestCandidates:
    PLACE = NotionPlace(data_source=OTHER)

    @pytest.mark.parametrize(
        ("prop", "value"),
        [
            ({"status": {"name": "À envoyer"}}, "À envoyer"),
            ({"select": {"name": "À envoyer"}}, "À envoyer"),
            ({"multi_select": [{"name": "Urgent"}, {"name": "À envoyer"}]}, "À envoyer"),
            ({"title": [run("À "), run("envoyer")]}, "À envoyer"),
            ({"url": "https://example.com"}, "https://example.com"),
            ({"checkbox": True}, "oui"),
            ({"formula": {"type": "string", "string": "À envoyer"}}, "À envoyer"),
        ],
    )
    def test_the_filter_fits_the_type_of_the_property(
        self, notion: NotionKit, prop: dict[str, Any], value: str
    ) -> None:
        ref = notion.holding({"Suivi": prop}, data_source=OTHER)
        notion.holding({}, data_source=OTHER)
        (found,) = notion.source().candidates(self.PLACE, "Suivi", value)
        assert found.record == ref.page

    def test_case_counts_whatever_the_filter_lets_through(self, notion: NotionKit) -> None:
        notion.holding({"Suivi": "à envoyer"}, data_source=OTHER)
        assert list(notion.source().candidates(self.PLACE, "Suivi", "À envoyer")) == []

    @pytest.mark.parametrize(
        ("kind", "code"),
        [
            ("select", "notion_unlistable_option"),
            ("people", "notion_unlistable_property"),
            ("checkbox", "notion_unlistable_box"),
            (None, "notion_unlistable_property"),
        ],
    )
    def test_what_can_never_be_found_is_said_so(self, notion: NotionKit, kind: str | None, code: str) -> None:
        types = {"Nom": "title"} | ({"Suivi": kind} if kind else {})
        notion.holding({}, data_source=OTHER, options={"Suivi": ["Reçue"]}, types=types)
        with pytest.raises(Permanent) as caught:
            list(notion.source().candidates(self.PLACE, "Suivi", "À envoyer"))
        assert caught.value.code == code

    @pytest.mark.parametrize("most", [1, 101])
    def test_a_list_that_notion_cut_is_told(self, notion: NotionKit, most: int) -> None:
        """Whichever of its pages is read."""
        for _ in range(102):
            notion.holding({"Suivi": "À envoyer"}, data_source=OTHER)
        notion.settings(most_results=most)
        with pytest.raises(Permanent) as caught:
            list(notion.source().candidates(self.PLACE, "Suivi", "À envoyer"))
        assert caught.value.code == "notion_list_cut"

    def test_the_formula_gives_the_pages_own_id_to_the_address(self, notion: NotionKit) -> None:
        formula = notion.source().link_formula("https://hub.example/buttons/t0ken")
        assert '"https://hub.example/buttons/t0ken?record=" + id()' in formula
