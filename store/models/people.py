"""The tables of what people do themselves: buttons, who may press them, the mails that let them in.

Secrets that travel (a link's, a cookie's) are kept hashed; they have 256 random bits.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import SealedJson, UtcTime
from store.models.base import Base


class Button(Base):
    """One action on the records of one place, as a link that stands in the tool that keeps them."""

    __tablename__ = "buttons"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    source_kind: Mapped[str] = mapped_column(String(40))
    place: Mapped[dict[str, Any]] = mapped_column(SealedJson("buttons.place"))
    action: Mapped[str] = mapped_column(String(10))
    template: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)


class ButtonUse(Base):
    """An action that was asked for, once: ``claim`` is the hash of all that it was about."""

    __tablename__ = "button_uses"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    claim: Mapped[str] = mapped_column(String(64), unique=True)
    button_id: Mapped[str] = mapped_column(ForeignKey("buttons.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    convention_id: Mapped[str | None] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcTime)


class Person(Base):
    """Someone of the firm who has asked to sign in; the journal knows the id alone."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    email: Mapped[str] = mapped_column(SealedJson("people.email"))
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class SignInLink(Base):
    """A link that was mailed, good for one sign-in; ``record`` is where its person came from."""

    __tablename__ = "sign_in_links"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    button_id: Mapped[str | None] = mapped_column(ForeignKey("buttons.id"))
    record: Mapped[str | None] = mapped_column(SealedJson("sign_in_links.record"))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)


class PersonSession(Base):
    """A browser that has signed in. Its secret is the cookie's."""

    __tablename__ = "person_sessions"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Mail(Base):
    """A mail on its way; forgotten once it has left, or when nobody would want it any more."""

    __tablename__ = "mails"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    recipient: Mapped[str] = mapped_column(SealedJson("mails.recipient"))
    subject: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(SealedJson("mails.text"))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
