"""The tables of conventions, and of what is done with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.columns import SealedBytes, SealedJson, UtcTime
from store.models.base import Base


class Convention(Base):
    """One version of a fee agreement, from the record to the archive.

    ``pending_key`` (the record is being read) and ``content_key`` (this content is under way or done)
    are unique: they are what keeps one record from being sent twice. Both are released when a
    convention ends without having been signed. ``mentions`` is the report of ``domain.mentions`` on the
    document rendered last, ``warnings`` what its lawyer should look at; they hold nothing personal.
    ``record_key`` says which outside record it comes from; ``seen_version`` is the version of it that a
    person was shown and agreed to send; ``amend``: it may take the place of what that
    record already has before its signers; ``previous_id`` and ``superseded_by`` link versions.
    ``advice`` is the level advised, the one chosen, and why (``Choice.as_data``), as that document was made.
    """

    __tablename__ = "conventions"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    state: Mapped[str] = mapped_column(String(20), index=True)
    failed_from: Mapped[str | None] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(Integer, default=1)
    previous_id: Mapped[str | None] = mapped_column(String(40), index=True)
    superseded_by: Mapped[str | None] = mapped_column(String(40))
    duplicate_of: Mapped[str | None] = mapped_column(String(40))

    source_kind: Mapped[str] = mapped_column(String(40))
    source: Mapped[dict[str, Any]] = mapped_column(SealedJson("conventions.source"))
    pending_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    content_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    record_key: Mapped[str | None] = mapped_column(String(64), index=True)
    seen_version: Mapped[str | None] = mapped_column(String(64))
    amend: Mapped[bool] = mapped_column(default=False)
    record: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("conventions.record"))
    dossier: Mapped[str | None] = mapped_column(String(80), index=True)

    template: Mapped[str] = mapped_column(String(80))
    provider: Mapped[str] = mapped_column(String(40))
    level: Mapped[str | None] = mapped_column(String(20))
    level_reason: Mapped[str | None] = mapped_column(SealedJson("conventions.level_reason"))
    signing_order: Mapped[str | None] = mapped_column(String(20))
    archives: Mapped[list[str]] = mapped_column(JSON)
    until: Mapped[str] = mapped_column(String(20))

    external_id: Mapped[str | None] = mapped_column(String(255))
    caller_data: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("conventions.caller_data"))
    resumes: Mapped[list[dict[str, Any]]] = mapped_column(SealedJson("conventions.resumes"))
    made_by: Mapped[str] = mapped_column(String(40))

    provider_ref: Mapped[str | None] = mapped_column(String(255), index=True)
    rendered_at: Mapped[datetime | None] = mapped_column(UtcTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcTime)
    signed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    archived_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    copies_asked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    decline_reason: Mapped[str | None] = mapped_column(SealedJson("conventions.decline_reason"))
    mentions: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    warnings: Mapped[list[dict[str, str]] | None] = mapped_column(JSON(none_as_null=True))
    advice: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("conventions.advice"))
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    signers: Mapped[list[SignerRow]] = relationship(order_by="SignerRow.position", lazy="selectin")
    copies: Mapped[list[ArchiveCopy]] = relationship(
        order_by="ArchiveCopy.archive, ArchiveCopy.kind", lazy="selectin"
    )


class SignerRow(Base):
    __tablename__ = "signers"
    __table_args__ = (UniqueConstraint("convention_id", "key"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    convention_id: Mapped[str] = mapped_column(ForeignKey("conventions.id"), index=True)
    key: Mapped[str] = mapped_column(String(10))
    position: Mapped[int] = mapped_column(Integer)
    role: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(SealedJson("signers.name"))
    link: Mapped[str | None] = mapped_column(SealedJson("signers.link"))
    provider_ref: Mapped[str | None] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(20), default="waiting")
    invited_at: Mapped[datetime | None] = mapped_column(UtcTime)
    reminded_day: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    opened_at: Mapped[datetime | None] = mapped_column(UtcTime)
    signed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Document(Base):
    """``kind``: rendered | signed | proof_pdf | proof_json. Web and worker share no disk: the bytes
    are here, sealed."""

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("convention_id", "kind"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    convention_id: Mapped[str] = mapped_column(ForeignKey("conventions.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    media_type: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    content: Mapped[bytes] = mapped_column(SealedBytes("documents.content"), deferred=True)


class ArchiveCopy(Base):
    """One file as its archive confirmed it; ``state`` (kept | missing | lost): as it was found since."""

    __tablename__ = "archive_copies"
    __table_args__ = (UniqueConstraint("convention_id", "archive", "kind"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    convention_id: Mapped[str] = mapped_column(ForeignKey("conventions.id"), index=True)
    archive: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    ref: Mapped[str] = mapped_column(SealedJson("archive_copies.ref"))
    path: Mapped[str] = mapped_column(SealedJson("archive_copies.path"))
    link: Mapped[str | None] = mapped_column(SealedJson("archive_copies.link"))
    sha256: Mapped[str] = mapped_column(String(64))
    verified_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    state: Mapped[str] = mapped_column(String(10), default="kept", server_default="kept")


class RestoreTest(Base):
    """What was read back from the archives into an empty place, and how that went; nothing personal."""

    __tablename__ = "restore_tests"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    seconds: Mapped[float]
    sample: Mapped[int]
    files: Mapped[int]
    good: Mapped[int]
    passed: Mapped[bool]
    archives: Mapped[list[str]] = mapped_column(JSON)
    findings: Mapped[list[dict[str, str]]] = mapped_column(JSON)


class Step(Base):
    """One thing to do, written in the transaction of what caused it; the queue only carries its id.

    ``lease_token`` fences: a worker whose lease was taken over cannot finish the step any more.
    """

    __tablename__ = "steps"
    __table_args__ = (Index("ix_steps_state_run_after", "state", "run_after"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    convention_id: Mapped[str | None] = mapped_column(ForeignKey("conventions.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(160), unique=True)
    argument: Mapped[str | None] = mapped_column(String(160))
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    run_after: Mapped[datetime] = mapped_column(UtcTime)
    handed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    lease_token: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None] = mapped_column(UtcTime)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcTime)


class CallbackRow(Base):
    """A provider's callback as it came, verified. ``state``: stored (unmatched) | matched | applied |
    irrelevant."""

    __tablename__ = "callbacks"
    __table_args__ = (UniqueConstraint("provider", "event_key"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    provider: Mapped[str] = mapped_column(String(40))
    event_key: Mapped[str] = mapped_column(String(160))
    convention_id: Mapped[str | None] = mapped_column(String(40), index=True)
    provider_ref: Mapped[str | None] = mapped_column(String(255), index=True)
    signer_ref: Mapped[str | None] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12), index=True)
    occurred_at: Mapped[datetime | None] = mapped_column(UtcTime)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    headers: Mapped[dict[str, str]] = mapped_column(SealedJson("callbacks.headers"))
    body: Mapped[bytes] = mapped_column(SealedBytes("callbacks.body"), deferred=True)


class EventRow(Base):
    """An event that went out, or will: the same shape is pushed and polled."""

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("convention_id", "sequence"),)

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(String(40), unique=True)
    convention_id: Mapped[str] = mapped_column(ForeignKey("conventions.id"), index=True)
    sequence: Mapped[int] = mapped_column(Integer)
    type: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UtcTime)
    body: Mapped[dict[str, Any]] = mapped_column(SealedJson("events.body"))


class Hook(Base):
    """A REST hook: a URL that asked for events."""

    __tablename__ = "hooks"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(40), index=True)
    url: Mapped[str] = mapped_column(SealedJson("hooks.url"))
    events: Mapped[list[str]] = mapped_column(JSON)
    secret: Mapped[str] = mapped_column(SealedJson("hooks.secret"))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


class JournalRow(Base):
    __tablename__ = "journal"
    __table_args__ = (UniqueConstraint("convention_id", "sequence"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    convention_id: Mapped[str] = mapped_column(ForeignKey("conventions.id"), index=True)
    sequence: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcTime)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(60))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class ApiKey(Base):
    """A caller's key: only the SHA-256 of its secret is kept (the secret has 256 random bits)."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    label: Mapped[str] = mapped_column(String(80))
    secret_hash: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Replay(Base):
    """An ``Idempotency-Key`` and what it stood for."""

    __tablename__ = "replays"

    key_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(String(128), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    convention_id: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class Claim(Base):
    """First-writer-wins memory for connectors (ids drawn before they are used outside)."""

    __tablename__ = "claims"

    scope: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class TokenRow(Base):
    """An access token of an outside system, for all workers until it expires."""

    __tablename__ = "tokens"

    scope: Mapped[str] = mapped_column(String(80), primary_key=True)
    token: Mapped[str] = mapped_column(SealedJson("tokens.token"))
    expires_at: Mapped[datetime] = mapped_column(UtcTime)


class Turn(Base):
    """When the next call of a system that counts them may leave."""

    __tablename__ = "turns"

    scope: Mapped[str] = mapped_column(String(64), primary_key=True)
    next_at: Mapped[datetime] = mapped_column(UtcTime)


class TemplateRow(Base):
    """A template that the firm added: its Word file and its .toml. Sealed like the rest: a firm's wording is
    its own."""

    __tablename__ = "templates"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    added_at: Mapped[datetime] = mapped_column(UtcTime)
    docx: Mapped[bytes] = mapped_column(SealedBytes("templates.docx"), deferred=True)
    manifest: Mapped[bytes] = mapped_column(SealedBytes("templates.manifest"))


class Preview(Base):
    """What was asked to be shown and, once a worker has made it, the answer. Lives ten minutes at most.
    ``alone``: what there is one preview of at a time."""

    __tablename__ = "previews"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    made_by: Mapped[str] = mapped_column(String(40))
    expires_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    request: Mapped[dict[str, Any]] = mapped_column(SealedJson("previews.request"))
    answer: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("previews.answer"))
    content: Mapped[bytes | None] = mapped_column(SealedBytes("previews.content"), deferred=True)
    alone: Mapped[str | None] = mapped_column(String(64), unique=True)
