"""Formstack Documents (formerly WebMerge): the template is kept and merged there; values go, a PDF comes.

There is no other secret than the address itself, made of the document's id and key: it is sealed in the
settings and told nowhere. A merge has no identity of its own, so one whose answer is lost is simply made
again (it counts twice on the bill and leaves nothing behind, provided that no delivery is set there).
Source: webmerge.me/developers/documents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr, TypeAdapter, ValidationError, field_validator

from connectors import Finding, Services
from connectors.converters.elsewhere import is_whole_pdf
from connectors.http import Api, Limits, System
from domain.errors import NotFound, ParapheError, Permanent, Retryable, Unknown

SYSTEM = System("formstack", "Formstack Documents", "PARAPHE_FORMSTACK")
LEAST_RIGHTS = (
    "aucune clé d'API n'est donnée au hub, seulement l'adresse de fusion de chaque document ; "
    "n'y réglez aucune livraison"
)
_PLACE = re.compile(r"[0-9]{1,12}/[A-Za-z0-9]{1,64}")


class FormstackConfig(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    documents: SecretStr = Field(
        description='adresses de fusion, en JSON : {"forfait": "identifiant/clé"} (secret : elles suffisent)'
    )
    url: str = "https://www.webmerge.me"
    timeout_seconds: float = Field(60, gt=0)

    @field_validator("documents")
    @classmethod
    def _are_places(cls, value: SecretStr) -> SecretStr:
        try:
            found = _places(value)
        except ValidationError:
            found = {}
        if not found or not all(_PLACE.fullmatch(place) for place in found.values()):
            raise ValueError('attendu : {"modèle": "identifiant/clé"}')
        return value


def _places(documents: SecretStr) -> dict[str, str]:
    return TypeAdapter(dict[str, str]).validate_json(documents.get_secret_value())


class Formstack:
    """Satisfies ``connectors.converters.Merger``; safe to call from several threads."""

    Config = FormstackConfig
    archival: Final = False
    merges: Final = True

    def __init__(self, config: FormstackConfig, services: Services) -> None:
        self._places = _places(config.documents)
        seconds = config.timeout_seconds
        limits = Limits(read_seconds=seconds, total_seconds=seconds)
        self._api = Api(config.url, SYSTEM, headers={}, now=services.now, limits=limits)

    def convert(self, docx: bytes) -> bytes:  # noqa: ARG002 # the contract's
        raise Permanent(
            "converter_merges_itself",
            "Formstack Documents fusionne ses propres modèles et ne convertit pas un document Word : "
            "choisissez un autre convertisseur (PARAPHE_CONVERTER).",
        )

    def render(self, template: str, values: Mapping[str, Any]) -> bytes:
        if template not in self._places:
            raise Permanent(
                "formstack_template_unknown",
                "Ce modèle n'a pas de document Formstack : ajoutez-le à PARAPHE_FORMSTACK_DOCUMENTS.",
            )
        return self._merged(template, values, {"download": "1"})

    def close(self) -> None:
        """Nothing is kept open between two merges."""

    def check(self) -> tuple[Finding, ...]:
        return tuple(self._checked(template) for template in self._places)

    def _checked(self, template: str) -> Finding:
        try:
            self._merged(template, {}, {"download": "1", "test": "1"})
        except ParapheError as wrong:
            return Finding(ok=False, text=f"{template} : {wrong.detail}")
        return Finding(
            ok=True,
            text=f"Formstack Documents fusionne le modèle {template} (essai ; PDF, pas PDF/A). Les mentions "
            f"seront cherchées dans le texte du PDF rendu. Droits : {LEAST_RIGHTS}.",
        )

    def _merged(self, template: str, values: Mapping[str, Any], options: Mapping[str, str]) -> bytes:
        try:
            answer = self._api.request(
                "POST", f"/merge/{self._places[template]}", params=options, json=dict(values)
            )
        except Unknown as lost:
            raise Retryable(
                "formstack_answer_lost",
                "Formstack Documents n'a pas répondu complètement : la fusion sera refaite automatiquement.",
                lost.after,
            ) from None
        except NotFound:
            raise Permanent(
                "formstack_document_missing",
                "Formstack Documents ne connaît pas ce document : recopiez son adresse de fusion dans "
                "PARAPHE_FORMSTACK_DOCUMENTS.",
            ) from None
        if is_whole_pdf(answer.body):
            return answer.body
        if answer.body.startswith(b"%PDF-"):
            raise Retryable(
                "formstack_answer_cut",
                "Le PDF reçu de Formstack Documents est incomplet : la fusion sera refaite automatiquement.",
            )
        raise Permanent(
            "formstack_not_pdf",
            "Formstack Documents n'a pas rendu de PDF : choisissez PDF comme type de sortie du document.",
        )
