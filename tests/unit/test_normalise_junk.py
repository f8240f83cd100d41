"""Whatever comes in, out comes a record or the list of its faults; and a record stays what it is."""

from __future__ import annotations

import contextlib
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.aliases import ALIASES
from domain.errors import Invalid
from domain.normalise import normalise, read
from domain.record import Record
from tests.unit.samples import NAMES, TODAY, fields

anything_text = st.text(st.characters(codec=None), max_size=60)
hostile = st.sampled_from(
    [
        "{{ x }}",
        "<w:p/>",
        "&amp;",
        "x" * 10_000,
        "\ud800",
        "\u202e",
        "אבג",
        "\x00",
        "DROP TABLE",
        "\u0301",
        "1.500",
        "-1",
        "M. et Mme",
        "NaN",
        "9" * 400,
        "a\nb",
        "•",
        "- ",
        ":",
        ";",
        "ŉ",
        "ǆ",
        "İ",
        "ß",
        "ﬁ",
        "½",
        "٣",
        "𝟙",
        "Ⅷ",
        "x 75002 Paris, 75002 Paris",
        "\u2028",
        "12/12/2026",
        "2026-12-12T24:00",
        "+33",
        "a@b.fr",
        "@",
        "0",
        "oui",
        "10 %",
        "0,99 %",
        "12,5 h",
        "Associé : 250 €\nJuriste : 90 €",
        "Jusqu'à 10 000 € : 10 %\nAu-delà : 5 %",
        "de 0 à 1 € : 1 %\nde 1 à 9 999 999 999 999 € : 100 %",
        "horaire",
        "résultat",
        "horaire et résultat",
        "partielle",
        "totale",
        "conseil",
        "contentieux",
        "première instance",
    ]
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.just(10**400),
    anything_text,
    hostile,
    st.decimals(),
    st.dates(),
    st.datetimes(),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(anything_text, inner, max_size=4),
    max_leaves=8,
)
columns = st.sampled_from(
    [*ALIASES, *(names[0] for names in ALIASES.values()), "client", "Co-clients", "pm", "fee"]
)
junk = st.dictionaries(columns | anything_text, values, max_size=12)


def attempt(given_fields: Any) -> Record | None:
    with contextlib.suppress(Invalid):
        return normalise(given_fields, None, TODAY)
    return None


@given(junk)
def test_junk_is_refused_cleanly(given_fields: dict[str, Any]) -> None:
    assert attempt(given_fields) is None or isinstance(attempt(given_fields), Record)


@given(st.sampled_from(NAMES), junk)
@example("claire-durand", {"Nom": "ŉ"})
@example("claire-durand", {"Nom": "x\u0301" * 40})
@example("claire-durand", {"Prénom": "İSTANBUL"})
@example("claire-durand", {"Diligences": ["•\u202f• x", "1. 2) y"]})
@example("claire-durand", {"Adresse": "x 75011 Paris, 75011 Paris"})
@example("claire-durand", {"Diligences": "x" * 10_000})
@settings(max_examples=300)
def test_a_sample_with_junk_in_it_is_refused_or_stays_the_same_for_good(
    name: str, changes: dict[str, Any]
) -> None:
    made = attempt(fields(name) | changes)
    if made is not None:
        assert normalise(made.model_dump(mode="json"), None, TODAY) == made
        assert Record.model_validate_json(made.model_dump_json()) == made


texts = st.sampled_from(
    [
        "Prénom",
        "Nom",
        "Adresse",
        "Ville",
        "Objet",
        "Diligences",
        "Exclusions",
        "Calendrier",
        "Lieu",
        "Intitulé",
        "Débours",
    ]
)


@given(
    texts,
    st.text(st.characters(codec=None, exclude_characters="\n"), min_size=1, max_size=30).map(
        "Affaire ".__add__
    ),
)
@settings(max_examples=300)
def test_what_is_kept_of_a_text_can_be_printed(column: str, written: str) -> None:
    made = attempt(fields() | {column: written})
    if made is not None:
        dumped = made.model_dump_json()
        dumped.encode("utf-8", "strict")
        assert not any(mark in dumped for mark in ("{{", "{%", "{#", "\u202e", "\\u0000"))
        assert normalise(made.model_dump(mode="json"), None, TODAY) == made


def test_ignored_columns_are_told_by_name_only() -> None:
    told = read(fields() | {"zz": "secret", "client": {"zz": "secret"}}, None, TODAY).ignored
    assert set(told) == {"zz", "client.zz"}
