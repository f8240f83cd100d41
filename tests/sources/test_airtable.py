"""What is particular to Airtable: cell shapes, refusals that hide their reason, write-back columns."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from connectors import Finding
from connectors.sources import Outcome
from connectors.sources.airtable import AirtablePlace, AirtableRef
from connectors.sources.columns import is_same
from domain.errors import Invalid, NotFound, ParapheError, Permanent, Retryable
from sandbox.airtable import BASE_ID, RECORD_ID, TABLE_ID, TABLE_NAME
from tests.sources.kits_airtable import AirtableKit

SAMPLE = AirtableRef(base=BASE_ID, table=TABLE_ID, record=RECORD_ID)
CANARY = "Durand-Canari"


def refusal(airtable: AirtableKit, outcome: Outcome | None = None, **changes: Any) -> ParapheError:
    """What reading the sample record, or writing back to it, raises; nothing personal in it."""
    with pytest.raises(ParapheError) as caught:
        if outcome is None:
            airtable.source(**changes).read(SAMPLE)
        else:
            airtable.source(**changes).write_back(SAMPLE, outcome)
    assert CANARY not in f"{caught.value} {caught.value.detail}"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


class TestReading:
    def test_the_sample_record_is_there_by_table_id_or_name(self, airtable: AirtableKit) -> None:
        by_name = SAMPLE.model_copy(update={"table": TABLE_NAME})
        row = airtable.source().read(SAMPLE)
        assert row.fields["Nom"] == "Durand"
        assert airtable.source().read(by_name) == row

    def test_a_table_name_with_a_slash_is_one_name(self, airtable: AirtableKit) -> None:
        ref = airtable.holding({"Nom": "Durand"}, base="appDossiers000000", table="Clients & Dossiers")
        assert airtable.source().read(ref).fields == {"Nom": "Durand"}

    @pytest.mark.parametrize(
        ("cell", "value"),
        [
            (["Paris"], "Paris"),
            ([["Paris"]], "Paris"),
            (["a", "b"], ["a", "b"]),
            ([["a"], ["b"]], ["a", "b"]),
            ({"text": "3017620422003", "type": "ean13"}, "3017620422003"),
            ({"state": "generated", "isStale": False, "value": "résumé"}, "résumé"),
            (0.2, 0.2),
            (0, 0),
            (True, True),
        ],
    )
    def test_a_cell_becomes_a_plain_value(self, airtable: AirtableKit, cell: Any, value: Any) -> None:
        assert airtable.source().read(airtable.holding({"Colonne": cell})).fields == {"Colonne": value}

    @pytest.mark.parametrize(
        "cell",
        [
            [
                {
                    "id": "attABC",
                    "url": "https://x/y.pdf",
                    "filename": "y.pdf",
                    "size": 3,
                    "type": "application/pdf",
                }
            ],
            {"label": "Envoyer", "url": "https://hub.example/a/secret-token"},
            {"label": "Envoyer", "url": None},
            {"id": "usrABC", "email": "a@example.com", "name": "A"},
            [{"id": "usrABC", "email": "a@example.com", "name": "A"}],
            ["recAAAAAAAAAAAAAA"],
            ["recAAAAAAAAAAAAAA", "recBBBBBBBBBBBBBB"],
            {"state": "empty", "isStale": False, "value": None},
            {"of a type": "not yet known"},
            [],
        ],
    )
    def test_a_cell_with_nothing_to_print_is_left_out(self, airtable: AirtableKit, cell: Any) -> None:
        ref = airtable.holding({"Nom": "Durand", "Colonne": cell})
        assert airtable.source().read(ref).fields == {"Nom": "Durand"}

    @pytest.mark.parametrize("cell", [{"specialValue": "NaN"}, {"error": "#ERROR!"}, [{"error": "#ERROR!"}]])
    def test_a_failed_formula_is_refused_and_its_column_named(self, airtable: AirtableKit, cell: Any) -> None:
        ref = airtable.holding({"Nom": CANARY, "Total TTC": cell})
        with pytest.raises(Invalid) as caught:
            airtable.source().read(ref)
        assert caught.value.code == "airtable_failed_formula"
        assert "« Total TTC »" in caught.value.detail
        assert [error.path for error in caught.value.errors] == ["Total TTC"]

    def test_what_the_hub_wrote_is_no_part_of_the_record(self, airtable: AirtableKit) -> None:
        before = airtable.source().read(SAMPLE)
        airtable.source().write_back(SAMPLE, Outcome(state="Signée", archive="/x", error="y"))
        assert airtable.source().read(SAMPLE) == before


class TestReference:
    @pytest.mark.parametrize(
        "change",
        [
            {"base": "appShort"},
            {"base": f"{BASE_ID}\n"},
            {"record": "recClaireDurand0/"},
            {"record": "../../../meta/who"},
            {"table": ""},
            {"table": "."},
            {"table": ".."},
            {"table": "x" * 256},
        ],
    )
    def test_what_is_no_reference_is_refused(self, change: dict[str, str]) -> None:
        with pytest.raises(ValidationError):
            AirtableRef.model_validate(SAMPLE.model_dump() | change)

    def test_a_table_name_cannot_lead_to_another_address(self, airtable: AirtableKit) -> None:
        ref = SAMPLE.model_copy(update={"table": "../meta/whoami?x="})
        with pytest.raises(NotFound):
            airtable.source().read(ref)
        first = airtable.control.requests()[0]
        assert first["path"].startswith(f"/v0/{BASE_ID}/")
        assert first["query_keys"] == []


class TestRefusals:
    def test_a_refused_token_is_said_so_with_the_rights_to_give(self, airtable: AirtableKit) -> None:
        refused = refusal(airtable, token="patAutre")
        assert (type(refused), refused.code) == (Permanent, "airtable_unauthorised")
        assert "data.records:read" in refused.detail
        (finding,) = airtable.source(token="patAutre").check()
        assert (finding.ok, finding.text) == (False, refused.detail)

    @pytest.mark.parametrize(
        "change",
        [{"record": "recAbsent00000000"}, {"table": "Absente"}, {"base": "appAbsent00000000"}],
    )
    def test_a_missing_record_table_or_base_is_said_not_found(
        self, airtable: AirtableKit, change: dict[str, str]
    ) -> None:
        with pytest.raises(NotFound) as caught:
            airtable.source().read(SAMPLE.model_copy(update=change))
        assert caught.value.code == "airtable_record_not_found"
        assert [one["path"] for one in airtable.control.requests()][-1] == "/v0/meta/whoami"

    def test_a_token_revoked_behind_a_403_is_told_from_a_missing_record(self, airtable: AirtableKit) -> None:
        body = {"error": {"type": "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND", "message": CANARY}}
        airtable.control.fault("error", "GET", "/rec", status=403, body=body)
        airtable.settings(token_valid=False)
        assert refusal(airtable).code == "airtable_unauthorised"

    def test_a_403_that_whoami_cannot_explain_is_tried_again(self, airtable: AirtableKit) -> None:
        airtable.control.fault("error", "GET", "/rec", status=403, body={"error": "X"})
        airtable.control.fault("error", "GET", "whoami", status=502)
        assert isinstance(refusal(airtable), Retryable)

    def test_a_token_that_may_only_read_says_which_right_is_missing(self, airtable: AirtableKit) -> None:
        airtable.settings(can_write=False)
        refused = refusal(airtable, Outcome(state="Envoyée"))
        assert (type(refused), refused.code) == (Permanent, "airtable_forbidden")
        assert "data.records:write" in refused.detail

    def test_the_penalty_after_a_burst_is_waited_out(self, airtable: AirtableKit) -> None:
        airtable.settings(rate_limit=True)
        source = airtable.source()
        with pytest.raises(Retryable) as caught:
            for _ in range(6):
                source.read(SAMPLE)
        assert (caught.value.code, caught.value.after) == ("airtable_busy", 31)
        assert refusal(airtable).code == "airtable_busy"
        assert len(airtable.control.requests()) == 7  # the client's own retries are off

    @pytest.mark.parametrize("kind", ["cut_before", "cut_after", "truncate"])
    def test_a_cut_connection_is_tried_again(self, airtable: AirtableKit, kind: str) -> None:
        airtable.control.fault(kind, "GET")
        refused = refusal(airtable)
        assert (type(refused), refused.code) == (Retryable, "airtable_unreachable")

    @pytest.mark.parametrize("status", [408, 500, 502, 503])
    def test_an_ill_airtable_is_tried_again_when_it_asks(self, airtable: AirtableKit, status: int) -> None:
        airtable.control.fault("error", status=status, body="<html>", headers={"Retry-After": "12"})
        refused = refusal(airtable)
        assert isinstance(refused, Retryable)
        assert refused.after == 12

    @pytest.mark.parametrize("body", ['{"id": "recX"}', "[]", "null", ""])
    def test_an_answer_of_another_shape_is_refused(self, airtable: AirtableKit, body: str) -> None:
        airtable.control.fault("error", status=200, body=body, headers={"Content-Type": "application/json"})
        refused = refusal(airtable)
        assert (type(refused), refused.code) == (Permanent, "airtable_unexpected_answer")

    def test_nobody_listening_is_tried_again_and_said_by_the_doctor(self, airtable: AirtableKit) -> None:
        assert isinstance(refusal(airtable, endpoint="http://127.0.0.1:9"), Retryable)
        assert not airtable.source(endpoint="http://127.0.0.1:9").check()[0].ok


class TestCandidates:
    PLACE = AirtablePlace(base=BASE_ID, table=TABLE_ID)

    def test_a_lookup_and_a_list_are_compared_as_a_text_is(self, airtable: AirtableKit) -> None:
        lookup = airtable.holding({"Statut client": ["À envoyer"]}, table=TABLE_ID)
        airtable.holding({"Statut client": ["À envoyer", "Urgent"]}, table=TABLE_ID)
        (found,) = airtable.source().candidates(self.PLACE, "Statut client", "À envoyer")
        assert (found.record, found.row.fields) == (lookup.record, {"Statut client": "À envoyer"})

    def test_a_text_that_means_a_ticked_box_is_found_as_well(self, airtable: AirtableKit) -> None:
        told = airtable.holding({"Rappel": "oui"}, table=TABLE_ID)
        airtable.holding({"Rappel": "non"}, table=TABLE_ID)
        (found,) = airtable.source().candidates(self.PLACE, "Rappel", "oui")
        assert found.record == told.record

    def test_the_hubs_own_column_can_be_watched(self, airtable: AirtableKit) -> None:
        airtable.source().write_back(SAMPLE, Outcome(state="Signée"))
        (found,) = airtable.source().candidates(self.PLACE, "Statut convention", "Signée")
        assert found.record == RECORD_ID
        assert found.row == airtable.source().read(SAMPLE)

    def test_a_column_that_is_not_there_is_said_so(self, airtable: AirtableKit) -> None:
        with pytest.raises(Permanent) as caught:
            list(airtable.source().candidates(self.PLACE, "Absente", CANARY))
        assert caught.value.code == "airtable_unlistable_column"
        assert CANARY not in caught.value.detail


class TestDoctor:
    def checked(self, airtable: AirtableKit, table: str = TABLE_ID, **changes: Any) -> Finding:
        (found,) = airtable.source(base=BASE_ID, table=table, **changes).check()
        return found

    @pytest.mark.parametrize("state", ["", "Signée"])
    def test_the_rights_are_proved_and_the_cell_stays(self, airtable: AirtableKit, state: str) -> None:
        airtable.source().write_back(SAMPLE, Outcome(state=state))
        before, writes = airtable.cells(SAMPLE), airtable.writes()
        found = self.checked(airtable)
        assert found.ok
        assert "lire et écrire" in found.text
        assert (airtable.cells(SAMPLE), airtable.writes()) == (before, writes + 1)

    @pytest.mark.parametrize("named", [{}, {"base": BASE_ID}, {"table": TABLE_ID}])
    def test_without_a_table_nothing_is_said_to_be_proved(
        self, airtable: AirtableKit, named: dict[str, Any]
    ) -> None:
        (found,) = airtable.source(**named).check()
        assert found.ok
        assert "ne sont pas prouvés" in found.text
        assert "PARAPHE_AIRTABLE_TABLE" in found.text

    @pytest.mark.parametrize(
        ("settings", "scope"),
        [({"can_read": False}, "data.records:read"), ({"can_write": False}, "data.records:write")],
    )
    def test_a_right_that_is_missing_is_named(
        self, airtable: AirtableKit, settings: dict[str, bool], scope: str
    ) -> None:
        airtable.settings(**settings)
        found = self.checked(airtable)
        assert not found.ok
        assert scope in found.text

    def test_a_refusal_that_hides_its_reason_is_that_of_writing_once_the_record_was_read(
        self, airtable: AirtableKit
    ) -> None:
        body = {"error": {"type": "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND", "message": CANARY}}
        airtable.control.fault("error", "PATCH", status=403, body=body)
        assert "data.records:write" in self.checked(airtable).text

    def test_what_else_is_wrong_is_said(self, airtable: AirtableKit) -> None:
        assert "PARAPHE_AIRTABLE_BASE" in self.checked(airtable, "Absente").text
        column = self.checked(airtable, column_state="Suivi")
        assert "PARAPHE_AIRTABLE_COLUMN_STATE" in column.text
        airtable.control.fault("error", "PATCH", status=503)
        assert "ne répond pas" in self.checked(airtable).text

    def test_an_empty_table_proves_no_writing(self, airtable: AirtableKit) -> None:
        airtable.control.fault("error", "GET", TABLE_ID, status=200, body={"records": []})
        assert "n'est pas prouvé" in self.checked(airtable).text
        assert airtable.writes() == 0

    @pytest.mark.parametrize("wrong", [{"base": "appShort"}, {"base": BASE_ID + "\n"}, {"table": ".."}])
    def test_a_place_that_is_none_stops_the_start(self, airtable: AirtableKit, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            airtable.source(**wrong)


class TestWritingBack:
    OUTCOME = Outcome(
        state="Signée",
        link="https://example.com/s/1",
        signed_on="2026-12-15",
        archive="/Conventions/2026/12/x.pdf",
        error=None,
    )

    def patches(self, airtable: AirtableKit) -> int:
        return len(airtable.control.requests("PATCH"))

    def test_each_column_gets_its_value_and_the_rest_stays(self, airtable: AirtableKit) -> None:
        before = airtable.cells(SAMPLE)
        airtable.source().write_back(SAMPLE, self.OUTCOME)
        assert airtable.cells(SAMPLE) == before | {
            "Statut convention": "Signée",
            "Lien de signature": "https://example.com/s/1",
            "Signée le": "2026-12-15",
            "Archive": "/Conventions/2026/12/x.pdf",
        }

    def test_what_stands_already_is_not_written_again(self, airtable: AirtableKit) -> None:
        for _ in range(3):
            airtable.source().write_back(SAMPLE, self.OUTCOME)
        assert self.patches(airtable) == 1

    @pytest.mark.parametrize("kind", ["date", "dateTime", "richText", "singleLineText"])
    def test_a_column_that_spells_it_its_own_way_counts_as_written(
        self, airtable: AirtableKit, kind: str
    ) -> None:
        columns = {"Statut convention": "richText", "Signée le": kind}
        ref = airtable.holding({"Nom": "D"}, base="appDossiers000000", table="Autre", columns=columns)
        outcome = Outcome(state="Signée", signed_on="2026-12-15T23:30:00+01:00")
        for _ in range(2):
            airtable.source().write_back(ref, outcome)
        assert self.patches(airtable) == 1

    def test_an_empty_text_empties_the_cell_once(self, airtable: AirtableKit) -> None:
        airtable.source().write_back(SAMPLE, Outcome(error="En panne", signed_on="2026-12-15"))
        for _ in range(2):
            airtable.source().write_back(SAMPLE, Outcome(error="", signed_on=""))
        assert not {"Erreur convention", "Signée le"} & airtable.cells(SAMPLE).keys()
        assert self.patches(airtable) == 2

    def test_nothing_to_say_makes_no_call(self, airtable: AirtableKit) -> None:
        airtable.source().write_back(SAMPLE, Outcome())
        assert airtable.control.requests() == []

    def test_a_column_that_is_missing_is_named_with_its_setting(self, airtable: AirtableKit) -> None:
        refused = refusal(airtable, Outcome(state=CANARY), column_state="Suivi")
        assert (type(refused), refused.code) == (Permanent, "airtable_unknown_column")
        assert "« Suivi »" in refused.detail
        assert "PARAPHE_AIRTABLE_COLUMN_STATE" in refused.detail

    def test_a_column_of_the_wrong_type_is_named_with_its_setting(self, airtable: AirtableKit) -> None:
        refused = refusal(airtable, Outcome(archive=CANARY), column_archive="Montant HT")
        assert refused.code == "airtable_wrong_column_type"
        assert "PARAPHE_AIRTABLE_COLUMN_ARCHIVE" in refused.detail

    def test_an_option_missing_from_a_list_is_not_made_up(self, airtable: AirtableKit) -> None:
        refused = refusal(airtable, Outcome(state=CANARY), column_state="Qualité")
        assert (type(refused), refused.code) == (Permanent, "airtable_missing_option")
        assert "« Qualité »" in refused.detail

    def test_an_answer_lost_after_the_write_is_not_written_twice(self, airtable: AirtableKit) -> None:
        airtable.control.fault("cut_after", "PATCH")
        assert isinstance(refusal(airtable, self.OUTCOME), Retryable)
        airtable.source().write_back(SAMPLE, self.OUTCOME)
        assert self.patches(airtable) == 1

    def test_the_row_is_shown_to_people_as_worthless(self, airtable: AirtableKit) -> None:
        airtable.source().write_back(SAMPLE, self.OUTCOME)
        page = airtable.sandbox.client.get(
            f"{airtable.sandbox.url}/airtable/view/{BASE_ID}/{TABLE_NAME}"
        ).text
        assert "BAC À SABLE, SANS VALEUR" in page
        assert "Signée" in page


@pytest.mark.parametrize(
    ("standing", "wanted", "same"),
    [
        (None, "", True),
        (None, "x", False),
        ("x", "", False),
        ("2026-12-15", "2026-12-16", False),
        ("2026-12-15T09:00:00.000Z", "2026-12-15T10:00:00+01:00", True),
        ("2026-12-15T09:00:00.000Z", "2026-12-15T10:00:00+02:00", False),
        ("2026-12-15T09:00:00.000Z", "2026-12-15", False),
        (3, "3", False),
    ],
)
def test_a_cell_is_compared_by_what_it_means(standing: Any, wanted: str, same: bool) -> None:
    assert is_same(standing, wanted) is same
