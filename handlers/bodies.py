"""The bodies that callers send, typed, and how they are read: strict about shape, tolerant of what
no-code tools do (numbers as strings, empty strings for "not set")."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal, NoReturn, TypeVar

from flask import request
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic_core import PydanticCustomError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from connectors import QUERY
from connectors.sources import REGISTRY as SOURCES
from domain.errors import FieldError, Invalid

Body = TypeVar("Body", bound=BaseModel)
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Text = Annotated[str, StringConstraints(max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$")]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$"),
]
Url = Annotated[str, StringConstraints(max_length=2048, pattern=r"^https?://[^\s]+$")]
IdempotencyKey = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,128}$")]


#: deeper JSON would break whatever walks it later: merging, sealing, showing
_DEEPEST = 32
_MAX_METADATA_BYTES = 16_384
_MAX_FAULTS, _LONGEST_PATH = 100, 120


def _split(value: Any) -> Any:
    """No-code tools send a list as ``"a, b"``."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _without_unset(value: Any) -> Any:
    """No-code tools send "" or null for what their user left empty."""
    return {n: v for n, v in value.items() if v not in ("", None)} if isinstance(value, dict) else value


def _small(value: dict[str, Any]) -> dict[str, Any]:
    """It comes back in every answer and every event."""
    if len(json.dumps(value, ensure_ascii=False).encode()) > _MAX_METADATA_BYTES:
        raise PydanticCustomError("data_too_large", "too large")
    return value


class SourceRef(BaseModel):
    """``kind`` chooses the source; the other fields are that source's own."""

    model_config = ConfigDict(extra="allow")

    kind: Name = Field(description=", ".join(SOURCES))


class SignatureWish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    provider: Name | None = None
    level: Literal["auto", "simple", "advanced", "qualified"] | None = Field(
        default=None, description="auto: the record's own level, or else the one advised"
    )
    level_reason: Reason | None = Field(
        default=None, description="why the level is below the one advised; the record may say it instead"
    )
    order: Literal["sequential", "parallel"] | None = None


class CreateConvention(BaseModel):
    """Only ``source`` is needed: the record and the settings decide the rest."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    source: SourceRef
    template: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")] | None = None
    signature: Annotated[SignatureWish, BeforeValidator(_without_unset)] = Field(
        default_factory=SignatureWish
    )
    archive: Annotated[list[Name], BeforeValidator(_split)] | None = Field(None, max_length=5)
    until: Literal["rendered", "sent"] = "sent"
    amend: bool = Field(
        default=False, description="cancel and replace what this record already has before its signers"
    )
    resume_url: Url | None = Field(None, description="called once with the outcome")
    resume_at: Literal["until", "end"] = Field(
        "until", description="when resume_url is called: once `until` is reached, or once all is over"
    )
    external_id: Text | None = None
    metadata: Annotated[dict[str, Any], AfterValidator(_small)] | None = None
    idempotency_key: IdempotencyKey | None = None


class AmendConvention(BaseModel):
    """What changes; everything else stays as the convention was asked for."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    fields: dict[str, Any] | None = None
    template: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")] | None = None
    signature: Annotated[SignatureWish, BeforeValidator(_without_unset)] = Field(
        default_factory=SignatureWish
    )
    until: Literal["rendered", "sent"] | None = None
    resume_url: Url | None = None
    resume_at: Literal["until", "end"] = "until"


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


def raw_body() -> bytes:
    """All of it, exactly as it came. Raises what becomes a 400 when it ends badly (a broken chunk) and a 413
    when it is too large: what comes in chunks, without a length, would otherwise be cut at the limit."""
    try:
        raw = request.get_data(cache=True)
    except OSError:
        raise BadRequest from None
    if request.content_length is None and len(raw) >= (request.max_content_length or math.inf):
        raise RequestEntityTooLarge
    return raw


def headers_and_query() -> dict[str, str]:
    """What a connector that is called is given: the headers, with the query string beside them for a system
    that signs nothing and is known by its address."""
    return {**dict(request.headers.items()), QUERY: request.query_string.decode("latin-1")}


def read(model: type[Body]) -> Body:
    """The JSON body as ``model``. Raises Invalid with every fault and its path."""
    raw = raw_body()
    parsed = _parse(raw) if raw.strip() else {}
    if parsed is None:
        parsed = {}
    if not isinstance(parsed, dict):
        raise Invalid("body_not_an_object", "Le corps doit être un objet JSON ; entourez-le d'accolades.")
    try:
        return model.model_validate(_without_unset(parsed))
    except ValidationError as error:
        raise Invalid(
            "request_invalid",
            "La requête a un ou plusieurs champs en défaut ; corrigez ceux de la liste.",
            faults(error),
        ) from None


def faults(error: ValidationError, prefix: str = "") -> tuple[FieldError, ...]:
    """Pydantic's errors as ours: path, stable code, French sentence; never the value. The first hundred."""
    return tuple(
        FieldError(
            path=(prefix + ".".join(str(part) for part in fault["loc"]))[:_LONGEST_PATH].rstrip("."),
            code=fault["type"],
            detail=_FRENCH.get(fault["type"], "Valeur refusée ; voyez la forme attendue dans /docs."),
        )
        for fault in error.errors(include_input=False, include_url=False, include_context=False)[:_MAX_FAULTS]
    )


def request_hash() -> str:
    """Two requests with one Idempotency-Key must be the same request."""
    return hashlib.sha256(raw_body()).hexdigest()


def idempotency_key(body: CreateConvention) -> str | None:
    """The header, or the field for tools that cannot set headers. Raises Invalid."""
    given = request.headers.get("Idempotency-Key") or body.idempotency_key
    if given and not re.fullmatch(r"[\x21-\x7e]{1,128}", given):
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
    "string_too_short": "Le texte est vide ; remplissez-le ou retirez le champ.",
    "string_too_long": "Texte trop long ; raccourcissez-le.",
    "too_long": "Liste trop longue ; raccourcissez-la.",
    "dict_type": "Un objet JSON est attendu.",
    "model_type": "Un objet JSON est attendu.",
    "model_attributes_type": "Un objet JSON est attendu.",
    "bool_type": "true ou false est attendu.",
    "bool_parsing": "true ou false est attendu.",
    "list_type": "Une liste est attendue.",
    "data_too_large": "Données trop volumineuses : 16 Ko au plus ; réduisez-les.",
}


def _parse(raw: bytes) -> Any:
    try:
        parsed = json.loads(raw, parse_constant=_no_constant, parse_float=_finite)
        too_deep = _is_deep(parsed)
        if not too_deep:
            json.dumps(parsed, ensure_ascii=False).encode()  # lone surrogates cannot be stored
    except RecursionError:
        too_deep = True
    except ValueError:
        raise Invalid(
            "body_not_json", "Le corps n'est pas du JSON valide en UTF-8 ; corrigez sa syntaxe."
        ) from None
    if too_deep:
        raise Invalid("body_too_deep", "Le JSON est imbriqué trop profondément ; aplatissez-le.")
    return parsed


def _is_deep(parsed: Any) -> bool:
    level = [parsed]
    for _ in range(_DEEPEST):
        level = [inner for one in level for inner in _held(one)]
    return bool(level)


def _held(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _finite(text: str) -> float:
    """``1e999`` is read as infinity, which JSON cannot give back."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return number


def _no_constant(_name: str) -> NoReturn:
    raise ValueError
