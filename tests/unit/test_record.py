"""The record: every field has a purpose, nothing can be changed, the signers are in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from domain.record import Record, fingerprint
from domain.record_types import Purpose, Section, about
from domain.signature import Authentication
from tests.unit.samples import NAMES, record


def sections(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        yield from _inside(field.annotation)


def _inside(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from sections(annotation)
    for part in get_args(annotation):
        yield from _inside(part)


def without_purpose(model: type[BaseModel]) -> list[str]:
    known = {purpose.value for purpose in Purpose}
    found = []
    for section in sections(model):
        for name, field in section.model_fields.items():
            extra = field.json_schema_extra
            if not isinstance(extra, dict) or extra.get("purpose") not in known or not field.title:
                found.append(f"{section.__name__}.{name}")
    return found


def test_every_field_says_why_it_is_held() -> None:
    assert without_purpose(Record) == []


def test_a_field_without_purpose_is_found_out() -> None:
    class Inner(Section):
        kept: Annotated[str, about("gardé", Purpose.PROOF)]
        bonus: str

    class Outer(Section):
        inner: Annotated[tuple[Inner, ...], about("liste", Purpose.PROOF)]

    assert without_purpose(Outer) == ["Inner.bonus"]


def test_a_record_cannot_be_changed_nor_hold_an_unknown_field() -> None:
    made = record()
    with pytest.raises(ValidationError):
        made.client.email = "autre@example.com"
    with pytest.raises(ValidationError):
        Record.model_validate(made.model_dump() | {"piece_identite": "x"})


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_record_is_read_back_the_same(name: str) -> None:
    made = record(name)
    again = Record.model_validate_json(made.model_dump_json())
    assert again == made
    assert fingerprint(again) == fingerprint(made)


def test_the_fingerprint_depends_on_content_alone() -> None:
    assert fingerprint(record(**{"Montant HT": "1800"})) == fingerprint(record())
    assert fingerprint(record(Ville="Lyon")) != fingerprint(record())
    assert len(fingerprint(record())) == 64


def test_clients_sign_in_order_and_the_lawyer_last() -> None:
    signers = record("epoux-payet").signers()
    assert [(one.key, one.role, one.first_name) for one in signers] == [
        ("s1", "client", "Jean-François"),
        ("s2", "co_contractant", "Marie-Ève"),
        ("s3", "avocat", "Paul"),
    ]


def test_a_company_signs_through_its_representative() -> None:
    first = record("librairie-des-lilas").signers()[0]
    assert (first.role, first.first_name, first.last_name) == ("representant_legal", "Éric", "de La Tour")


@pytest.mark.parametrize(
    ("changes", "default", "expected"),
    [
        ({}, Authentication.SMS_CODE, Authentication.SMS_CODE),
        ({}, Authentication.EMAIL_CODE, Authentication.EMAIL_CODE),
        ({"Téléphone": None}, Authentication.SMS_CODE, Authentication.EMAIL_CODE),
        ({"Téléphone": "01 44 55 66 77"}, Authentication.SMS_CODE, Authentication.EMAIL_CODE),
        ({"Avocat portable": "0612345678"}, Authentication.SMS_CODE, Authentication.EMAIL_CODE),
        ({"Authentification": "aucune"}, Authentication.SMS_CODE, Authentication.NONE),
    ],
    ids=["mobile", "default", "no phone", "landline", "phone shared with the lawyer", "asked"],
)
def test_a_code_by_sms_only_goes_to_a_mobile_of_ones_own(
    changes: dict[str, Any], default: Authentication, expected: Authentication
) -> None:
    assert record(**changes).signers(default)[0].authentication is expected


def test_the_pdf_must_hold_the_file_number_and_each_client() -> None:
    assert record("epoux-payet").printed_names() == (
        "D2026/0419",
        "Jean-François PAYET",
        "Marie-Ève PAYET",
    )
    assert record("librairie-des-lilas").printed_names()[1] == "Librairie des Lilas & Fils"


@pytest.mark.parametrize(
    ("changes", "protected"),
    [
        ({"Mode de conclusion": "cabinet"}, False),
        ({"Mode de conclusion": "distance"}, True),
        ({"Mode de conclusion": "mixte"}, True),
        (
            {
                "Mode de conclusion": "distance",
                "Qualité": "professionnel",
                "5 salariés ou moins": "oui",
                "Hors activité principale": "oui",
            },
            False,
        ),
    ],
)
def test_the_right_of_withdrawal_follows_the_client_and_the_place(
    changes: dict[str, Any], protected: bool
) -> None:
    assert record(**changes).right_of_withdrawal() is protected


@pytest.mark.parametrize(("small", "protected"), [("oui", True), ("non", False)])
def test_a_small_professional_is_protected_off_premises(small: str, protected: bool) -> None:
    changes: dict[str, Any] = {
        "Mode de conclusion": "hors établissement",
        "Qualité": "professionnel",
        "5 salariés ou moins": small,
        "Hors activité principale": "oui",
        "Échéances": None,
    }
    made = record(**changes)
    assert made.right_of_withdrawal() is protected
