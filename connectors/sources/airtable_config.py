"""The settings of ``airtable``, and what a base and a table may be named by."""

from __future__ import annotations

import re

from pydantic import Field, SecretStr, field_validator

from connectors.sources import links
from connectors.sources.columns import WrittenColumns

BASE = r"^app[0-9A-Za-z]{14}$"


def not_dots(name: str) -> str:
    """``.`` and ``..`` are path segments that an HTTP client resolves: another URL would be called."""
    if name in {".", ".."}:
        raise ValueError("« . » et « .. » ne nomment pas une table")
    return name


class AirtableConfig(WrittenColumns):
    token: SecretStr
    endpoint: str = "https://api.airtable.com"
    links: str = Field(
        "{}",
        description="colonnes liées à suivre, en JSON : colonne -> table, ou [table, préfixe]",
    )
    calls_per_second: float = Field(
        4.5,
        gt=0,
        le=50,
        description="appels par seconde et par base, tous workers ensemble (Airtable en admet 5) ; moins, si "
        "d'autres outils appellent la même base",
    )
    base: str = Field("", description="base de la table que vérifie doctor (facultatif)")
    table: str = Field("", description="cette table : doctor lit une fiche et récrit son état tel qu'il est")

    @field_validator("base")
    @classmethod
    def _is_a_base(cls, value: str) -> str:
        if value and not re.fullmatch(BASE, value):
            raise ValueError("attendu : app suivi de 14 lettres ou chiffres, comme dans l'adresse de la base")
        return value

    @field_validator("table")
    @classmethod
    def _is_a_table(cls, value: str) -> str:
        return not_dots(value)

    @field_validator("links")
    @classmethod
    def _are_links(cls, value: str) -> str:
        links.parsed(value, with_table=True)
        return value
