"""What is particular to a record read over HTTP: where it may lead, and where its columns stand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.outbound_guard import Guarded
from connectors.sources import Outcome
from connectors.sources.airtable import AirtableRef
from connectors.sources.http_json import MAX_BYTES, HttpJson, HttpJsonPlace, HttpJsonRef
from connectors.sources.json_paths import found
from domain.errors import NotFound, ParapheError, Permanent, Retryable
from domain.normalise import normalise
from sandbox.airtable import BASE_ID, RECORD_ID, TABLE_ID
from sandbox.crm.sample import PATHS
from sandbox.crm.sample import RECORD_ID as SAMPLE_ID
from tests.fixtures.sandbox import Sandbox
from tests.fixtures.services import services
from tests.http.wire import answer, serving
from tests.sources.kits_airtable import AirtableKit
from tests.sources.kits_http_json import HttpJsonKit
from tests.workers.desk import Desk

SAMPLE = HttpJsonRef(record=SAMPLE_ID)
CANARY = "Durand-Canari"


@pytest.fixture
def crm(sandbox: Sandbox) -> HttpJsonKit:
    return HttpJsonKit(sandbox)


@pytest.fixture
def source(crm: HttpJsonKit) -> HttpJson:
    """As the sandbox's own settings set it up."""
    return crm.source(mapping=json.dumps(PATHS))


def refusal(act: Any, *arguments: Any) -> ParapheError:
    with pytest.raises(ParapheError) as caught:
        act(*arguments)
    assert CANARY not in f"{caught.value} {caught.value.detail}"
    assert "127.0.0.1" not in caught.value.detail
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


class TestReading:
    def test_nested_objects_make_the_same_agreement_as_columns(
        self, source: HttpJson, sandbox: Sandbox
    ) -> None:
        table = AirtableKit(sandbox).source()
        other = table.read(AirtableRef(base=BASE_ID, table=TABLE_ID, record=RECORD_ID))
        made = [
            normalise({"Moyens de paiement": "virement", **row.fields}, None, date(2026, 12, 1))
            for row in (source.read(SAMPLE), other)
        ]
        assert made[0].model_dump_json() == made[1].model_dump_json()

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("", {"a": {"b/c": [1, {"~d": "x"}]}, "": 0}),
            ("/a/b~1c/0", 1),
            ("/a/b~1c/1/~0d", "x"),
            ("/", 0),
            ("/a/b~1c/2", None),
            ("/a/b~1c/-1", None),
            ("/a/b~1c/01", None),
            ("/a/b~1c/0/x", None),
            ("/absent/x", None),
        ],
    )
    def test_a_path_is_a_json_pointer(self, path: str, value: Any) -> None:
        assert found({"a": {"b/c": [1, {"~d": "x"}]}, "": 0}, path) == value

    def test_what_the_crm_adds_of_its_own_is_no_part_of_the_record(self, crm: HttpJsonKit) -> None:
        ref = crm.holding({"Nom": "Durand"})
        before = crm.source().read(ref)
        crm.control.post("records", crm.kept(ref) | {"modifie_le": "2026-12-15T10:00:00Z"})
        assert crm.source().read(ref) == before

    @pytest.mark.parametrize(
        ("change", "setting"),
        [
            ({"mapping": '{"Nom": "/client/name"}'}, "PARAPHE_HTTP_JSON_MAPPING"),
            ({"record_path": "/dossier"}, "PARAPHE_HTTP_JSON_RECORD_PATH"),
        ],
    )
    def test_a_path_that_leads_nowhere_is_named_by_its_setting(
        self, crm: HttpJsonKit, change: dict[str, Any], setting: str
    ) -> None:
        wrong = refusal(crm.source(**change).read, SAMPLE)
        assert (type(wrong), wrong.code) == (Permanent, "http_json_unexpected_answer")
        assert setting in wrong.detail

    @pytest.mark.parametrize(
        ("status", "kind", "code"),
        [
            (302, Permanent, "http_json_redirected"),
            (401, Permanent, "http_json_unauthorised"),
            (403, Permanent, "http_json_unauthorised"),
            (404, NotFound, "http_json_record_not_found"),
            (422, Permanent, "http_json_refused"),
        ],
    )
    def test_each_refusal_says_what_to_do(
        self, crm: HttpJsonKit, status: int, kind: type[ParapheError], code: str
    ) -> None:
        crm.control.fault(
            "error", "GET", status=status, body={"error": CANARY}, headers={"Location": "http://127.0.0.1:9/"}
        )
        wrong = refusal(crm.source().read, SAMPLE)
        assert (type(wrong), wrong.code) == (kind, code)

    @pytest.mark.parametrize("body", ['{"data": {"fiche": {"Nom": NaN}}}', "[" * 100_000])
    def test_what_is_no_json_is_refused(self, crm: HttpJsonKit, body: str) -> None:
        crm.control.fault("error", "GET", status=200, body=body)
        assert refusal(crm.source().read, SAMPLE).code == "http_json_unexpected_answer"

    def test_an_answer_without_end_is_left(self, crm: HttpJsonKit) -> None:
        crm.control.fault("error", "GET", status=200, body='{"data": "' + "x" * MAX_BYTES + '"}')
        wrong = refusal(crm.source().read, SAMPLE)
        assert isinstance(wrong, Retryable)
        assert "5 Mo" in wrong.detail


