"""What is particular to Google Sheets: rows that move, ragged cells, names in the first row, the quota."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.sources import Outcome, Row
from connectors.sources.airtable import AirtableRef
from connectors.sources.google_sheets import GoogleSheets, GoogleSheetsPlace, GoogleSheetsRef
from connectors.sources.google_sheets_grid import letters
from domain.errors import Invalid, NotFound, ParapheError, Permanent, Retryable
from domain.normalise import normalise
from sandbox.airtable import BASE_ID, RECORD_ID, TABLE_ID
from sandbox.google import SHEET, SPREADSHEET_ID
from tests.fixtures.sandbox import Sandbox
from tests.fixtures.services import services
from tests.sources.kits_airtable import AirtableKit
from tests.sources.kits_google_sheets import GoogleSheetsKit
from tests.unit.samples import fields

CANARY = "Durand-Canari"
SAMPLE = GoogleSheetsRef(spreadsheet=SPREADSHEET_ID, sheet=SHEET, key="2026-0142")
WRITTEN = ["Statut convention", "Lien de signature", "Signée le", "Archive", "Erreur convention"]
ORDER = {"spreadsheet": SPREADSHEET_ID, "sheet": SHEET}


@pytest.fixture
def sheets(sandbox: Sandbox) -> GoogleSheetsKit:
    return GoogleSheetsKit(sandbox)


@pytest.fixture
def source(sheets: GoogleSheetsKit) -> GoogleSheets:
    """As a firm sets it up: rows known by their file number."""
    return GoogleSheets(sheets.config(key_column="N° dossier"), services())


def refusal(act: Any, *arguments: Any) -> ParapheError:
    with pytest.raises(ParapheError) as caught:
        act(*arguments)
    assert CANARY not in f"{caught.value} {caught.value.detail} {caught.value.errors}"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


def put(sheets: GoogleSheetsKit, *rows: Sequence[Any]) -> GoogleSheetsRef:
    """A sheet of its own with these rows; the ref of its row "A1"."""
    order = {"spreadsheet": SPREADSHEET_ID, "sheet": "Essai", "rows": rows}
    sheets.control.post("sheets/rows", order)
    return GoogleSheetsRef(spreadsheet=SPREADSHEET_ID, sheet="Essai", key="A1")


class TestReading:
    def test_what_a_sheet_does_to_figures_makes_the_same_agreement(
        self, sheets: GoogleSheetsKit, source: GoogleSheets, sandbox: Sandbox
    ) -> None:
        """The sample of the other table: its rate a percentage, its post code a number."""
        airtable = AirtableKit(sandbox).source()
        other = airtable.read(AirtableRef(base=BASE_ID, table=TABLE_ID, record=RECORD_ID))
        read = source.read(SAMPLE)
        assert read.fields["Code postal"] == 75011
        assert _agreement(read) == _agreement(other)

    def test_zeros_that_a_number_has_lost_are_given_back(
        self, sheets: GoogleSheetsKit, source: GoogleSheets
    ) -> None:
        given = fields() | {"Code postal": "01000", "Téléphone": "06 12 34 56 78", "N° dossier": "D-1"}
        typed = given | {"Code postal": 1000, "Téléphone": 612345678}
        sheets.control.post("sheets/rows", {**ORDER, "fields": typed})
        read = source.read(SAMPLE.model_copy(update={"key": "D-1"}))
        assert _agreement(read) == _agreement(Row(given))

    def test_a_header_is_read_as_it_is_meant_and_rows_may_be_ragged(
        self, sheets: GoogleSheetsKit, source: GoogleSheets
    ) -> None:
        header = ["  N°\u00a0dossier ", "Pre\u0301nom", "Nom\n de  famille", "Vu", "Conclue le"]
        ref = put(sheets, header, ["A1", "Éloïse"], [], ["A2", "", "x", False, {"date": "2026-12-15"}])
        assert source.read(ref).fields == {"N° dossier": "A1", "Prénom": "Éloïse"}
        second = source.read(ref.model_copy(update={"key": "A2"}))
        assert second.fields == {
            "N° dossier": "A2",
            "Nom de famille": "x",
            "Conclue le": "15/12/2026",
        }

    def test_a_column_without_a_name_counts_only_above_values(
        self, sheets: GoogleSheetsKit, source: GoogleSheets
    ) -> None:
        ref = put(sheets, ["N° dossier", " ", "Nom"], ["A1", "", "x"])
        assert source.read(ref).fields == {"N° dossier": "A1", "Nom": "x"}
        put(sheets, ["N° dossier", " ", "Nom"], ["A1", "", "x"], ["A2", CANARY])
        wrong = refusal(source.read, ref)
        assert (type(wrong), wrong.code) == (Invalid, "google_sheets_blank_column")
        assert [one.path for one in wrong.errors] == ["B"]

    def test_two_columns_of_one_name_are_refused(self, sheets: GoogleSheetsKit, source: GoogleSheets) -> None:
        ref = put(sheets, ["N° dossier", "Nom", "Nom "], ["A1", CANARY, "y"])
        wrong = refusal(source.read, ref)
        assert (type(wrong), wrong.code) == (Invalid, "google_sheets_duplicate_column")
        assert "« Nom »" in wrong.detail

    @pytest.mark.parametrize("cell", ["#N/A", "#REF!", "#DIV/0!", "#NAME?", "#ERROR!", "Loading..."])
    def test_a_failed_formula_is_refused_in_its_own_row(
        self, sheets: GoogleSheetsKit, source: GoogleSheets, cell: str
    ) -> None:
        ref = put(sheets, ["N° dossier", "Total TTC", "Archive"], ["A1", cell, ""], ["A2", 3, cell])
        wrong = refusal(source.read, ref)
        assert (type(wrong), wrong.code) == (Invalid, "google_sheets_failed_formula")
        assert [one.path for one in wrong.errors] == ["Total TTC"]
        second = ref.model_copy(update={"key": "A2"})
        assert source.read(second).fields == {"N° dossier": "A2", "Total TTC": 3}

    def test_a_text_that_begins_like_an_error_is_a_text(
        self, sheets: GoogleSheetsKit, source: GoogleSheets
    ) -> None:
        ref = put(sheets, ["N° dossier", "Objet"], ["A1", "#1 de la liste !"])
        assert source.read(ref).fields["Objet"] == "#1 de la liste !"

    def test_a_box_that_is_not_ticked_is_no_news(self, sheets: GoogleSheetsKit) -> None:
        """As in Airtable and Notion: a column of boxes that is added changes no version."""
        ref = sheets.holding({"Nom": "x", "Urgent": ""})
        before = sheets.source().read(ref).version
        rows = sheets.rows()
        place = rows[0].index("Urgent")
        rows[1] = [*rows[1], *[""] * (place + 1 - len(rows[1]))]
        rows[1][place] = False
        sheets.put(rows=rows)
        assert sheets.source().read(ref).version == before

    def test_an_empty_sheet_has_no_key_column(self, sheets: GoogleSheetsKit, source: GoogleSheets) -> None:
        wrong = refusal(source.read, put(sheets))
        assert (type(wrong), wrong.code) == (Permanent, "google_sheets_no_key_column")
        assert "PARAPHE_GOOGLE_SHEETS_KEY_COLUMN" in wrong.detail


class TestNamingARow:
    def test_none_or_several_rows_of_a_key_are_refused(
        self, sheets: GoogleSheetsKit, source: GoogleSheets
    ) -> None:
        ref = put(sheets, ["N° dossier"], ["A2"], ["B"], ["B "])
        wrong = refusal(source.read, ref)
        assert (type(wrong), wrong.code) == (NotFound, "google_sheets_record_not_found")
        wrong = refusal(source.write_back, ref.model_copy(update={"key": "B"}), Outcome(error=CANARY))
        assert (type(wrong), wrong.code) == (Invalid, "google_sheets_duplicate_key")
        assert "lignes 3, 4" in wrong.detail
        assert sheets.writes() == 0

    def test_a_key_may_be_a_number_and_zeros_are_not_guessed(
        self, sheets: GoogleSheetsKit, source: GoogleSheets
    ) -> None:
        ref = put(sheets, ["N° dossier"], [1042.0], [42])
        assert source.read(ref.model_copy(update={"key": "1042"})).fields == {"N° dossier": 1042}
        assert isinstance(refusal(source.read, ref.model_copy(update={"key": "0042"})), NotFound)

    def test_a_row_number_becomes_the_key_that_stands_there(
        self, sheets: GoogleSheetsKit, source: GoogleSheets
    ) -> None:
        put(sheets, ["Nom", "N° dossier"], ["x", "A1"], ["y"], ["z", "A1"], ["w", "A3"])
        by_row = [GoogleSheetsRef(spreadsheet=SPREADSHEET_ID, sheet="Essai", row=row) for row in range(2, 7)]
        assert source.lasting(by_row[3]) == by_row[3].model_copy(update={"key": "A3", "row": None})
        assert source.read(by_row[3]).fields["Nom"] == "w"
        codes = [refusal(source.lasting, by_row[place]).code for place in (0, 1, 4)]
        assert codes == [
            "google_sheets_duplicate_key",
            "google_sheets_row_without_key",
            "google_sheets_row_not_found",
        ]
        asked = len(sheets.control.requests())
        assert source.lasting(SAMPLE) == SAMPLE
        assert len(sheets.control.requests()) == asked

    @pytest.mark.parametrize(
        "change",
        [
            {"row": 2},  # and a key
            {"key": None},
            {"key": None, "row": 1},  # the header
            {"key": None, "row": -1},
            {"spreadsheet": "../../drive/v3/files/xxxxxxxxx"},
            {"sheet": ""},
            {"sheet": "a\nb"},
        ],
    )
    def test_what_is_no_reference_is_refused(self, change: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            GoogleSheetsRef.model_validate(SAMPLE.model_dump() | change)

    def test_candidates_pass_over_what_cannot_be_named(
        self, sheets: GoogleSheetsKit, source: GoogleSheets
    ) -> None:
        asked = "À envoyer"
        rows: list[list[Any]] = [
            ["A1", "À  envoyer ", "#REF!"],
            ["", asked],
            ["A3", "Envoyée"],
            ["A4", asked, 3],
        ]
        ref = put(sheets, ["N° dossier", "Suivi", "Total"], *rows)
        place = GoogleSheetsPlace(spreadsheet=ref.spreadsheet, sheet=ref.sheet)
        assert [one.record for one in source.candidates(place, "Suivi", "À envoyer")] == ["A1", "A4"]
        wrong = refusal(list, source.candidates(place, "Etat", "À envoyer"))
        assert wrong.code == "google_sheets_unknown_column"

    def test_the_formula_finds_the_key_by_its_columns_name(self, sheets: GoogleSheetsKit) -> None:
        formula = GoogleSheets(sheets.config(key_column='N° "D"'), services()).link_formula(
            "https://h.example/b/t"
        )
        assert formula.startswith('=HYPERLINK("https://h.example/b/t?record="&ENCODEURL(')
        assert 'MATCH("N° ""D""";$1:$1;0)' in formula

    @pytest.mark.parametrize(("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
    def test_columns_are_counted_as_a_sheet_does(self, place: int, name: str) -> None:
        assert letters(place) == name


class TestWritingBack:
    def test_nothing_is_taken_for_a_formula(self, sheets: GoogleSheetsKit, source: GoogleSheets) -> None:
        source.write_back(SAMPLE, Outcome(state="=1+1", error="+33 1", archive="007"))
        header, row = sheets.control.get(f"sheets/{SPREADSHEET_ID}/{SHEET}")
        cells = dict(zip(header, row, strict=False))
        assert [cells[name] for name in ("Statut convention", "Erreur convention", "Archive")] == [
            "=1+1",
            "+33 1",
            "007",
        ]

    def test_a_row_is_found_again_wherever_it_went(
        self, sheets: GoogleSheetsKit, source: GoogleSheets
    ) -> None:
        ref = put(sheets, ["N° dossier", *WRITTEN], ["A1"], ["A0"])
        source.write_back(ref, Outcome(state="Envoyée"))
        order = {"spreadsheet": SPREADSHEET_ID, "sheet": "Essai", "sort_by": "N° dossier"}
        sheets.control.post("sheets/rows", order)
        source.write_back(ref, Outcome(state="Signée"))
        rows = sheets.control.get(f"sheets/{SPREADSHEET_ID}/Essai")
        assert [row[:2] for row in rows[1:]] == [["A0"], ["A1", "Signée"]]

    def test_an_answer_lost_after_the_writing_is_not_written_again(
        self, sheets: GoogleSheetsKit, source: GoogleSheets
    ) -> None:
        sheets.control.fault("cut_after", "POST", "batchUpdate", times=2)  # httplib2 sends it again itself
        assert isinstance(refusal(source.write_back, SAMPLE, Outcome(state="Signée")), Retryable)
        source.write_back(SAMPLE, Outcome(state="Signée"))
        assert sheets.writes() == 2

    def test_a_column_that_is_missing_is_named_with_its_setting(
        self, sheets: GoogleSheetsKit, source: GoogleSheets
    ) -> None:
        ref = put(sheets, ["N° dossier", *WRITTEN[1:]], ["A1"])
        wrong = refusal(source.write_back, ref, Outcome(state=CANARY, archive="/x"))
        assert (type(wrong), wrong.code) == (Permanent, "google_sheets_unknown_column")
        assert "« Statut convention »" in wrong.detail
        assert "PARAPHE_GOOGLE_SHEETS_COLUMN_STATE" in wrong.detail
        assert sheets.writes() == 0

    def test_a_protected_cell_is_no_reason_to_try_again(
        self, sheets: GoogleSheetsKit, source: GoogleSheets
    ) -> None:
        sheets.control.fault("error", "POST", "batchUpdate", status=400, body={"error": {"message": CANARY}})
        wrong = refusal(source.write_back, SAMPLE, Outcome(state="Signée"))
        assert (type(wrong), wrong.code) == (Permanent, "google_sheets_unwritable")


class TestRights:
    @pytest.mark.parametrize(
        ("settings", "kind", "code"),
        [
            ({"role": "none"}, Permanent, "google_sheets_forbidden"),
            ({"api_enabled": False}, Permanent, "google_sheets_api_disabled"),
            ({"reads_per_minute": 0}, Retryable, "google_sheets_busy"),
        ],
    )
    def test_what_google_refuses_is_told_apart(
        self,
        sheets: GoogleSheetsKit,
        source: GoogleSheets,
        settings: dict[str, Any],
        kind: type[ParapheError],
        code: str,
    ) -> None:
        sheets.settings(**settings)
        wrong = refusal(source.read, SAMPLE)
        assert (type(wrong), wrong.code) == (kind, code)

    def test_what_is_not_there_is_named(self, sheets: GoogleSheetsKit, source: GoogleSheets) -> None:
        for change, code in (
            ({"spreadsheet": "1" * 44}, "google_sheets_not_found"),
            ({"sheet": "Absent"}, "google_sheets_sheet_not_found"),
        ):
            wrong = refusal(source.read, SAMPLE.model_copy(update=change))
            assert (type(wrong), wrong.code) == (NotFound, code)

    @pytest.mark.parametrize("locale", ["en_US", "de_DE", ""])
    def test_a_sheet_that_is_not_french_turns_no_date_round(
        self, sheets: GoogleSheetsKit, source: GoogleSheets, locale: str
    ) -> None:
        ref = put(sheets, ["N° dossier", "Provision exigible le"], ["A1", {"date": "2027-02-03"}])
        sheets.settings(locale=locale)
        place = GoogleSheetsPlace(spreadsheet=ref.spreadsheet, sheet=ref.sheet)
        for act in (
            lambda: source.read(ref),
            lambda: list(source.candidates(place, "N° dossier", "A1")),
        ):
            wrong = refusal(act)
            assert (type(wrong), wrong.code) == (Permanent, "google_sheets_locale")
        sheets.settings(locale="fr_CH")
        assert source.read(ref).fields["Provision exigible le"] == "03/02/2027"

    @pytest.mark.parametrize("listed", [True, False])
    @pytest.mark.parametrize("asked", ["/values/", f"/v4/spreadsheets/{SPREADSHEET_ID}"])
    def test_an_excel_file_is_not_taken_for_a_missing_tab(
        self, sheets: GoogleSheetsKit, source: GoogleSheets, asked: str, listed: bool
    ) -> None:
        said = "This operation is not supported for this document"
        error = {"code": 400, "message": said, "status": "FAILED_PRECONDITION"}
        if listed:
            error["errors"] = [{"message": said, "domain": "global", "reason": "failedPrecondition"}]
        sheets.control.fault("error", "GET", asked, status=400, body={"error": error})
        wrong = refusal(source.read, SAMPLE)
        assert (type(wrong), wrong.code) == (Permanent, "google_sheets_not_a_sheet")

    def test_a_token_that_was_taken_back_is_asked_again(
        self, sheets: GoogleSheetsKit, source: GoogleSheets
    ) -> None:
        assert source.read(SAMPLE)
        sheets.control.post("revoke", {})
        assert source.read(SAMPLE)
        assert len(sheets.control.requests("POST", "/token")) == 2

    def test_a_key_that_is_refused_is_said_so(self, sheets: GoogleSheetsKit, source: GoogleSheets) -> None:
        sheets.control.patch("settings", {"key_disabled": True})
        wrong = refusal(source.read, SAMPLE)
        assert (type(wrong), wrong.code) == (Permanent, "google_sheets_unauthorised")
        assert "PARAPHE_GOOGLE_SHEETS_SERVICE_ACCOUNT_JSON" in wrong.detail

    def test_the_token_opens_sheets_and_nothing_else(
        self, sheets: GoogleSheetsKit, source: GoogleSheets
    ) -> None:
        assert source.read(SAMPLE)
        token = source._credentials.token
        answer = sheets.sandbox.client.get(
            f"{sheets.control.url}/drive/v3/files", headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == 403

    @pytest.mark.parametrize(
        ("settings", "change", "said"),
        [
            ({}, {}, "lire et écrire"),
            ({}, {"sheet": SHEET}, "lire et écrire"),
            ({"role": "reader"}, {}, "« Éditeur »"),
            ({"api_enabled": False}, {"spreadsheet": ""}, "n'est pas activée"),
            ({"locale": "en_US"}, {}, "Paramètres régionaux"),
            ({}, {"column_link": "Lien"}, "PARAPHE_GOOGLE_SHEETS_COLUMN_LINK"),
            ({}, {"key_column": "Clé"}, "PARAPHE_GOOGLE_SHEETS_KEY_COLUMN"),
            ({}, {"sheet": "Absent"}, "onglet"),
            ({}, {"spreadsheet": "1" * 44}, "son identifiant"),
        ],
    )
    def test_the_doctor_proves_the_rights_on_the_sheet_that_is_named(
        self, sheets: GoogleSheetsKit, settings: dict[str, Any], change: dict[str, str], said: str
    ) -> None:
        sheets.settings(**settings)
        before = sheets.control.get(f"sheets/{SPREADSHEET_ID}/{SHEET}")
        named = {"key_column": "N° dossier", "spreadsheet": SPREADSHEET_ID, **change}
        last = GoogleSheets(sheets.config(**named), services()).check()[-1]
        assert last.ok is (said == "lire et écrire")
        assert said in last.text
        assert sheets.control.get(f"sheets/{SPREADSHEET_ID}/{SHEET}") == before

    def test_reads_and_writes_take_their_turn_for_all_workers(self, sheets: GoogleSheetsKit) -> None:
        turns: list[tuple[str, float]] = []

        def turn(scope: str, interval: float, longest: float) -> float:
            turns.append((scope, interval))
            assert longest == 33.5  # how far calls may run ahead, and the longest wait
            return (0.0, 0.0, 28.5, 0.0, 40.0)[len(turns) - 1]

        source = GoogleSheets(sheets.config(key_column="N° dossier"), replace(services(), turn=turn))
        source.read(SAMPLE)
        source.write_back(SAMPLE, Outcome(state="Signée"))
        account = "paraphe@bac-a-sable.iam.gserviceaccount.com"
        read, write = f"google_sheets.read:{account}", f"google_sheets.write:{account}"
        assert [scope for scope, _ in turns] == [read, read, read, write]  # the locale, once
        assert [interval for _, interval in turns] == [1.5] * 4
        busy = refusal(source.read, SAMPLE)
        assert isinstance(busy, Retryable)
        assert (busy.code, busy.after) == ("google_sheets_busy", 11.5)

    def test_what_is_no_key_is_refused_at_start_without_being_shown(self, sheets: GoogleSheetsKit) -> None:
        with pytest.raises(ValidationError) as caught:
            sheets.config(service_account_json=json.dumps({"private_key": CANARY}))
        assert CANARY not in str(caught.value)


def _agreement(row: Row) -> str:
    """With what the firm's own settings complete."""
    completed = {"Moyens de paiement": "virement", **row.fields}
    return normalise(completed, None, date(2026, 12, 1)).model_dump_json()
