"""What a button does once its person has confirmed: the same acts as the calls of ``/v1``, each once for what
that person saw.

What was seen is the version of the record and the convention that then stood for it (its id, and when it last
changed). A second click, a form sent again or a page gone back to ask for the same: they lead to what the
first one did.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask import g
from pydantic import BaseModel

from domain.content import record_key
from domain.errors import Invalid, Refused
from domain.lifecycle import AT_PROVIDER, BEFORE_SIGNATURE, State
from domain.steps import StepState
from handlers import acts
from handlers.amendments import as_new, require_open
from handlers.auth import asker
from handlers.bodies import AmendConvention, CreateConvention, SourceRef
from handlers.conventions import requested
from handlers.hub import hub
from store import buttons, conventions, steps, versions, watches
from store.database import Session
from store.models import Button, Convention

_VERSION = re.compile(r"[0-9a-f]{64}")
_CHANGED = Refused(
    "seen_changed",
    "La convention de cette fiche a changé depuis que la page a été affichée ; rien n'a été fait : rouvrez "
    "la page, relisez-la et confirmez de nouveau.",
)
ALREADY_SIGNED = Refused(
    "already_signed",
    "Cette fiche a déjà une convention signée : rien d'autre n'est à envoyer ; pour la changer, "
    "établissez un avenant.",
)
OUTDATED = Refused(
    "record_changed_since",
    "La fiche a changé depuis que son aperçu a été montré, et reprendre n'y ferait rien : ouvrez de nouveau "
    "le bouton d'envoi, relisez l'aperçu et confirmez.",
)


@dataclass(frozen=True)
class Opened:
    """A button on one record."""

    button: Button
    ref: BaseModel
    record: str

    @property
    def record_key(self) -> str | None:
        return record_key(hub().source(self.button.source_kind).key(self.ref))


def reference(button: Button, record: str) -> BaseModel:
    """The record as its source names it. Raises Invalid: the address may have been typed by anybody."""
    source = hub().source(button.source_kind)
    if source.Place is not None:
        try:
            return source.ref(source.Place.model_validate(button.place), record)
        except ValueError:
            pass
    raise Invalid(
        "record_unnamed",
        "L'adresse ne dit pas de quelle fiche il s'agit : ouvrez-la par le bouton de la fiche, ou redemandez "
        "la formule du bouton à la personne qui l'a créé.",
    )


def wish(opened: Opened, standing: Convention | None, *, preview: bool = False) -> conventions.Request:
    """What is asked for, by this button, of this record: as the first time, or as what stands was asked for,
    when that is replaced or was only prepared. Up to the signers in any case."""
    button = opened.button
    prepared = button.action == "send" and is_prepared(standing)
    if standing and (prepared or button.action == "amend"):
        body = as_new(standing, AmendConvention(template=button.template, until="sent"))
    else:
        source = SourceRef(kind=button.source_kind, **opened.ref.model_dump(mode="json"))
        body = CreateConvention.model_validate({"source": source, "template": button.template})
    return requested(body, preview=preview)


def standing_for(session: Session, opened: Opened) -> Convention | None:
    """The convention that this button is about: the newest that its action is for; else the one that is
    signed, for what failed beside it no longer matters; else the newest."""
    found = buttons.of_record(session, opened.record_key)
    agreed, being_replaced = is_agreed(session, opened), {row.previous_id for row in found}

    def rank(row: Convention) -> tuple[bool, bool, bool]:
        """Those whose signers have it come before those that have not left."""
        is_for = _is_for(session, opened.button.action, row, agreed)
        if opened.button.action == "cancel" and row.id in being_replaced:
            is_for = False  # it ends by itself: what is to come in its place is what can be called off
        return (not is_for, State(row.state) not in AT_PROVIDER, row.signed_at is None)

    return min(found, key=rank, default=None)


def _is_for(session: Session, action: str, row: Convention, agreed: bool) -> bool:
    """What would send a second agreement, once one of the record is signed, can only be ended."""
    if action == "remind":
        return State(row.state) in AT_PROVIDER
    if action == "cancel":
        return is_open(row)
    if agreed and row.signed_at is None and not is_under_way(row):
        return False
    if action == "retry":
        return any(step.state == StepState.DEAD.value for step in steps.of_convention(session, row.id))
    return may_be_replaced(row)


def is_agreed(session: Session, opened: Opened) -> bool:
    """Whether a convention of the record was signed: the button sends no other, as no trigger does."""
    return opened.record_key is not None and watches.is_agreed(session, opened.record_key)


def is_under_way(row: Convention | None) -> bool:
    """Whether a sending would put a second agreement of the record beside this one."""
    return row is not None and is_open(row) and versions.is_out(row)


def is_prepared(row: Convention | None) -> bool:
    """Whether it was asked for as a document only: it waits for somebody to send it."""
    return row is not None and is_open(row) and row.state != State.FAILED.value and not versions.is_out(row)


def is_outdated(row: Convention) -> bool:
    """Whether it stopped because its record was no longer as it had been shown: it must be shown anew."""
    return row.problem is not None and row.problem["code"] == OUTDATED.code


def is_open(row: Convention) -> bool:
    """Neither ended nor told to be signed."""
    return State(row.failed_from or row.state) in BEFORE_SIGNATURE


def may_be_replaced(row: Convention) -> bool:
    """The provider may have said already that all have signed."""
    return is_open(row) and row.signed_at is None


def basis(row: Convention | None) -> str:
    """What names, in a form, the convention that its person saw and how it stood."""
    return f"{row.id}:{row.updated_at.isoformat()}" if row else ""


def act(opened: Opened, form: Mapping[str, str]) -> str:
    """Do it, unless that was done; the id of the convention that it is about. Raises the domain's errors."""
    button = opened.button
    if button.action not in _ACTS:
        raise Refused("button_only_shows", "Ce bouton montre un aperçu et ne fait rien d'autre.")
    version, seen = form.get("version", ""), form.get("convention", "")
    about = [button.action, button.template, opened.record_key, seen]
    if button.action in READING:
        if not _VERSION.fullmatch(version):
            raise _CHANGED
        about.append(version)
    with hub().database.transaction() as tx:
        now = hub().now()
        use = buttons.claim(tx, now, button, g.person.person_id, about)
        if use is None:
            done = buttons.done(tx, about)
            assert done is not None, "a claim is committed with what it led to"
            return done
        standing = standing_for(tx, opened)
        if basis(standing) != seen:
            raise _CHANGED
        use.convention_id = _ACTS[button.action](tx, now, opened, standing, version)
        return use.convention_id


