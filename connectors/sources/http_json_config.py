"""The settings of ``http_json``: addresses, headers, and where each column stands in the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from connectors.sources.json_paths import checked

RECORD, VALUE = "{record}", "{value}"
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
RECORD_FORM = r"^[A-Za-z0-9_.-]{1,100}$"
#: what the client itself says of the message
_OWN = {"host", "content-length", "transfer-encoding", "connection", "accept-encoding"}


def is_record(text: str) -> bool:
    """``.`` and ``..`` are path segments that an HTTP client resolves: another address would be called."""
    return re.fullmatch(RECORD_FORM, text) is not None and text not in {".", ".."}


def _template(address: str, placeholder: str) -> str:
    """Nothing that comes with a record may choose the host, or be understood in two ways."""
    before, _, after = address.partition(placeholder)
    if not re.match(r"https?://[^/?#{}\s]+/", before + after) or set("{}#") & set(before + after):
        raise ValueError(f"attendu : https://nom/chemin, {placeholder} une fois au plus")
    if before.count("/") < 3:
        raise ValueError(f"{placeholder} ne peut venir qu'après le nom de la machine")
    return address


def _object_of_texts(text: str, shape: str) -> dict[str, str]:
    try:
        given: Any = json.loads(text)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise ValueError(f"attendu, en JSON : {shape}")
    return given


class HttpJsonConfig(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    url: str = Field(description="adresse d'une fiche, où {record} est remplacé par son identifiant")
    mapping: str = Field(
        description='où lire chaque colonne, en JSON : {"Nom": "/client/nom"} (JSON Pointer, RFC 6901)'
    )
    headers: SecretStr = Field(
        SecretStr("{}"), description='en-têtes des appels, en JSON : {"Authorization": "Bearer …"}'
    )
    record_path: str = Field("", description="chemin de la fiche dans la réponse ; vide : toute la réponse")
    list_url: str = Field("", description="adresse de la liste ; {value} y est remplacé par l'état cherché")
    records_path: str = Field("", description="chemin du tableau dans la liste ; vide : toute la réponse")
    next_path: str = Field(
        "",
        description="chemin, dans la liste, de l'adresse de sa page suivante ; vide : la liste tient en une "
        "réponse",
    )
    id_path: str = Field("/id", description="chemin de l'identifiant dans une fiche de la liste")
    write_back_url: str = Field("", description="adresse où le hub écrit où en est la convention (POST)")
    test_record: str = Field(
        "", description="identifiant d'une fiche qui existe, que doctor lit pour prouver l'adresse et la clé"
    )

    _is_path = field_validator("record_path", "records_path", "next_path", "id_path")(checked)

    @property
    def columns(self) -> Mapping[str, str]:
        """Column -> its path in a record."""
        return _object_of_texts(self.mapping, "")

    @property
    def sent_headers(self) -> Mapping[str, str]:
        return _object_of_texts(self.headers.get_secret_value(), "")

    @field_validator("url")
    @classmethod
    def _names_a_record(cls, value: str) -> str:
        if RECORD not in value:
            raise ValueError(f"{RECORD} manque : il dit où va l'identifiant de la fiche")
        return _template(value, RECORD)

    @field_validator("write_back_url")
    @classmethod
    def _may_name_a_record(cls, value: str) -> str:
        return _template(value, RECORD) if value else value

    @field_validator("test_record")
    @classmethod
    def _is_a_record(cls, value: str) -> str:
        if value and not is_record(value):
            raise ValueError("attendu : 1 à 100 lettres sans accent, chiffres, « _ », « . » ou « - »")
        return value

    @field_validator("list_url")
    @classmethod
    def _may_name_a_value(cls, value: str) -> str:
        return _template(value, VALUE) if value else value

    @field_validator("mapping")
    @classmethod
    def _maps(cls, value: str) -> str:
        found = _object_of_texts(value, '{"Nom": "/client/nom"}')
        if not found:
            raise ValueError("aucune colonne n'est nommée")
        for pointer in found.values():
            checked(pointer)
        return value

    @field_validator("headers")
    @classmethod
    def _are_headers(cls, value: SecretStr) -> SecretStr:
        shape = '{"Authorization": "Bearer …"}'
        for name, text in _object_of_texts(value.get_secret_value(), shape).items():
            sendable = text.isascii() and text.isprintable() and text == text.strip()
            if not _HEADER.fullmatch(name) or name.lower() in _OWN or not sendable:
                raise ValueError(f"un en-tête ne peut pas être envoyé ; attendu, en JSON : {shape}")
        return value
