"""What the page of one convention tells: its state in plain French, a timeline, who must still sign.

Whoever holds the link may look, so nothing here names a person beyond role and initials: no e-mail,
phone, address, full name, file path or signing link. Why a level is lower than advised is said to be
known, never quoted: a lawyer's own words may name anybody.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.copies import CopyState
from domain.lifecycle import AT_PROVIDER, ENDED, LABELS, State
from domain.naming import PARIS
from domain.signature import Level, SignerStatus
from domain.steps import StepKind, StepState
from store.models import ArchiveCopy, Convention, SignerRow, Step

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_ROLES = {
    "client": "Client",
    "co_contractant": "Co-client",
    "representant_legal": "Représentant légal",
    "garant": "Garant",
    "avocat": "Avocat",
}
_SIGNER = {
    SignerStatus.WAITING: "attend son tour",
    SignerStatus.NOTIFIED: "invité à signer",
    SignerStatus.OPENED: "a ouvert la convention",
    SignerStatus.SIGNED: "a signé",
    SignerStatus.DECLINED: "a refusé",
    SignerStatus.FAILED: "n'a pas pu signer",
}
_STEPS = {
    StepKind.FETCH: "Lecture de la fiche",
    StepKind.RENDER: "Rédaction du document",
    StepKind.SEND: "Envoi à la signature",
    StepKind.FOLLOW: "Suivi chez le prestataire de signature",
    StepKind.COLLECT: "Récupération du fichier signé et de sa preuve",
    StepKind.ARCHIVE: "Classement dans l'archive",
    StepKind.VERIFY: "Vérification des copies",
    StepKind.WRITE_BACK: "Mise à jour de la fiche",
    StepKind.REMIND: "Relance d'un signataire",
    StepKind.CANCEL: "Annulation chez le prestataire",
    StepKind.DELIVER: "Appel du scénario abonné",
    StepKind.PREVIEW: "Aperçu",
    StepKind.MAIL: "Courriel à une personne du cabinet",
    StepKind.TRIGGER: "Déclenchement",
}
_SENTENCES = {
    State.RECEIVED: "La fiche est reçue ; le document est en cours de rédaction.",
    State.RENDERED: "Le document est rédigé ; il attend son envoi à la signature.",
    State.SIGNED: "Tout le monde a signé ; le fichier signé est en cours de classement.",
    State.ARCHIVED: "Tout le monde a signé ; le fichier signé et sa preuve sont classés.",
    State.DECLINED: "Un signataire a refusé : cette convention est close. "
    "Corrigez la fiche si besoin, puis lancez-en une nouvelle.",
    State.EXPIRED: "Le délai de signature est passé : cette convention est close. "
    "Lancez-en une nouvelle depuis la fiche.",
    State.CANCELLED: "Le cabinet a annulé cette convention : plus personne ne peut la signer.",
    State.SUPERSEDED: "Une autre version remplace cette convention ; suivez la nouvelle.",
    State.FAILED: "Une étape n'a pas abouti. Voyez ci-dessous ce qu'il faut corriger, "
    "puis relancez la convention.",
}


_AFTER_THE_FORMER = (
    "La version précédente est en cours d'annulation ; celle-ci sera rédigée puis envoyée une fois "
    "qu'elle est close."
)
_ASKED = {StepKind.CANCEL: "Annulation en cours…", StepKind.REMIND: "Relance demandée…"}
_LEVELS = {Level.SIMPLE: "simple", Level.ADVANCED: "avancée", Level.QUALIFIED: "qualifiée"}


@dataclass(frozen=True)
class Milestone:
    """``progress``: done | current | todo | stopped."""

    label: str
    progress: str
    at: str = ""
    at_iso: str = ""


@dataclass(frozen=True)
class Trouble:
    """``next_try`` is empty when a person must act."""

    what: str
    detail: str
    code: str
    errors: tuple[str, ...] = ()
    next_try: str = ""


@dataclass(frozen=True)
class Followed:
    dossier: str
    version: int
    state: str
    tone: str  # waiting | done | ended | stopped
    sentence: str
    updated_at: str
    refreshes: bool
    timeline: list[Milestone]
    signers: list[tuple[str, str]]
    replaced_by: str | None
    archives: list[tuple[str, str]]
    problem: Trouble | None
    level: tuple[str, ...]
    warnings: tuple[str, ...]
    progress: tuple[str, ...]
    retrying: list[Trouble] = field(default_factory=list)


def followed(row: Convention, steps: list[Step], reminded_at: datetime | None) -> Followed:
    state, asked = State(row.state), pending(steps)
    return Followed(
        dossier=row.dossier or "",
        version=row.version,
        state=LABELS[state],
        tone=_tone(state),
        sentence=_AFTER_THE_FORMER if _waits_for_the_former(row, steps) else _sentence(row, state),
        updated_at=in_french(row.updated_at),
        refreshes=state not in ENDED and (state is not State.FAILED or bool(asked)),
        timeline=_timeline(row, state),
        replaced_by=row.superseded_by,
        signers=[(_who(signer), signer_says(signer)) for signer in row.signers],
        archives=[(_archive_label(name), _kept(row.copies, name)) for name in row.archives]
        if row.signed_at
        else [],
        problem=_trouble(row.problem) if row.problem else None,
        level=_level(row.advice) if row.advice else (),
        warnings=tuple(dict.fromkeys(one["detail"] for one in row.warnings or [])),
        progress=_progress(state, asked, reminded_at),
        retrying=[
            _trouble(step.error, next_try=in_french(step.run_after))
            for step in steps
            if step.state == StepState.WAITING.value and step.error
        ],
    )


def pending(steps: list[Step]) -> list[StepKind]:
    """What somebody has asked for and is not done yet, beside what the convention does by itself."""
    unended = (StepState.WAITING.value, StepState.RUNNING.value)
    kinds = {step.kind for step in steps if step.state in unended}
    return [kind for kind in _ASKED if kind.value in kinds]


def in_french(moment: datetime) -> str:
    """``15 décembre 2026 à 09:05:07``, Paris time."""
    local = moment.astimezone(PARIS)
    day = "1er" if local.day == 1 else str(local.day)
    return f"{day} {_MONTHS[local.month - 1]} {local.year} à {local:%H:%M:%S}"


def _tone(state: State) -> str:
    if state is State.FAILED:
        return "stopped"
    if state is State.ARCHIVED:
        return "done"
    return "ended" if state in ENDED else "waiting"


def _sentence(row: Convention, state: State) -> str:
    if state not in AT_PROVIDER:
        return _SENTENCES[state]
    missing = sum(1 for signer in row.signers if signer.signed_at is None)
    if not missing:
        return "Tout le monde a signé ; le hub récupère le fichier signé et sa preuve."
    signatures = "1 signature" if missing == 1 else f"{missing} signatures"
    return f"La convention est chez ses signataires : il manque {signatures}."


def _progress(state: State, asked: list[StepKind], reminded_at: datetime | None) -> tuple[str, ...]:
    lines = [_ASKED[kind] for kind in asked]
    if reminded_at and state in AT_PROVIDER:
        lines.append(f"Dernière relance envoyée le {in_french(reminded_at)}.")
    return tuple(lines)


def _timeline(row: Convention, state: State) -> list[Milestone]:
    """What happened, then what is still expected; the end takes the place of what will not come."""
    signatures = sorted(row.signers, key=lambda signer: signer.signed_at or row.updated_at)
    planned: list[tuple[str, datetime | None]] = [
        ("Fiche reçue", row.created_at),
        ("Convention rédigée", row.rendered_at),
        ("Envoyée à la signature", row.sent_at),
        ("Ouverte par un signataire", row.opened_at),
        *((f"Signature : {_who(signer)}", signer.signed_at) for signer in signatures),
        ("Fichier signé et preuve reçus", row.signed_at if _is_held(row, state) else None),
        ("Classée dans l'archive", row.archived_at),
    ]
    last = max(rank for rank, (_, moment) in enumerate(planned) if moment)
    shown = [_milestone(label, "done", moment) for label, moment in planned if moment]
    todo = [label for label, moment in planned[last:] if moment is None]
    if state is State.FAILED:
        return [*shown, _milestone("Arrêtée sur une erreur", "stopped", row.updated_at)]
    if state in ENDED and state is not State.ARCHIVED:
        ended = row.ended_at or row.updated_at
        return [*shown, _milestone(f"Convention {LABELS[state].lower()}", "stopped", ended)]
    return shown + [Milestone(label, "todo" if number else "current") for number, label in enumerate(todo)]


def _milestone(label: str, progress: str, moment: datetime) -> Milestone:
    return Milestone(label, progress, in_french(moment), moment.isoformat(timespec="seconds"))


def _is_held(row: Convention, state: State) -> bool:
    """``signed_at`` is the provider's time, known before the file is in our hands."""
    return State.SIGNED in (state, row.failed_from) or state is State.ARCHIVED


