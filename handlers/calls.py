"""The calls of the contract, one line each: endpoint -> what the reference says of it.

Paths, methods and scopes are not told again here: ``handlers/openapi.py`` reads them from the routes and
from ``needs(...)``. A test refuses a /v1 route without a line, and a line without a route. Read by people:
French.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from domain.lifecycle import State
from handlers import shapes, shapes_checks
from handlers.bodies import AmendConvention, CreateConvention, CreateHook, Nothing, RemindSigners
from handlers.hooks import EVENT_TYPES

_SAMPLES = Path(__file__).parents[1] / "samples"
PDF, JSON = "application/pdf", "application/json"


@dataclass(frozen=True)
class Answer:
    """``shape`` is a class of ``shapes`` or ``list[...]`` of one; a file has ``media`` instead."""

    text: str
    shape: Any = None
    media: tuple[str, ...] = (JSON,)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Query:
    name: str
    text: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    group: str
    summary: str
    text: str
    answers: Mapping[int, Answer]
    body: type[BaseModel] | None = None
    example: Mapping[str, Any] | None = None
    query: tuple[Query, ...] = ()
    headers: tuple[str, ...] = ()


def sample_fields() -> dict[str, Any]:
    """The record that the first sample holds."""
    fields: dict[str, Any] = json.loads((_SAMPLES / "claire-durand.json").read_text(encoding="utf-8"))
    return fields


_WHERE = {"Location": "adresse de la convention"}
_LATER = {**_WHERE, "Retry-After": "attente conseillée avant de relire, en secondes"}
_LIMIT = "combien d'éléments au plus"
_CREATED = {
    201: Answer(
        "Voulu et atteint : la convention est à l'étape demandée.", shapes.Convention, headers=_WHERE
    ),
    202: Answer("Prise en charge ; relisez-la ou attendez l'événement.", shapes.Convention, headers=_LATER),
    200: Answer("Déjà demandée : voici où elle en est (replayed).", shapes.Convention, headers=_WHERE),
}
_ACCEPTED = {202: Answer("C'est noté ; la convention telle qu'elle est maintenant.", shapes.Convention)}


def _file(text: str, *media: str) -> Mapping[int, Answer]:
    return {200: Answer(text, media=media or (PDF,)), 304: Answer("Inchangé (If-None-Match).", media=())}


CALLS: Mapping[str, Call] = {
    "catalogue.me": Call(
        "Découvrir", "Vérifier la clé", "Le test de connexion : le nom de la clé et ses droits.",
        {200: Answer("La clé est bonne.", shapes.Key)},
    ),
    "catalogue.templates": Call(
        "Découvrir", "Lister les modèles", "De quoi remplir une liste déroulante.",
        {200: Answer("Les modèles installés.", shapes.TemplatePage)},
    ),
    "catalogue.fields": Call(
        "Découvrir", "Lister les champs d'une fiche", "De quoi construire un formulaire.",
        {200: Answer("Les champs, avec leur nom et une colonne reconnue.", shapes.FieldPage)},
    ),
    "catalogue.providers": Call(
        "Découvrir", "Lister les prestataires de signature", "Ceux qui sont configurés ici.",
        {200: Answer("Les prestataires prêts.", shapes.ProviderPage)},
    ),
    "conventions.create": Call(
        "Conventions", "Créer une convention",
        "Lit la fiche et mène la convention jusqu'où « until » le dit. La même demande répétée, avec ou sans "
        "Idempotency-Key, n'envoie rien deux fois : elle est répondue 200, avec replayed.",
        _CREATED,
        body=CreateConvention,
        example={
            "source": {"kind": "inline", "fields": sample_fields()},
            "until": "sent",
            "external_id": "scenario-42",
        },
        headers=("Idempotency-Key", "Prefer"),
    ),
    "previews.create": Call(
        "Conventions", "Voir un aperçu",
        "Même corps que pour créer, et rien n'est écrit : ni convention, ni journal, ni événement. La "
        "réponse attend jusqu'à 25 secondes ; « Accept: application/pdf » donne le PDF seul.",
        {200: Answer("Le rapport, les avertissements et le PDF.", shapes.Preview, media=(JSON, PDF)),
         202: Answer("Pas encore prêt : relisez-le à cette adresse, dix minutes au plus.",
                     shapes.PendingPreview,
                     headers={"Location": "adresse de l'aperçu", "Retry-After": _LATER["Retry-After"]})},
        body=CreateConvention,
        example={"source": {"kind": "inline", "fields": sample_fields()}},
        headers=("Prefer",),
    ),
    "previews.one": Call(
        "Conventions", "Relire un aperçu",
        "Celui qu'une réponse 202 a annoncé, avec la même clé ; il est oublié dix minutes après la demande.",
        {200: Answer("Le rapport, les avertissements et le PDF.", shapes.Preview, media=(JSON, PDF)),
         202: Answer("Pas encore prêt.", shapes.PendingPreview,
                     headers={"Location": "adresse de l'aperçu", "Retry-After": _LATER["Retry-After"]})},
        headers=("Prefer",),
    ),
    "conventions.listing": Call(
        "Conventions", "Lister les conventions",
        "La plus récente d'abord. Pour les déclencheurs qui interrogent, et pour rattraper un retard.",
        {200: Answer("Une page.", shapes.ConventionPage)},
        query=(
            Query("state", "seulement celles dans cet état", {"type": "string", "enum": [*State]}),
            Query("dossier", "seulement ce numéro de dossier", {"type": "string"}),
            Query("since", "changées depuis cet instant, avec décalage",
                  {"type": "string", "format": "date-time"}),
            Query("cursor", "celui de la page précédente", {"type": "string"}),
            Query("limit", _LIMIT, {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}),
        ),
    ),
    "conventions.one": Call(
        "Conventions", "Lire une convention",
        "Son état, ses signataires, ses documents, ses liens ; ce qui l'arrête et que faire.",
        {200: Answer("La convention.", shapes.Convention)},
    ),
    "actions.send": Call(
        "Conventions", "Envoyer à la signature", "Pour une convention demandée avec until=rendered.",
        _ACCEPTED, body=Nothing,
    ),
    "actions.remind": Call(
        "Conventions", "Relancer les signataires",
        "Un signataire, ou tous ceux dont c'est le tour ; une relance par minute et par personne au plus.",
        _ACCEPTED, body=RemindSigners, example={"signer": "s1"},
    ),
    "actions.cancel": Call(
        "Conventions", "Annuler", "Avant la signature seulement ; le prestataire est prévenu d'abord.",
        _ACCEPTED, body=Nothing,
    ),
    "amendments.amend": Call(
        "Conventions", "Modifier : annuler et remplacer",
        "Avant la signature : la convention est annulée chez le prestataire et une nouvelle version, liée à "
        "elle, est rédigée puis envoyée ; rien n'en part avant que l'ancienne ne soit close. Une fiche "
        "donnée dans l'appel est corrigée par « fields » ; une fiche tenue ailleurs est relue. C'est aussi "
        "le moyen de corriger un téléphone et d'envoyer un nouveau lien. La réponse est la nouvelle version. "
        "La même demande répétée n'en fait qu'une. Si tout le monde a signé entre-temps, la version signée "
        "vaut et la nouvelle finit annulée (already_signed).",
        _CREATED, body=AmendConvention, example={"fields": {"Téléphone": "06 12 34 56 79"}},
        headers=("Prefer",),
    ),
    "actions.archive": Call(
        "Conventions", "Classer de nouveau",
        "Reprend le classement d'une convention signée, s'il a échoué.",
        _ACCEPTED, body=Nothing,
    ),
    "actions.retry": Call(
        "Conventions", "Relancer ce qui a échoué",
        "À appeler une fois la cause corrigée : les étapes abandonnées repartent.",
        _ACCEPTED, body=Nothing,
    ),
    "documents.document": Call(
        "Documents", "Télécharger la convention rédigée", "Le PDF tel qu'envoyé aux signataires.",
        _file("Le PDF."),
    ),
    "documents.signed": Call(
        "Documents", "Télécharger la convention signée", "Le PDF signé, vérifié par le hub.",
        _file("Le PDF."),
    ),
    "documents.proof": Call(
        "Documents", "Télécharger la preuve", "Le dossier de preuve du prestataire, tel que remis.",
        _file("La preuve.", PDF, JSON),
        query=(Query("format", "json : la version lisible par un programme", {"enum": ["json", "pdf"]}),),
    ),
    "documents.mentions": Call(
        "Documents", "Lire le rapport sur les mentions",
        "Chaque mention que la loi peut demander : si elle s'applique ici, si elle y est, et où.",
        {200: Answer("Le rapport.", shapes_checks.MentionReport)},
    ),
    "documents.history": Call(
        "Documents", "Lire le journal",
        "Ce qui s'est passé, quand, par qui. Chaque entrée porte l'empreinte de la précédente.",
        {200: Answer("Le journal.", shapes.Journal)},
    ),
    "hooks.subscribe": Call(
        "Événements", "S'abonner", "Le hub appellera cette adresse à chaque événement voulu.",
        {201: Answer("Abonné. Gardez le secret : il n'est donné qu'ici.", shapes.NewHook,
                     headers={"Location": "adresse de l'abonnement"})},
        body=CreateHook,
        example={"url": "https://hook.example.com/paraphe", "events": ["convention.signed"]},
    ),
    "hooks.listing": Call(
        "Événements", "Lister ses abonnements", "Ceux de cette clé.",
        {200: Answer("Les abonnements.", shapes.HookPage)},
    ),
    "hooks.unsubscribe": Call(
        "Événements", "Se désabonner", "Sans effet s'il n'existe plus.",
        {204: Answer("Plus d'abonnement.", media=())},
    ),
    "hooks.events": Call(
        "Événements", "Relire les événements",
        "Le plus récent d'abord, exactement ce qui a été envoyé : pour interroger, ou rattraper une absence.",
        {200: Answer("Les événements.", list[shapes.Event])},
        query=(
            Query("since", "dernier événement déjà vu (evt_…)", {"type": "string"}),
            Query("type", "types voulus, séparés par des virgules ; parmi : " + ", ".join(EVENT_TYPES),
                  {"type": "string"}),
            Query("limit", _LIMIT, {"type": "integer", "minimum": 1, "maximum": 500, "default": 100}),
        ),
    ),
    "callbacks.tried": Call(
        "Prestataires", "Essayer l'adresse des rappels",
        "Réservé aux prestataires qui essaient l'adresse : ce qu'ils ont envoyé leur revient.",
        {200: Answer("L'adresse est la bonne.", media=())},
    ),
    "callbacks.receive": Call(
        "Prestataires", "Recevoir un rappel",
        "Réservé au prestataire de signature : sa signature sur le corps brut tient lieu de clé.",
        {204: Answer("Gardé.", media=())},
    ),
    "triggers.receive": Call(
        "Déclencheurs", "Recevoir l'appel d'un outil",
        "Réservé à l'outil qui garde les fiches : sa signature, ou le secret donné, tient lieu de clé.",
        {204: Answer("Gardé : les fiches sont relues.", media=())},
    ),
}  # fmt: skip

#: what a request's fields mean: model -> field -> French
FIELDS: Mapping[str, Mapping[str, str]] = {
    "CreateConvention": {
        "source": "d'où vient la fiche",
        "template": "modèle de document ; celui des réglages sinon",
        "signature": "souhaits de signature ; la fiche et les réglages décident sinon",
        "archive": "archives où classer ; celles des réglages sinon",
        "until": "jusqu'où aller : rendered (rédiger) ou sent (envoyer à la signature)",
        "amend": "true : annuler et remplacer la convention que cette fiche a déjà chez ses signataires",
        "resume_url": "adresse appelée une fois, avec l'issue (n8n Wait, callback Zapier, webhook Make)",
        "resume_at": "quand l'appeler : until (étape atteinte) ou end (tout est fini)",
        "external_id": "votre référence ; rendue dans chaque réponse et chaque événement",
        "metadata": "vos données ; rendues telles quelles",
        "idempotency_key": "comme l'en-tête Idempotency-Key, pour les outils qui n'en envoient pas",
    },
    "SignatureWish": {
        "provider": "le prestataire (voir la liste des prestataires)",
        "level": "niveau eIDAS ; auto : la fiche ou les réglages décident",
        "order": "l'un après l'autre (sequential) ou tous à la fois (parallel)",
    },
    "AmendConvention": {
        "fields": "les colonnes corrigées d'une fiche donnée dans l'appel ; une valeur vide retire la sienne",
        "template": "autre modèle de document",
        "signature": "souhaits de signature qui changent",
        "until": "jusqu'où aller : rendered (rédiger) ou sent (envoyer) ; comme la première sinon",
        "resume_url": "adresse appelée une fois, avec l'issue de la nouvelle version",
        "resume_at": "quand l'appeler : until (étape atteinte) ou end (tout est fini)",
    },
    "RemindSigners": {"signer": "s1, s2… ; absent : tous ceux qui n'ont pas signé"},
    "CreateHook": {
        "url": "adresse https à appeler ; le hub refuse les réseaux privés non autorisés",
        "events": "les événements voulus ; absent : tous",
    },
}
