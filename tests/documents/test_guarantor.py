"""A guarantor, from the columns of a record to the clause of each shipped template (code civil, 2297)."""

from __future__ import annotations

from typing import Any

import pytest

from documents import blocks
from documents.merge import merge
from documents.template import load
from domain import mentions
from domain.cabinet import Cabinet
from domain.errors import Invalid
from domain.level_advice import advise
from domain.mentions import Clause
from domain.normalise import normalise
from domain.record import Record
from domain.record_warnings import warnings
from domain.signature import Level
from domain.wording import context
from tests.documents.agreement_kit import WITHDRAWAL_PAGE
from tests.documents.agreements import CABINET, TODAY
from tests.pages.application import sample

GUARANTOR = {
    "Garant civilité": "Mme",
    "Garant prénom": "Hélène",
    "Garant nom": "DURAND",
    "Garant adresse": "3 quai Voltaire, 75007 Paris",
    "Garant e-mail": "helene.durand@example.com",
    "Caution portable": "06 12 34 56 90",
    "Garant montant": "2 400,50 €",
}
SAMPLES = {
    "forfait": "claire-durand",
    "conseil": "conseil-thomas-girard",
    "contentieux": "contentieux-amelie-roussel",
    "resultat": "resultat-karim-haddad",
}


def record(fields: dict[str, Any], name: str = "claire-durand") -> Record:
    return normalise({**sample(name), **fields}, None, TODAY, Cabinet().record_defaults())


@pytest.mark.parametrize("template", SAMPLES)
def test_each_template_names_the_guarantor_and_prints_the_mention(template: str) -> None:
    made = record(GUARANTOR, SAMPLES[template])
    values = context(made, CABINET, TODAY, "Yousign", "conv_1", 1, Level.ADVANCED, WITHDRAWAL_PAGE)
    clauses = [Clause(b.mentions, b.text) for b in blocks.read(merge(load(template), values))]
    said = " ".join(clause.text for clause in clauses if "garant_engagement" in clause.mentions)
    assert "Madame Hélène DURAND" in said
    assert "deux mille quatre cents euros et cinquante centimes" in said
    assert values["garants"][0]["montant"] in said
    assert mentions.check(made, values, clauses, TODAY).blocking == ()

    without = [clause for clause in clauses if "garant_engagement" not in clause.mentions]
    (lacking,) = mentions.check(made, values, without, TODAY).blocking
    assert (lacking.id, "2297" in lacking.article) == ("garant_engagement", True)

    alone = record({}, SAMPLES[template])
    plain = context(alone, CABINET, TODAY, "Yousign", "conv_1", 1, Level.SIMPLE, WITHDRAWAL_PAGE)
    read = blocks.read(merge(load(template), plain))
    assert not any("garant_engagement" in block.mentions for block in read)


def test_a_guarantor_signs_before_the_lawyer_and_calls_for_an_advanced_signature() -> None:
    made = record(GUARANTOR)
    assert [(one.key, one.role) for one in made.signers()] == [
        ("s1", "client"),
        ("s2", "garant"),
        ("s3", "avocat"),
    ]
    advice = advise(made)
    assert (advice.rule, advice.level) == (2, Level.ADVANCED)
    assert "2297" in advice.reason
    assert "surety_mention" in {one.code for one in warnings(made, TODAY)}
    assert not record({}).garants

    listed = {
        "nom": "Durand",
        "prénom": "Hélène",
        "adresse": {"lignes": ["3 quai Voltaire"], "code_postal": "75007", "commune": "Paris"},
        "email": "helene.durand@example.com",
        "montant": 2400.5,
    }
    two = record({"garants": [listed, {**listed, "email": "h.durand@example.com"}]})
    assert [str(one.montant) for one in two.garants] == ["2400.50", "2400.50"]


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"Garant montant": None}, "garants.0.montant", "missing"),
        ({"Garant montant": "0"}, "garants.0.montant", None),
        ({"Garant e-mail": "claire.durand@example.com"}, "garants.0.email", "email_shared"),
        ({"Garant prénom": None}, "garants.0.prenoms", "missing"),
        ({"Caution portable": None, "Authentification": "SMS"}, "garants.0.telephone", "missing"),
        ({"garants": [{}, {}, {}]}, "garants", "too_many"),
    ],
)
def test_what_a_guarantor_lacks_is_told_by_its_column(
    changes: dict[str, Any], path: str, code: str | None
) -> None:
    with pytest.raises(Invalid) as raised:
        record({**GUARANTOR, **changes})
    found = {fault.path: fault for fault in raised.value.errors}
    assert path in found
    assert code in (None, found[path].code)
    if code == "missing":
        assert "colonne « Garant " in found[path].detail
