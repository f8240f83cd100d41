"""What every source promises, wherever the record comes from."""

from __future__ import annotations

import traceback
from typing import Any, TypeVar

import pytest
from pydantic import ValidationError

from connectors.sources import REGISTRY, Outcome
from domain.errors import ParapheError, Permanent, Retryable
from tests.sources.kits import KITS, Kit

#: what nothing may repeat: a name that stands in the records and in the outside's own messages
CANARY = "Durand-Canari"
FIELDS = {"Nom": CANARY, "Prénom": "Éloïse", "Montant HT": 1800.5, "Urgent": True, "Objet": "a\nb & <c>"}
OUTCOME = Outcome(
    state="Envoyée",
    link="https://example.com/s/1",
    signed_on="2026-12-15",
    archive="/Conventions/2026/12/x.pdf",
    error="Un champ manque.",
)
E = TypeVar("E", bound=ParapheError)
HOSTILE = "l'été \"d'Aÿ\" \\ {x}, & = 100 %"


def refusal(caught: pytest.ExceptionInfo[E]) -> E:
    """The error, once it is seen that neither it nor what is told of it says anything personal."""
    error = caught.value
    told = "".join(traceback.format_exception(error))
    assert CANARY not in f"{told} {error.detail} {error.errors}"
    assert "127.0.0.1" not in f"{told} {error.detail}"
    return error


def test_this_suite_knows_every_source_of_the_registry() -> None:
    assert set(REGISTRY) == set(KITS)


def test_a_record_is_read_as_it_is(kit: Kit) -> None:
    assert kit.source().read(kit.holding(FIELDS)).fields == FIELDS


def test_a_version_lasts_until_a_person_changes_the_record(kit: Kit) -> None:
    ref = kit.holding(FIELDS)
    before = kit.source().read(ref).version
    kit.source().write_back(ref, OUTCOME)
    assert kit.source().read(ref).version == before
    edited = kit.edited(ref, "Prénom", "Élodie")
    assert kit.source().read(edited).fields == FIELDS | {"Prénom": "Élodie"}
    assert kit.source().read(edited).version != before


def test_what_is_written_back_is_seen_and_written_once(written_back: Kit) -> None:
    ref = written_back.holding(FIELDS)
    for _ in range(3):
        written_back.source().write_back(ref, OUTCOME)
    assert written_back.written(ref) == {
        "Statut convention": OUTCOME.state,
        "Lien de signature": OUTCOME.link,
        "Signée le": OUTCOME.signed_on,
        "Archive": OUTCOME.archive,
        "Erreur convention": OUTCOME.error,
    }
    assert written_back.source().read(ref).fields == FIELDS
    writes = written_back.writes()
    written_back.source().write_back(ref, OUTCOME)
    assert 0 < written_back.writes() == writes


def test_what_is_not_told_is_left_and_an_empty_text_empties(written_back: Kit) -> None:
    ref = written_back.holding(FIELDS)
    written_back.source().write_back(ref, OUTCOME)
    written_back.source().write_back(ref, Outcome(state="Signée", link="", error=""))
    assert written_back.written(ref) == {
        "Statut convention": "Signée",
        "Signée le": OUTCOME.signed_on,
        "Archive": OUTCOME.archive,
    }
    writes = written_back.writes()
    written_back.source().write_back(ref, Outcome(link="", error=""))
    written_back.source().write_back(ref, Outcome())
    assert written_back.writes() == writes


def test_a_record_has_one_key_however_it_is_named_and_shares_it_with_no_other(kit: Kit) -> None:
    source = kit.source()
    first, second = kit.holding(FIELDS), kit.holding(FIELDS)
    keys = {source.key(spelling) for spelling in kit.spellings(first)}
    assert len(keys) == 1
    assert keys == {None} or keys != {source.key(second)}
    assert [source.read(spelling).fields for spelling in kit.spellings(first)] == [FIELDS] * len(
        kit.spellings(first)
    )