class TestWhereItMayLead:
    def test_a_private_network_is_refused_until_it_is_allowed(self, crm: HttpJsonKit) -> None:
        elsewhere = replace(services(), guarded=Guarded([ip_network("10.0.0.0/8")]))
        for act in (
            lambda: crm.source(elsewhere).read(SAMPLE),
            lambda: crm.source(elsewhere).write_back(SAMPLE, Outcome(state="Envoyée")),
        ):
            wrong = refusal(act)
            assert (type(wrong), wrong.code) == (Permanent, "http_json_address_refused")
            assert "PARAPHE_ALLOWED_NETWORKS" in wrong.detail
        assert crm.control.requests() == []
        assert [one.ok for one in crm.source(elsewhere).check()] == [False]

    def test_a_name_that_changes_its_answer_is_read_where_it_was_checked(self) -> None:
        answers = [["127.0.0.1"], ["127.0.0.2"]]
        guarded = Guarded([ip_network("127.0.0.1")], resolve=lambda *_: answers.pop(0))
        with (
            serving(answer(200, b'{"a":1}')) as checked,
            serving(answer(200), host="127.0.0.2", port=checked.port) as rebound,
        ):
            url = f"http://crm.example:{checked.port}/"
            assert guarded.read(url, {"X-Key": "k"}, 100).body == b'{"a":1}'
            refusal(guarded.read, url, {}, 100)
            assert (len(checked.received), len(rebound.received)) == (1, 0)
        assert b"x-key: k" in checked.received[0].lower()

    def test_a_redirect_is_not_followed(self, crm: HttpJsonKit) -> None:
        with serving(answer(200)) as inside, serving(answer(302, Location=inside.url)) as wire:
            source = crm.source(url=f"http://127.0.0.1:{wire.port}/x/{{record}}")
            assert refusal(source.read, SAMPLE).code == "http_json_redirected"
            assert inside.received == []

    @pytest.mark.parametrize(
        ("setting", "value"),
        [
            ("url", "https://crm.example/dossiers"),
            ("url", "https://{record}.crm.example/x"),
            ("url", "https://crm.example{record}/x"),
            ("url", "https://crm.example?{record}/"),
            ("url", "https://crm.example/{record}/{record}"),
            ("url", "https://crm.example/{record}#x"),
            ("url", "file:///{record}"),
            ("write_back_url", "https://{record}/x"),
            ("list_url", "https://{value}/x"),
            ("list_url", "https://crm.example/{record}"),
            ("mapping", "{}"),
            ("mapping", '{"Nom": "client.nom"}'),
            ("mapping", '{"Nom": "/a~2"}'),
            ("mapping", '{"Nom": 1}'),
            ("record_path", "data"),
            ("headers", '{"X": "a\\r\\nY: b"}'),
            ("headers", '{"Host": "autre.example"}'),
            ("headers", f'["{CANARY}"]'),
            ("headers", f'{{"X": "{CANARY}\\u00e9"}}'),
        ],
    )
    def test_a_setting_that_could_lead_elsewhere_is_refused_at_start(
        self, crm: HttpJsonKit, setting: str, value: str
    ) -> None:
        with pytest.raises(ValidationError) as caught:
            crm.config(**{setting: value})
        assert CANARY not in str(caught.value)