def _who(signer: SignerRow) -> str:
    """``Client (C. D.)``"""
    words = signer.name.split()
    initials = [words[0], words[-1]] if len(words) > 1 else words
    role = role_of(signer.role)
    letters = "\u00a0".join(f"{word[0].upper()}." for word in initials)
    return f"{role} ({letters})" if letters else role


def role_of(role: str) -> str:
    return _ROLES.get(role, "Signataire")


def signer_says(signer: SignerRow) -> str:
    if signer.signed_at:
        return f"a signé le {in_french(signer.signed_at)}"
    return _SIGNER[SignerStatus(signer.status)]


def _waits_for_the_former(row: Convention, steps: list[Step]) -> bool:
    """Nothing of it is to be done yet."""
    idle = all(step.state == StepState.DONE.value for step in steps)
    return row.state == State.RECEIVED.value and row.previous_id is not None and idle


def _archive_label(name: str) -> str:
    return name.replace("_", " ").title()


def _kept(copies: list[ArchiveCopy], name: str) -> str:
    """Told of the file that was read longest ago. What another archive holds and this one does not is missing
    here."""
    here = [copy for copy in copies if copy.archive == name]
    if any(copy.state != CopyState.KEPT.value for copy in here):
        return "un fichier y manque ou y a changé"
    if {copy.kind for copy in here} < {"signed", *(copy.kind for copy in copies)}:
        return "pas encore classée"
    return f"classée et relue le {in_french(min(copy.verified_at for copy in here))}"


def _level(advice: dict[str, Any]) -> tuple[str, ...]:
    """What was chosen, what was advised and why, and whether a lower choice has its reason."""
    chosen, advised = _LEVELS[Level(advice["chosen"])], _LEVELS[Level(advice["level"])]
    if chosen == advised:
        said = f"Signature {chosen}, comme conseillé."
    else:
        said = f"Signature {chosen} ; le niveau conseillé est « {advised} »."
    lines = [said, advice["reason"]]
    if advice["lowered"]:
        lines.append("Le motif de ce niveau inférieur a été donné ; il est gardé avec la convention.")
    return tuple(lines)


def _trouble(told: dict[str, Any] | None, next_try: str = "") -> Trouble:
    told = told or {}
    return Trouble(
        what=_STEPS[StepKind(told["step"])],
        detail=told["detail"],
        code=told["code"],
        errors=tuple(dict.fromkeys(fault["detail"] for fault in told.get("errors", []))),
        next_try=next_try,
    )