def test_candidates_are_those_whose_column_says_the_value(listed: Kit) -> None:
    named = {value: listed.holding(FIELDS | {"Suivi": value}) for value in ("À envoyer", HOSTILE, "Envoyée")}
    listed.holding(FIELDS)
    source = listed.source()
    for value, ref in named.items():
        (found,) = source.candidates(listed.place, "Suivi", value)
        assert source.key(source.ref(listed.place, found.record)) == source.key(ref)
        assert found.row == source.read(ref)
    assert list(source.candidates(listed.place, "Suivi", "envoy")) == []


@pytest.mark.parametrize("value", ["oui", "VRAI", "true", "1"])
def test_a_box_that_is_ticked_goes_by_the_same_words_in_every_tool(listed: Kit, value: str) -> None:
    ref = listed.holding(FIELDS | {"Urgent": True})
    listed.holding(FIELDS | {"Urgent": False})
    source = listed.source()
    (found,) = source.candidates(listed.place, "Urgent", value)
    assert source.key(source.ref(listed.place, found.record)) == source.key(ref)


def test_candidates_come_from_every_page(listed: Kit) -> None:
    source, place = listed.source(), listed.place
    refs = [listed.holding({"Nom": f"Client {n}", "Suivi": "À envoyer"}) for n in range(101)]
    found = [one.record for one in source.candidates(place, "Suivi", "À envoyer")]
    keys = sorted(str(source.key(source.ref(place, record))) for record in found)
    assert keys == sorted(str(source.key(ref)) for ref in refs)


def test_what_is_no_record_identifier_is_refused(kit: Kit) -> None:
    """It may come from anybody's browser."""
    for stranger in kit.strangers:
        with pytest.raises(ValueError):  # pydantic's own is one
            kit.source().ref(kit.place, stranger)


def test_a_reference_with_a_word_too_many_is_refused(kit: Kit) -> None:
    ref = kit.holding(FIELDS)
    with pytest.raises(ValidationError):
        type(ref).model_validate(ref.model_dump() | {"recrod": "x"})


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        ("error", {"status": 429, "headers": {"Retry-After": "7"}}),
        ("error", {"status": 500}),
        ("error", {"status": 503, "headers": {"Retry-After": "7"}}),
        ("cut_before", {}),
        ("cut_after", {}),
        ("truncate", {}),
    ],
)
def test_an_outside_that_is_busy_or_away_is_asked_again(
    outside: Kit, kind: str, details: dict[str, Any]
) -> None:
    ref = outside.holding(FIELDS)
    outside.fault(kind, **details, **({"body": {"error": {"message": CANARY}}} if kind == "error" else {}))
    with pytest.raises(Retryable) as caught:
        outside.source().read(ref)
    error = refusal(caught)
    if "headers" in details:
        assert error.after is None or error.after >= 7
    assert outside.source().read(ref).fields == FIELDS


@pytest.mark.parametrize("body", [f"<html>{CANARY}", "[]", "null", '"x"', '{"a": 1}', ""])
def test_an_answer_of_another_shape_ends_in_an_error_of_ours(outside: Kit, body: str) -> None:
    ref = outside.holding(FIELDS)
    outside.fault("error", status=200, body=body, headers={"Content-Type": "application/json"})
    with pytest.raises((Permanent, Retryable)) as caught:
        outside.source().read(ref)
    refusal(caught)


def test_a_refusal_is_no_reason_to_ask_again(outside: Kit, capfd: pytest.CaptureFixture[str]) -> None:
    """And nothing is said or printed of what the outside said, which may repeat the record."""
    ref = outside.holding(FIELDS)
    outside.fault("error", status=400, body={"message": CANARY, "error": {"message": CANARY, "type": CANARY}})
    with pytest.raises(ParapheError) as caught:
        outside.source().read(ref)
    assert not isinstance(refusal(caught), Retryable)
    printed = capfd.readouterr()
    assert CANARY not in printed.out + printed.err


def test_the_doctor_finds_a_good_source_good(kit: Kit) -> None:
    assert {finding.ok for finding in kit.source().check()} == {True}
