"""docs/fr/colonnes.md: every field and every name of it, and what is really mandatory."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest

from domain.aliases import ALIASES, CO_CLIENT_PREFIXES, WRITE_BACK
from domain.cabinet import Cabinet
from domain.errors import Invalid
from domain.normalise import normalise
from domain.normalise.columns import titles, unknown_targets
from tests.documentation.reading import blocks, text

PAGE = text("docs/fr/colonnes.md")
ROWS = {
    row[0]: (row[1], row[2])
    for row in re.findall(r"^\| `([a-z0-9_.]+)` \| (\S*) ?\| (.*?) \|", PAGE, re.MULTILINE)
}
PERSON, CONSUMER = {"Type de client": "particulier"}, {"Qualité": "particulier"}
COMPANY = {"Type de client": "société"}


def missing(fields: dict[str, Any]) -> set[str]:
    """The fields that a record holding only these is asked for."""
    with pytest.raises(Invalid) as raised:
        normalise(fields, None, date(2026, 12, 15), Cabinet().record_defaults())
    return {fault.path for fault in raised.value.errors if fault.code == "missing"}


def marked(*words: str) -> set[str]:
    return {field for field, (needed, _) in ROWS.items() if needed in words}


def test_every_field_that_a_record_takes_has_its_line() -> None:
    assert set(ROWS) == set(titles())


@pytest.mark.parametrize("field", ALIASES)
def test_every_name_of_a_field_is_on_its_line(field: str) -> None:
    assert ROWS[field][1].split(" · ") == list(ALIASES[field])


def test_what_is_marked_mandatory_is_what_is_asked_for() -> None:
    assert missing(PERSON) == marked("oui", "personne")
    assert missing(COMPANY) == marked("oui", "société")
    assert missing(PERSON | CONSUMER) == marked("oui", "personne", "consommateur") - {"client.qualite"}


def test_the_words_for_a_second_client_and_the_columns_written_are_named() -> None:
    assert all(f"« {prefix} »" in PAGE for prefix in CO_CLIENT_PREFIXES)
    assert all(f"`{column}`" in PAGE for column in WRITE_BACK)


def test_the_mapping_shown_is_one_that_is_accepted() -> None:
    shown = blocks(PAGE, "ini")[0].strip().removeprefix("PARAPHE_COLUMNS='").removesuffix("'")
    assert unknown_targets(json.loads(shown)) == ()
