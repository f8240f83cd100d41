"""The tables of triggers: places that are watched, and what was begun of their records."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import SealedJson, UtcTime
from store.models.base import Base


class Watch(Base):
    """A place whose records begin a convention once ``column`` says ``value``. ``pushed``: the tool is asked
    to call; otherwise it is only looked at. ``outside_id``, ``secret``, ``confirmation`` and ``expires_at``
    are its subscription there, ``cursor`` the first of its notifications not read yet. ``asked_at``: the
    clock's last look was asked for; ``looked_at``: one succeeded; ``problem``: what is wrong with the
    subscription."""

    __tablename__ = "watches"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    source_kind: Mapped[str] = mapped_column(String(40))
    place: Mapped[dict[str, Any]] = mapped_column(SealedJson("watches.place"))
    column: Mapped[str] = mapped_column(SealedJson("watches.column"))
    value: Mapped[str] = mapped_column(SealedJson("watches.value"))
    template: Mapped[str | None] = mapped_column(String(80))
    until: Mapped[str] = mapped_column(String(20))
    pushed: Mapped[bool] = mapped_column()
    outside_id: Mapped[str | None] = mapped_column(String(80))
    secret: Mapped[str | None] = mapped_column(SealedJson("watches.secret"))
    confirmation: Mapped[str | None] = mapped_column(SealedJson("watches.confirmation"))
    expires_at: Mapped[datetime | None] = mapped_column(UtcTime)
    cursor: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    looked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class Started(Base):
    """What of a record has already begun a convention, for good: whatever became of it, this same version,
    whose column still asks, begins no other. ``version`` is the one listed, ``content`` what would be agreed
    on (None: the record could not be read), both with what was wished; ``convention_id`` None: it stood
    there before it was watched."""

    __tablename__ = "started"

    record_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[str | None] = mapped_column(String(64))
    watch_id: Mapped[str] = mapped_column(String(40))
    convention_id: Mapped[str | None] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcTime)
