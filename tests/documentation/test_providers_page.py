"""The page on providers shows what the connectors declare."""

from __future__ import annotations

from commands.providers import table
from tests.documentation.reading import text


def test_the_table_of_providers_is_the_one_that_the_connectors_declare() -> None:
    assert table() in text("docs/fr/prestataires.md"), "write it with: flask --app app providers table"
