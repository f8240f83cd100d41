"""What is particular to Notion: property types, pages that may be anybody's, refusals, write-back by type."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.sources import Outcome
from connectors.sources.notion import NotionConfig, NotionPlace, NotionRef
from domain.errors import Invalid, NotFound, ParapheError, Permanent, Refused, Retryable
from domain.lifecycle import LABELS
from sandbox.notion import DATA_SOURCE_ID, PAGE_ID
from sandbox.notion.sample import STATES
from tests.contract.tee import Sent
from tests.sources.descriptions import description
from tests.sources.kits_notion import NotionKit

SAMPLE = NotionRef(page=PAGE_ID)
CANARY = "Durand-Canari"
OTHER = "99999999-0000-4000-8000-000000000000"


def run(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": {"content": text}, "plain_text": text, **more}


def mention(number: int) -> dict[str, Any]:
    return run(f"@{number} ", type="mention")


def refusal(notion: NotionKit, outcome: Outcome | None = None, **changes: Any) -> ParapheError:
    """What reading the sample page, or writing back to it, raises; nothing personal in it."""
    with pytest.raises(ParapheError) as caught:
        if outcome is None:
            notion.source(**changes).read(SAMPLE)
        else:
            notion.source(**changes).write_back(SAMPLE, outcome)
    assert CANARY not in f"{caught.value} {caught.value.detail}"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


class TestReading:
    @pytest.mark.parametrize(
        ("prop", "value"),
        [
            (
                {"rich_text": [run("Claire "), run("Du", annotations={"bold": True}), run("rand")]},
                "Claire Durand",
            ),
            ({"title": [run("D"), run("1")]}, "D1"),
            ({"number": 0}, 0),
            ({"number": 0.2}, 0.2),
            ({"select": {"id": "x", "name": "Mme", "color": "blue"}}, "Mme"),
            ({"status": {"id": "x", "name": "En cours", "color": "blue"}}, "En cours"),
            ({"multi_select": [{"name": "virement"}, {"name": "chèque"}]}, ["virement", "chèque"]),
            ({"date": {"start": "2026-12-15", "end": None, "time_zone": None}}, "2026-12-15"),
            (
                {"date": {"start": "2026-12-15T10:00:00.000+01:00", "end": None}},
                "2026-12-15T10:00:00.000+01:00",
            ),
            ({"date": {"start": "2026-12-15", "end": "2026-12-20"}}, "2026-12-15/2026-12-20"),
            ({"checkbox": True}, True),
            ({"email": "a@example.com"}, "a@example.com"),
            ({"phone_number": "06 12 34 56 78"}, "06 12 34 56 78"),
            ({"url": "https://example.com"}, "https://example.com"),
            ({"unique_id": {"prefix": "DOS", "number": 12}}, "DOS-12"),
            ({"unique_id": {"prefix": None, "number": 12}}, "12"),
            ({"created_time": "2026-11-02T09:00:00.000Z"}, "2026-11-02T09:00:00.000Z"),
            ({"formula": {"type": "string", "string": "x"}}, "x"),
            ({"formula": {"type": "number", "number": 3.5}}, 3.5),
            ({"formula": {"type": "boolean", "boolean": False}}, False),
            ({"formula": {"type": "date", "date": {"start": "2026-12-15", "end": None}}}, "2026-12-15"),
            ({"rollup": {"type": "number", "number": 3, "function": "sum"}}, 3),
            ({"rollup": {"type": "date", "date": {"start": "2026-12-15"}, "function": "max"}}, "2026-12-15"),
            (
                {"rollup": {"type": "array", "array": [{"type": "title", "title": [run("Durand")]}]}},
                "Durand",
            ),
            (
                {
                    "rollup": {
                        "type": "array",
                        "array": [
                            {"type": "email", "email": "a@example.com"},
                            {"type": "multi_select", "multi_select": [{"name": "b"}, {"name": "c"}]},
                            {"type": "email", "email": None},
                        ],
                    }
                },
                ["a@example.com", "b", "c"],
            ),
        ],
    )
    def test_a_property_becomes_a_plain_value(
        self, notion: NotionKit, prop: dict[str, Any], value: Any
    ) -> None:
        assert notion.source().read(notion.holding({"Colonne": prop})).fields == {"Colonne": value}

    @pytest.mark.parametrize(
        "prop",
        [
            {"rich_text": []},
            {"number": None},
            {"select": None},
            {"multi_select": []},
            {"date": None},
            {"checkbox": False},
            {"email": None},
            {"people": [{"id": OTHER, "name": "Claire", "person": {"email": "a@example.com"}}]},
            {"files": [{"name": "x.pdf", "type": "file", "file": {"url": "https://x", "expiry_time": "x"}}]},
            {"relation": [OTHER]},
            {"button": {}},
            {"verification": {"state": "unverified"}},
            {"created_by": {"id": OTHER}},
            {"last_edited_by": {"id": OTHER}},
            {"last_edited_time": "2026-11-02T09:00:00.000Z"},
            {"formula": {"type": "string", "string": None}},
            {"rollup": {"type": "array", "array": []}},
            {"of_a_type": {"not": "yet known"}},
        ],
    )
    def test_a_property_with_nothing_to_print_is_left_out(
        self, notion: NotionKit, prop: dict[str, Any]
    ) -> None:
        ref = notion.holding({"Nom": "Durand", "Colonne": prop})
        assert notion.source().read(ref).fields == {"Nom": "Durand"}

    @pytest.mark.parametrize(
        "prop",
        [
            {"formula": {"type": "unsupported"}},
            {"formula": None},
            {"rollup": {"type": "incomplete", "incomplete": {}}},
            {"rollup": {"type": "unsupported", "unsupported": {}}},
            {"rollup": {"type": "array", "array": [{"type": "number", "number": n} for n in range(25)]}},
            {"rollup": {"type": "array", "array": [{"type": "formula", "formula": {"type": "unsupported"}}]}},
        ],
    )
    def test_what_notion_does_not_give_whole_is_refused_and_its_column_named(
        self, notion: NotionKit, prop: dict[str, Any]
    ) -> None:
        ref = notion.holding({"Nom": CANARY, "Total TTC": prop})
        with pytest.raises(Invalid) as caught:
            notion.source().read(ref)
        assert caught.value.code == "notion_unreadable_property"
        assert "« Total TTC »" in caught.value.detail
        assert CANARY not in caught.value.detail
        assert [error.path for error in caught.value.errors] == ["Total TTC"]

    @pytest.mark.parametrize(
        "computed",
        [
            {"rollup": {"type": "number", "number": 2500, "function": "sum"}},
            {"formula": {"type": "string", "string": "2 500 €"}},
        ],
    )
    def test_what_notion_computed_of_a_relation_that_it_cut_is_refused(
        self, notion: NotionKit, computed: dict[str, Any]
    ) -> None:
        related = [{"id": f"99999999-0000-4000-8000-{number:012d}"} for number in range(26)]
        whole = notion.holding({"Lignes": {"relation": related[:25]}, "Montant HT": computed})
        assert "Montant HT" in notion.source().read(whole).fields
        cut = notion.holding({"Nom": "Durand", "Lignes": {"relation": related}, "Montant HT": computed})
        with pytest.raises(Invalid) as caught:
            notion.source().read(cut)
        assert caught.value.code == "notion_unreadable_property"
        assert [error.path for error in caught.value.errors] == ["Montant HT"]
        assert isinstance(notion.place, NotionPlace)
        (found,) = notion.source().candidates(notion.place, "Nom", "Durand")
        assert found.row.fields == {"Nom": "Durand"}

    @pytest.mark.parametrize("count", [24, 25, 26, 130])
    def test_a_text_full_of_mentions_is_read_to_its_end(self, notion: NotionKit, count: int) -> None:
        runs = [mention(number) for number in range(count)] + [run("fin")]
        ref = notion.holding({"Objet": {"rich_text": runs}})
        assert notion.source().read(ref).fields == {"Objet": "".join(one["plain_text"] for one in runs)}

    def test_relations_beyond_the_25_of_the_page_are_counted(self, notion: NotionKit) -> None:
        person = notion.holding({"Nom": "Durand"}).page
        ref = notion.holding({"Client": [person] * 130}, types={"Client": "relation"})
        with pytest.raises(Invalid) as caught:
            notion.source(links='{"Client": ""}').read(ref)
        assert caught.value.code == "notion_too_many_links"
        assert len(notion.control.requests("GET")) == 3  # the page, then its items by the hundred

    @pytest.mark.parametrize("prop", [{"title": 3}, {"multi_select": [3]}, {"relation": [{"id": "../x"}]}])
    def test_a_value_of_another_shape_is_refused(self, notion: NotionKit, prop: dict[str, Any]) -> None:
        properties = {"Client": prop | {"type": next(iter(prop))}}
        answer = {"object": "page", "id": PAGE_ID, "parent": {}, "properties": properties}
        notion.control.fault("error", status=200, body=answer)
        links = '{"Client": ""}' if "relation" in prop else "{}"
        assert refusal(notion, links=links).code == "notion_unexpected_answer"

    def test_a_property_added_to_the_data_source_changes_no_version(self, notion: NotionKit) -> None:
        ref = notion.holding({"Nom": "Durand"})
        before = notion.source().read(ref).version
        notion.holding({"Nom": "Payet", "Urgent": True, "Enjeu": 3})
        assert notion.source().read(ref).version == before


class TestReference:
    @pytest.mark.parametrize("change", [{"page": ""}, {"page": 3}, {"data_source": "x"}, {"record": PAGE_ID}])
    def test_what_is_no_reference_is_refused(self, change: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            NotionRef.model_validate({"page": PAGE_ID} | change)

    def test_a_page_of_another_data_source_is_neither_read_nor_written(self, notion: NotionKit) -> None:
        ref = NotionRef(page=PAGE_ID, data_source=OTHER)
        for act in (
            lambda: notion.source().read(ref),
            lambda: notion.source(data_sources=OTHER).read(SAMPLE),
            lambda: notion.source(data_sources=OTHER).write_back(SAMPLE, Outcome(state="Signée")),
            lambda: list(
                notion.source(data_sources=OTHER).candidates(
                    NotionPlace(data_source=DATA_SOURCE_ID), "Nom", "x"
                )
            ),
        ):
            with pytest.raises(Refused) as caught:
                act()
            assert caught.value.code == "notion_other_data_source"
        assert notion.writes() == 0
        written = f" {DATA_SOURCE_ID.upper()} , {OTHER.replace('-', '')},"
        assert notion.source(data_sources=written).read(SAMPLE).fields["Nom"] == "Durand"

    def test_a_page_in_the_bin_is_said_so(self, notion: NotionKit) -> None:
        notion.edit(SAMPLE, in_trash=True)
        assert refusal(notion).code == "notion_in_trash"
        assert refusal(notion, Outcome(state="Signée")).code == "notion_in_trash"

    def test_settings_that_are_no_ids_stop_the_start(self) -> None:
        with pytest.raises(ValidationError, match="identifiant Notion"):
            NotionConfig.model_validate({"token": "ntn", "data_sources": f"{OTHER}, Dossiers"})


class TestRefusals:
    @pytest.mark.parametrize(
        ("status", "kind", "code"),
        [
            (400, Permanent, "notion_refused"),
            (401, Permanent, "notion_unauthorised"),
            (403, Permanent, "notion_forbidden"),
            (404, NotFound, "notion_not_found"),
            (302, Permanent, "notion_refused"),
            (409, Retryable, "notion_unreachable"),
            (429, Retryable, "notion_busy"),
            (500, Retryable, "notion_unreachable"),
            (502, Retryable, "notion_unreachable"),
            (503, Retryable, "notion_unreachable"),
            (504, Retryable, "notion_unreachable"),
            (529, Retryable, "notion_unreachable"),
        ],
    )
    @pytest.mark.parametrize("told", [True, False])
    def test_each_status_is_an_error_of_ours(
        self, notion: NotionKit, status: int, kind: type[ParapheError], code: str, told: bool
    ) -> None:
        body = {"object": "error", "status": status, "code": "validation_error", "message": CANARY}
        headers = {"Retry-After": "12", "Location": "/notion/v1/users/me"}
        notion.control.fault("error", status=status, body=body if told else CANARY, headers=headers)
        refused = refusal(notion)
        assert (type(refused), refused.code) == (kind, code)
        assert getattr(refused, "after", 12) == 12
        assert len(notion.control.requests()) == 1  # the SDK's own retries are off

    def test_a_revoked_token_and_missing_rights_are_told_apart(self, notion: NotionKit) -> None:
        assert refusal(notion, token="ntn_autre").code == "notion_unauthorised"
        notion.settings(can_update=False)
        refused = refusal(notion, Outcome(state="Signée"))
        assert refused.code == "notion_forbidden"
        assert "« mettre à jour le contenu »" in refused.detail
        notion.settings(can_update=True, hidden=[PAGE_ID])
        assert "connectée" in refusal(notion).detail

    def test_too_many_calls_are_told_with_the_wait_that_notion_asks(self, notion: NotionKit) -> None:
        notion.settings(rate_limit=True, retry_after=9)
        source = notion.source()
        with pytest.raises(Retryable) as caught:
            for _ in range(40):
                source.read(SAMPLE)
        assert (caught.value.code, caught.value.after) == ("notion_busy", 9)

    def test_nobody_listening_is_tried_again(self, notion: NotionKit) -> None:
        assert isinstance(refusal(notion, url="http://127.0.0.1:9"), Retryable)

    @pytest.mark.parametrize("url", ["nowhere", "ftp://example.com"])
    def test_an_address_that_cannot_be_called_names_its_setting(self, notion: NotionKit, url: str) -> None:
        refused = refusal(notion, url=url)
        assert isinstance(refused, Permanent)
        assert "PARAPHE_NOTION_URL" in refused.detail


class TestWritingBack:
    OUTCOME = Outcome(
        state="Signée", link="https://example.com/s/1", signed_on="2026-12-15", archive="/x.pdf"
    )

    def test_the_rest_of_the_page_stays(self, notion: NotionKit) -> None:
        before = notion.seen(SAMPLE)
        notion.source().write_back(SAMPLE, self.OUTCOME)
        written = {"Statut convention": "Signée", "Lien de signature": "https://example.com/s/1"}
        assert notion.seen(SAMPLE) == before | written | {"Signée le": "2026-12-15", "Archive": "/x.pdf"}

    @pytest.mark.parametrize("kind", ["status", "select", "multi_select", "rich_text", "title"])
    def test_a_state_fits_the_type_of_its_property(self, notion: NotionKit, kind: str) -> None:
        ref = notion.holding({}, data_source=OTHER, types={"Suivi": kind}, options={"Suivi": STATES})
        states = list(LABELS.values())[: len(LABELS) if kind == "status" else 2]
        for state in states:
            for _ in range(2):
                notion.source(column_state="Suivi").write_back(ref, Outcome(state=state))
            assert notion.seen(ref)["Suivi"] in (state, [state])
        assert notion.writes() == len(states)

    def test_the_states_of_the_stand_in_are_the_hubs(self) -> None:
        assert list(LABELS.values()) == STATES

    @pytest.mark.parametrize("moment", ["2026-12-15", "2026-12-15T23:30:00+01:00"])
    def test_a_date_is_written_once(self, notion: NotionKit, moment: str) -> None:
        for _ in range(2):
            notion.source().write_back(SAMPLE, Outcome(signed_on=moment))
        assert (notion.seen(SAMPLE)["Signée le"], notion.writes()) == (moment, 1)

    def test_a_long_text_is_cut_into_runs_and_read_back_whole(self, notion: NotionKit) -> None:
        """2,000 characters a run, and an emoji counts for two."""
        error = "é😀" * 3_000
        for _ in range(2):
            notion.source().write_back(SAMPLE, Outcome(error=error))
        assert (notion.seen(SAMPLE)["Erreur convention"], notion.writes()) == (error, 1)

    def test_nothing_to_say_makes_no_call(self, notion: NotionKit) -> None:
        notion.source().write_back(SAMPLE, Outcome())
        assert notion.control.requests() == []

    def test_a_property_that_is_missing_or_of_another_type_is_named_with_its_setting(
        self, notion: NotionKit
    ) -> None:
        missing = refusal(notion, Outcome(state="Signée"), column_state="Suivi")
        assert missing.code == "notion_unknown_property"
        wrong = refusal(notion, Outcome(state="Signée"), column_state="Montant HT")
        assert wrong.code == "notion_wrong_property_type"
        for refused, column in ((missing, "Suivi"), (wrong, "Montant HT")):
            assert f"« {column} »" in refused.detail
            assert "PARAPHE_NOTION_COLUMN_STATE" in refused.detail
        assert notion.writes() == 0

    def test_an_option_that_a_status_lacks_is_named(self, notion: NotionKit) -> None:
        ref = notion.holding({}, data_source=OTHER, types={"Suivi": "status"}, options={"Suivi": ["Reçue"]})
        with pytest.raises(Permanent) as caught:
            notion.source(column_state="Suivi").write_back(ref, Outcome(state="Signée"))
        assert caught.value.code == "notion_missing_option"
        assert "« Signée »" in caught.value.detail
        assert "« Suivi »" in caught.value.detail

    def test_an_answer_lost_after_the_write_is_not_written_twice(self, notion: NotionKit) -> None:
        notion.control.fault("cut_after", "PATCH")
        assert isinstance(refusal(notion, self.OUTCOME), Retryable)
        notion.source().write_back(SAMPLE, self.OUTCOME)
        assert notion.writes() == 1


@pytest.mark.parametrize(
    ("accepted", "method", "target", "body"),
    [
        (True, "PATCH", f"/v1/pages/{PAGE_ID}", {"properties": {}}),
        (False, "PATCH", f"/v1/pages/{PAGE_ID}", {"property": {}}),
        (False, "PATCH", f"/v1/pages/{PAGE_ID}", {"properties": []}),
        (False, "PUT", f"/v1/pages/{PAGE_ID}", {}),
        (True, "POST", f"/v1/data_sources/{OTHER}/query", {"filter": {}, "page_size": 100}),
        (False, "POST", f"/v1/data_sources/{OTHER}/query", {"page_size": "100"}),
        (False, "POST", f"/v1/databases/{OTHER}/query", {}),
    ],
)
def test_the_description_that_judges_each_request_tells_right_from_wrong(
    accepted: bool, method: str, target: str, body: dict[str, Any]
) -> None:
    sent = Sent(method, target, {"content-type": "application/json"}, json.dumps(body).encode())
    assert (description("notion").fault(sent) is None) is accepted