class TestCandidates:
    def test_the_list_may_be_narrowed_by_its_address(self, crm: HttpJsonKit) -> None:
        crm.holding({"Nom": "a", "Suivi": "À envoyer"})
        ref = crm.holding({"Nom": "b", "Suivi": True})
        source = crm.source(list_url=f"{crm.sandbox.url}/crm/dossiers?etat={{value}}")
        (only,) = source.candidates(HttpJsonPlace(), "Suivi", "true")
        assert only.record == ref.record
        assert crm.control.requests("GET")[-1]["query_keys"] == ["etat"]

    def test_a_list_in_pages_is_read_to_its_end(self, crm: HttpJsonKit) -> None:
        refs = [crm.holding({"Nom": f"{n}", "Suivi": "À envoyer"}) for n in range(7)]
        crm.control.patch("settings", {"page_size": 3})
        found = crm.source(next_path="/next").candidates(HttpJsonPlace(), "Suivi", "À envoyer")
        assert [one.record for one in found] == [ref.record for ref in refs]
        assert len(crm.control.requests("GET")) == 3

    @pytest.mark.parametrize(
        ("following", "code", "calls"),
        [
            ("https://elsewhere.example/dossiers?page=2", "http_json_unexpected_answer", 1),
            ("//elsewhere.example/dossiers", "http_json_unexpected_answer", 1),
            ("http://[", "http_json_unexpected_answer", 1),
            (17, "http_json_unexpected_answer", 1),
            ("?page=1", "http_json_endless_list", 200),
        ],
    )
    def test_a_following_page_cannot_lead_elsewhere_or_round_and_round(
        self, crm: HttpJsonKit, following: str | int, code: str, calls: int
    ) -> None:
        crm.control.patch("settings", {"next": following})
        source = crm.source(next_path="/next")
        wrong = refusal(lambda: list(source.candidates(HttpJsonPlace(), "Suivi", "À envoyer")))
        assert (type(wrong), wrong.code) == (Permanent, code)
        assert "PARAPHE_HTTP_JSON_NEXT_PATH" in wrong.detail
        assert len(crm.control.requests("GET")) == calls

    @pytest.mark.parametrize(
        ("change", "column", "code"),
        [
            ({"list_url": ""}, "Suivi", "http_json_unlistable"),
            ({}, "Inconnue", "http_json_unlistable"),
            ({"records_path": "/data"}, "Suivi", "http_json_unexpected_answer"),
            ({"id_path": "/uuid"}, "Suivi", "http_json_unexpected_answer"),
        ],
    )
    def test_what_cannot_be_listed_is_said(
        self, crm: HttpJsonKit, change: dict[str, Any], column: str, code: str
    ) -> None:
        crm.holding({"Suivi": "À envoyer"})
        wrong = refusal(lambda: list(crm.source(**change).candidates(HttpJsonPlace(), column, "À envoyer")))
        assert (type(wrong), wrong.code) == (Permanent, code)

    @pytest.mark.parametrize("identifier", ["../secret", "D 2026/1", "", 1.5, True, None, {"a": 1}])
    def test_an_identifier_that_is_none_hides_no_other(self, crm: HttpJsonKit, identifier: Any) -> None:
        """Who lists skips what ``ref`` refuses."""
        crm.control.post("records", {"id": "D-1", "uuid": identifier, "fiche": {"Suivi": "x"}})
        crm.control.post("records", {"id": "D-2", "uuid": "D-2", "fiche": {"Suivi": "x"}})
        source = crm.source(id_path="/uuid")
        bad, good = source.candidates(HttpJsonPlace(), "Suivi", "x")
        with pytest.raises(ValueError):  # pydantic's own is one
            source.ref(HttpJsonPlace(), bad.record)
        assert good.record == "D-2"


