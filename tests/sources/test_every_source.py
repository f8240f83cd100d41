"""What every source promises, wherever the record comes from."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from connectors.sources import REGISTRY, Outcome
from tests.sources.kits import Kit

FIELDS = {"Nom": "Durand", "Prénom": "Éloïse", "Montant HT": 1800.5, "Urgent": True, "Objet": "a\nb & <c>"}


def test_this_suite_knows_every_source_of_the_registry() -> None:
    assert set(REGISTRY) == {"inline", "airtable"}


def test_a_record_is_read_as_it_is(kit: Kit) -> None:
    assert kit.source().read(kit.holding(FIELDS)).fields == FIELDS


def test_writing_back_changes_nothing_of_what_is_read(kit: Kit) -> None:
    ref = kit.holding(FIELDS)
    outcome = Outcome(state="Envoyée", link="https://example.com/s", signed_on="2026-12-15", error="")
    for _ in range(2):
        kit.source().write_back(ref, outcome)
    assert kit.source().read(ref).fields == FIELDS


def test_two_records_never_share_a_key(kit: Kit) -> None:
    source = kit.source()
    first, second = kit.holding(FIELDS), kit.holding(FIELDS)
    key = source.key(first)
    assert key == source.key(first)
    assert key is None or key != source.key(second)


def test_a_reference_with_a_word_too_many_is_refused(kit: Kit) -> None:
    ref = kit.holding(FIELDS)
    with pytest.raises(ValidationError):
        type(ref).model_validate(ref.model_dump() | {"recrod": "x"})


def test_the_doctor_finds_a_good_source_good(kit: Kit) -> None:
    assert [finding.ok for finding in kit.source().check()] == [True]
