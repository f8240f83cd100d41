"""What a button's page tells someone of the firm before anything is done: who would sign what, for how much,
what the law finds missing, where it would be filed, and what already stands for the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain import mentions
from domain.capabilities import LEVELS
from domain.lifecycle import AT_PROVIDER, State
from domain.mentions.report import SAID, Line
from domain.signature import Level, Order
from domain.steps import StepKind, StepState
from handlers.button_acts import (
    ALREADY_SIGNED,
    OUTDATED,
    READING,
    is_open,
    is_outdated,
    is_under_way,
    may_be_replaced,
)
from handlers.following import Followed, followed, in_french, pending, role_of, signer_says
from handlers.hub import hub
from store.models import Convention, Step
from store.previews import LIFE, Standing

_TITLES = {
    "preview": "Aperçu de la convention",
    "send": "Envoyer la convention à la signature",
    "remind": "Relancer les signataires",
    "cancel": "Annuler la convention",
    "amend": "Annuler et remplacer la convention",
    "retry": "Reprendre après une erreur",
}
_VERBS = {
    "send": "Envoyer à la signature",
    "remind": "Relancer les signataires",
    "cancel": "Annuler la convention",
    "amend": "Annuler et remplacer",
    "retry": "Reprendre",
}
_EXPLAINED = {
    "send": "Les signataires seront invités tout de suite, dans l’ordre ci-dessus.",
    "remind": "Chaque signataire dont c’est le tour et qui n’a pas signé reçoit de nouveau son invitation.",
    "cancel": "Plus personne ne pourra signer cette convention. Cela ne peut pas être défait.",
    "amend": "La convention en cours est annulée, puis celle-ci est envoyée à sa place.",
    "retry": "Chaque étape qui avait été abandonnée est refaite, une fois sa cause corrigée.",
}
#: some seconds are usual: beyond this, no worker may be there to make the preview
_LONG = timedelta(seconds=60)
_ORDERS = {Order.SEQUENTIAL: "l’un après l’autre", Order.PARALLEL: "tous en même temps"}
_STATUSES = {
    mentions.Status.ADVISED: "la clause pourrait en dire plus",
    mentions.Status.UNVERIFIED: "à vérifier à la lecture",
    **SAID,
}


@dataclass(frozen=True)
class Previewed:
    """The record as it was read, and the agreement as it would be. ``blocking`` stops the sending."""

    read_at: str
    dossier: str
    version: str
    signers: list[dict[str, str]]
    order: str
    amounts: list[str]
    facts: list[tuple[str, str]]
    level: list[str]
    blocking: list[str]
    to_review: list[str]
    checked: int
    pages: int


@dataclass(frozen=True)
class Trouble:
    """Why there is no preview (yet). ``technical``: mending the record would not help."""

    detail: str
    code: str
    errors: list[str]
    tries_again: bool
    technical: bool


@dataclass(frozen=True)
class Matter:
    """What stands for the record. ``agreed``: a convention of it is signed."""

    standing: Convention | None
    its_steps: list[Step]
    reminded_at: datetime | None
    agreed: bool


@dataclass(frozen=True)
class Page:
    """``why_not`` says why there is nothing to press; ``verb`` is empty for a button that only shows;
    ``late``: the preview should have come by now."""

    title: str
    verb: str
    explained: str
    waiting: bool
    late: bool
    preview: Previewed | None
    trouble: Trouble | None
    standing: Followed | None
    parties: list[tuple[str, str]] = field(default_factory=list)
    why_not: str = ""


def shown(action: str, preview: Standing | None, matter: Matter) -> Page:
    made = _previewed(preview) if preview and preview.answer is not None else None
    trouble = _trouble(preview) if preview and preview.problem and made is None else None
    standing = matter.standing
    waiting = preview is not None and made is None and not preview.given_up
    return Page(
        title=_TITLES[action],
        verb=_VERBS.get(action, ""),
        explained=_EXPLAINED.get(action, ""),
        waiting=waiting,
        late=waiting and preview is not None and hub().now() - _asked_at(preview) > _LONG,
        preview=made,
        trouble=trouble,
        standing=followed(standing, matter.its_steps, matter.reminded_at) if standing else None,
        parties=[(f"{one.name} ({role_of(one.role).lower()})", signer_says(one)) for one in standing.signers]
        if standing
        else [],
        why_not=_why_not(action, preview, made, matter),
    )


def _why_not(action: str, preview: Standing | None, made: Previewed | None, matter: Matter) -> str:
    """Why the action is not offered; the acts themselves refuse it too."""
    if action not in _VERBS:
        return ""
    said = _not_to_send(matter) if action == "send" else _not_to_act(action, matter)
    if not said and made and made.blocking:
        said = "Ce qui est signalé ci-dessus empêche l’envoi. Corrigez-le, puis relisez la fiche."
    if not said and action in READING and preview and preview.given_up and not _trouble(preview).technical:
        said = "La fiche ne peut pas encore devenir une convention. Corrigez-la, puis relisez-la."
    return said


def _not_to_send(matter: Matter) -> str:
    if is_under_way(matter.standing):
        return (
            "Cette fiche a déjà une convention en cours. Si la fiche a changé, le bouton « Annuler et "
            "remplacer » la modifie ; sinon, il n’y a rien à faire."
        )
    return ALREADY_SIGNED.detail if matter.agreed else ""


def _not_to_act(action: str, matter: Matter) -> str:
    if matter.standing is None:
        return "Cette fiche n’a pas encore de convention."
    if action == "retry" and is_outdated(matter.standing):
        return OUTDATED.detail
    if action == "cancel" and StepKind.CANCEL in pending(matter.its_steps):
        return "L’annulation est déjà demandée : il n’y a rien d’autre à faire, suivez-la."
    return "" if _allowed(action, matter.standing, matter.its_steps) else _NOT_IN_THIS_STATE[action]


_NOT_IN_THIS_STATE = {
    "remind": "Cette convention n’attend pas de signature : il n’y a personne à relancer.",
    "cancel": "Cette convention ne peut plus être annulée.",
    "amend": "Cette convention ne peut plus être remplacée : lancez-en une nouvelle, ou un avenant si elle "
    "est signée.",
    "retry": "Rien n’a échoué : il n’y a rien à reprendre.",
}


def _allowed(action: str, standing: Convention, its_steps: list[Step]) -> bool:
    if action == "remind":
        return State(standing.state) in AT_PROVIDER
    if action == "retry":
        return any(step.state == StepState.DEAD.value for step in its_steps)
    return is_open(standing) if action == "cancel" else may_be_replaced(standing)


def _trouble(preview: Standing) -> Trouble:
    told = preview.problem or {}
    errors = dict.fromkeys(fault["detail"] for fault in told.get("errors", []))
    technical = told.get("technical", False)
    return Trouble(told["detail"], told["code"], list(errors), not preview.given_up, technical)


def _previewed(preview: Standing) -> Previewed:
    answer: Mapping[str, Any] = preview.answer or {}
    report = mentions.read(answer["mentions"])
    stops = [one for one in answer["warnings"] if one["code"] == "level_reason_missing"]
    others = [one["detail"] for one in answer["warnings"] if one not in stops]
    advice = answer["advice"]
    titles = {one["name"]: one["title"] for one in hub().templates()}
    return Previewed(
        read_at=in_french(_asked_at(preview)),
        dossier=answer["dossier"],
        version=answer["version"],
        signers=[{**one, "role": role_of(one["role"])} for one in answer["signers"]],
        order=_ORDERS[Order(answer["order"])],
        amounts=answer["amounts"],
        facts=[
            ("Modèle", titles.get(answer["template"], answer["template"])),
            ("Prestataire de signature", hub().provider(answer["provider"]).label),
            ("Niveau de signature", LEVELS[Level(advice["chosen"])]),
            ("Classement, une fois signée", answer["archive_path"]),
        ],
        level=_level(advice),
        blocking=[_said(line) for line in report.blocking] + [one["detail"] for one in stops],
        to_review=[_said(line) for line in report.warnings] + list(dict.fromkeys(others)),
        checked=report.checked,
        pages=answer["pages"],
    )


def _asked_at(preview: Standing) -> datetime:
    return preview.expires_at - LIFE


def _level(advice: Mapping[str, Any]) -> list[str]:
    if advice["chosen"] == advice["level"]:
        return [f"Le niveau de signature est celui qui est conseillé. {advice['reason']}"]
    return [f"Le niveau conseillé est « {LEVELS[Level(advice['level'])]} ». {advice['reason']}"]


def _said(line: Line) -> str:
    said = f"{line.label} ({line.article}) : {_STATUSES[line.status]}."
    return f"{said} {line.fix}" if line.fix else said