class TestWritingBack:
    def test_what_is_told_is_posted_and_the_rest_is_not(self, crm: HttpJsonKit, source: HttpJson) -> None:
        source.write_back(SAMPLE, Outcome(state="Signée", signed_on="2026-12-15", error=""))
        source.write_back(SAMPLE, Outcome())
        told = {"record": SAMPLE_ID, "state": "Signée", "signed_on": "2026-12-15", "error": ""}
        assert crm.kept(SAMPLE)["conventions"] == [told]

    def test_nothing_is_posted_where_no_address_takes_it(self, crm: HttpJsonKit) -> None:
        crm.source(write_back_url="").write_back(SAMPLE, Outcome(state="Signée"))
        assert crm.writes() == 0

    def test_an_answer_that_was_lost_is_said_again(self, crm: HttpJsonKit, source: HttpJson) -> None:
        crm.control.fault("cut_after", "POST")
        assert isinstance(refusal(source.write_back, SAMPLE, Outcome(state="Signée")), Retryable)
        source.write_back(SAMPLE, Outcome(state="Signée"))
        assert crm.kept(SAMPLE)["conventions"] == [{"record": SAMPLE_ID, "state": "Signée"}] * 2


def test_the_hub_lends_what_it_allows(tmp_path: Path, sandbox: Sandbox, crm: HttpJsonKit) -> None:
    """From the sandbox's own settings to the CRM and back."""
    desk = Desk(tmp_path, PARAPHE_SANDBOX_URL=sandbox.url)
    sent = desk.ask(source={"kind": "http_json", "record": SAMPLE_ID})
    desk.work()
    assert desk.shown(sent)["state"] == "sent"
    told = crm.kept(SAMPLE)["conventions"][-1]
    assert (told["record"], told["state"]) == (SAMPLE_ID, "Envoyée")
    for name in ("http_json", "google_sheets"):
        assert [one.ok for one in desk.runtime.source(name).check()] == [True], name
    desk.close()


class TestTheDoctor:
    @pytest.mark.parametrize(
        "change", [{}, {"test_record": SAMPLE_ID}, {"list_url": "", "test_record": SAMPLE_ID}]
    )
    def test_a_key_that_is_refused_is_seen_with_or_without_a_list(
        self, crm: HttpJsonKit, change: dict[str, Any]
    ) -> None:
        source = crm.source(mapping=json.dumps(PATHS), **change)
        assert [one.ok for one in source.check()] == [True]
        crm.control.patch("settings", {"key": "autre"})
        (finding,) = source.check()
        assert not finding.ok
        assert "PARAPHE_HTTP_JSON_HEADERS" in finding.text

    @pytest.mark.parametrize(
        ("change", "setting"),
        [
            ({"url": "/rien/{record}", "list_url": ""}, "PARAPHE_HTTP_JSON_TEST_RECORD"),
            ({"list_url": ""}, "PARAPHE_HTTP_JSON_TEST_RECORD"),
            ({"list_url": "/rien"}, "PARAPHE_HTTP_JSON_LIST_URL"),
            ({"list_url": "/rien/{value}"}, "PARAPHE_HTTP_JSON_TEST_RECORD"),
            ({"test_record": "D-absente"}, "PARAPHE_HTTP_JSON_TEST_RECORD"),
            ({"url": "/rien/{record}", "test_record": SAMPLE_ID}, "PARAPHE_HTTP_JSON_URL"),
        ],
    )
    def test_where_nothing_is_nothing_is_proved(
        self, crm: HttpJsonKit, change: dict[str, Any], setting: str
    ) -> None:
        told: dict[str, Any] = {
            name: f"{crm.sandbox.url}/crm{value}" if value.startswith("/") else value
            for name, value in change.items()
        }
        (finding,) = {one for one in crm.source(**told).check() if not one.ok}
        assert setting in finding.text
        assert "127.0.0.1" not in finding.text

    def test_a_test_record_that_is_no_identifier_stops_the_start(self, crm: HttpJsonKit) -> None:
        for value in ("a/b", "..", "x" * 101):
            with pytest.raises(ValidationError):
                crm.config(test_record=value)
