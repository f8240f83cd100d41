"""Who has signed in: people of the firm's list, the links mailed to them, the sessions of their browsers."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from domain.identifiers import new_id
from store.models import Person, PersonSession, SignInLink

LINK_LIFE = timedelta(minutes=15)
SESSION_LIFE = timedelta(hours=12)
#: links within ``LINK_LIFE``: to one person, and to all of them
_EACH, _ALL = 3, 30


@dataclass(frozen=True)
class SignedIn:
    """The session of a browser and whose it is."""

    session_id: str
    person_id: str
    email: str


def called(tx: Session, now: datetime, email: str) -> Person:
    """The person of that address, written when it is new. Addresses are sealed, and a firm's list is short:
    every row is opened."""
    for row in everyone(tx):
        if row.email == email:
            return row
    row = Person(id=new_id("pe", now, secrets.token_bytes(10)), email=email, created_at=now)
    tx.add(row)
    tx.flush()
    return row


def everyone(session: Session) -> list[Person]:
    return list(session.scalars(select(Person).order_by(Person.id)))


def find(session: Session, person_id: str) -> Person | None:
    return session.get(Person, person_id)


def link(tx: Session, now: datetime, person: Person, button_id: str | None, record: str | None) -> str | None:
    """The secret of a new link; None when too many were asked for lately."""
    lately = select(func.count()).select_from(SignInLink).where(SignInLink.created_at > now - LINK_LIFE)
    theirs = lately.where(SignInLink.person_id == person.id)
    if (tx.scalar(theirs) or 0) >= _EACH or (tx.scalar(lately) or 0) >= _ALL:
        return None
    secret = secrets.token_urlsafe(32)
    tx.add(
        SignInLink(
            secret_hash=_hash(secret),
            person_id=person.id,
            button_id=button_id,
            record=record,
            created_at=now,
            expires_at=now + LINK_LIFE,
        )
    )
    return secret


def open_link(session: Session, now: datetime, secret: str) -> SignInLink | None:
    """The link, still good; looking uses nothing up."""
    return session.scalars(_links(now, secret).where(SignInLink.used_at.is_(None))).first()


def used_link(session: Session, now: datetime, secret: str) -> SignInLink | None:
    """The link that has signed somebody in, while it would still be good."""
    return session.scalars(_links(now, secret).where(SignInLink.used_at.is_not(None))).first()


def use_link(tx: Session, now: datetime, found: SignInLink) -> bool:
    """False when somebody has used it meanwhile."""
    used = tx.execute(
        update(SignInLink).where(SignInLink.id == found.id, SignInLink.used_at.is_(None)).values(used_at=now)
    )
    assert isinstance(used, CursorResult)
    return used.rowcount == 1


def sign_in(tx: Session, now: datetime, person_id: str) -> str:
    """The secret of a new session, for the cookie."""
    secret = secrets.token_urlsafe(32)
    tx.add(
        PersonSession(
            id=new_id("ss", now, secrets.token_bytes(10)),
            secret_hash=_hash(secret),
            person_id=person_id,
            created_at=now,
            expires_at=now + SESSION_LIFE,
        )
    )
    return secret


def signed_in(session: Session, now: datetime, secret: str) -> SignedIn | None:
    found = session.execute(
        select(PersonSession, Person)
        .join(Person, Person.id == PersonSession.person_id)
        .where(
            PersonSession.secret_hash == _hash(secret),
            PersonSession.expires_at > now,
            PersonSession.ended_at.is_(None),
        )
    ).first()
    return SignedIn(found[0].id, found[1].id, found[1].email) if found else None


def sign_out(
    tx: Session, now: datetime, *, session_id: str | None = None, person_id: str | None = None
) -> int:
    """End one session, or all of a person's; how many were ended."""
    query = update(PersonSession).where(PersonSession.ended_at.is_(None), PersonSession.expires_at > now)
    if session_id is not None:
        query = query.where(PersonSession.id == session_id)
    if person_id is not None:
        query = query.where(PersonSession.person_id == person_id)
    ended = tx.execute(query.values(ended_at=now))
    assert isinstance(ended, CursorResult)
    return ended.rowcount


def forget_expired(tx: Session, now: datetime) -> None:
    tx.execute(delete(SignInLink).where(SignInLink.expires_at <= now))
    tx.execute(delete(PersonSession).where(PersonSession.expires_at <= now))


def _links(now: datetime, secret: str) -> Select[SignInLink]:
    """Used or not, before its end."""
    return select(SignInLink).where(SignInLink.secret_hash == _hash(secret), SignInLink.expires_at > now)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