def _send(tx: Session, now: datetime, opened: Opened, standing: Convention | None, version: str) -> str:
    if is_under_way(standing):
        raise _CHANGED
    if is_agreed(tx, opened):
        raise ALREADY_SIGNED
    row, _is_new = conventions.take(tx, now, replace(wish(opened, standing), seen_version=version))
    return row.id


def _amend(tx: Session, now: datetime, opened: Opened, standing: Convention | None, version: str) -> str:
    """Asked for as the API's ``"amend": true`` does: the record is read first, and what stands is ended only
    if it still is what was confirmed."""
    old = _held(tx, standing)
    require_open(old)
    asked = replace(wish(opened, old), seen_version=version, amend=True)
    waiting = versions.next_of(tx, old)
    if waiting is None or waiting.state != State.RECEIVED.value:
        return conventions.take(tx, now, asked)[0].id
    conventions.wish_again(waiting, asked)
    versions.ask_end(tx, now, old)  # it may have been refused
    return waiting.id


def _remind(tx: Session, now: datetime, _opened: Opened, standing: Convention | None, _version: str) -> str:
    row = _held(tx, standing)
    acts.remind(tx, now, row, asker())
    return row.id


def _cancel(tx: Session, now: datetime, _opened: Opened, standing: Convention | None, _version: str) -> str:
    row = _held(tx, standing)
    acts.cancel(tx, now, row, asker())
    return row.id


def _retry(tx: Session, now: datetime, _opened: Opened, standing: Convention | None, _version: str) -> str:
    row = _held(tx, standing)
    if is_outdated(row):
        raise OUTDATED
    acts.retry(tx, now, row, asker())
    return row.id


def _held(tx: Session, standing: Convention | None) -> Convention:
    """The convention, held, as it was seen a moment ago."""
    if standing is None:
        raise Refused("no_convention_yet", "Cette fiche n'a pas encore de convention : envoyez-la d'abord.")
    seen = basis(standing)
    row = conventions.lock(tx, standing.id)
    if basis(row) != seen:
        raise _CHANGED
    return row


#: those that read the record first, and so show a preview of it
READING = ("preview", "send", "amend")
_Act = Callable[[Session, datetime, Opened, Convention | None, str], str]
_ACTS: dict[str, _Act] = {
    "send": _send,
    "amend": _amend,
    "remind": _remind,
    "cancel": _cancel,
    "retry": _retry,
}
