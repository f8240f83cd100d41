"""The bodies that callers send, typed, and how they are read: strict about shape, tolerant of what
no-code tools do (numbers as strings, empty strings for "not set")."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Annotated, Any, Literal, NoReturn, TypeVar

from flask import request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from domain.errors import FieldError, Invalid

Body = TypeVar("Body", bound=BaseModel)
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Text = Annotated[str, StringConstraints(max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$")]
Url = Annotated[str, StringConstraints(max_length=2048, pattern=r"^https?://[^\s]+$")]
IdempotencyKey = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,128}$")]


def _split(value: Any) -> Any:
    """No-code tools send a list as ``"a, b"``."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


class SourceRef(BaseModel):
    """``kind`` chooses the source; the other fields are that source's own."""

    model_config = ConfigDict(extra="allow")

    kind: Name = Field(description="inline, airtable")


class SignatureWish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    provider: Name | None = None
    level: Literal["auto", "simple", "advanced", "qualified"] | None = None
    order: Literal["sequential", "parallel"] | None = None


class CreateConvention(BaseModel):
    """Only ``source`` is needed: the record and the settings decide the rest."""

    model_config = ConfigDict(extra="forbid")

    source: SourceRef
    template: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")] | None = None
    signature: SignatureWish = Field(default_factory=SignatureWish)
    archive: Annotated[list[Name], BeforeValidator(_split)] | None = Field(None, max_length=5)
    until: Literal["rendered", "sent"] = "sent"
    resume_url: Url | None = Field(None, description="called once with the outcome")
    resume_at: Literal["until", "end"] = Field(
        "until", description="when resume_url is called: once `until` is reached, or once all is over"
    )
    external_id: Text | None = None
    metadata: dict[str, Any] | None = None
    idempotency_key: IdempotencyKey | None = None


class RemindSigners(BaseModel):
    model_config = ConfigDict(extra="forbid")

    signer: Annotated[str, StringConstraints(pattern=r"^s[0-9]{1,2}$")] | None = Field(
        None, description="one signer's key; all who have not signed when absent"
    )


class Nothing(BaseModel):
    """An action that needs no body; what is sent is ignored."""

    model_config = ConfigDict(extra="ignore")


class CreateHook(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: Url
    events: Annotated[list[Text], BeforeValidator(_split)] = Field(
        default_factory=list, max_length=30, description="all events when empty"
    )


def read(model: type[Body]) -> Body:
    """The JSON body as ``model``. Raises Invalid with every fault and its path."""
    raw = request.get_data(cache=True)
    parsed = _parse(raw) if raw.strip() else {}
    if not isinstance(parsed, dict):
        raise Invalid("body_not_an_object", "Le corps doit être un objet JSON ; entourez-le d'accolades.")
    try:
        return model.model_validate(
            {name: value for name, value in parsed.items() if value not in ("", None)}
        )
    except ValidationError as error:
        raise Invalid(
            "request_invalid",
            "La requête a un ou plusieurs champs en défaut ; corrigez ceux de la liste.",
            faults(error),
        ) from None


def faults(error: ValidationError, prefix: str = "") -> tuple[FieldError, ...]:
    """Pydantic's errors as ours: path, stable code, French sentence; never the value."""
    return tuple(
        FieldError(
            path=prefix + ".".join(str(part) for part in fault["loc"]),
            code=fault["type"],
            detail=_FRENCH.get(fault["type"], "Valeur refusée ; voyez la forme attendue dans /docs."),
        )
        for fault in error.errors(include_input=False, include_url=False, include_context=False)
    )


def request_hash() -> str:
    """Two requests with one Idempotency-Key must be the same request."""
    return hashlib.sha256(request.get_data(cache=True)).hexdigest()


def idempotency_key(body: CreateConvention) -> str | None:
    """The header, or the field for tools that cannot set headers. Raises Invalid."""
    given = request.headers.get("Idempotency-Key", body.idempotency_key)
    if given is not None and not re.fullmatch(r"[\x21-\x7e]{1,128}", given):
        raise Invalid(
            "idempotency_key_invalid",
            "Idempotency-Key doit compter 1 à 128 caractères ASCII visibles ; corrigez-la.",
        )
    return given


_FRENCH = {
    "missing": "Champ obligatoire absent ; ajoutez-le.",
    "extra_forbidden": "Champ inconnu ; retirez-le ou corrigez son nom.",
    "literal_error": "Valeur hors de la liste permise ; voyez /docs.",
    "string_type": "Un texte est attendu.",
    "string_pattern_mismatch": "La forme n'est pas celle attendue ; voyez /docs.",
    "string_too_long": "Texte trop long ; raccourcissez-le.",
    "too_long": "Liste trop longue ; raccourcissez-la.",
    "dict_type": "Un objet JSON est attendu.",
    "model_type": "Un objet JSON est attendu.",
    "model_attributes_type": "Un objet JSON est attendu.",
    "list_type": "Une liste est attendue.",
}


def _parse(raw: bytes) -> Any:
    try:
        parsed = json.loads(raw, parse_constant=_no_constant)
        json.dumps(parsed, ensure_ascii=False).encode()  # lone surrogates cannot be stored
    except RecursionError:
        raise Invalid("body_too_deep", "Le JSON est imbriqué trop profondément ; aplatissez-le.") from None
    except ValueError:
        raise Invalid(
            "body_not_json", "Le corps n'est pas du JSON valide en UTF-8 ; corrigez sa syntaxe."
        ) from None
    return parsed


def _no_constant(_name: str) -> NoReturn:
    raise ValueError
