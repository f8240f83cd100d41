"""Callers' keys: ``prp_<id>_<secret>``, shown once, kept hashed."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.identifiers import new_id
from store.models import ApiKey, Hook

SCOPES = ("conventions:read", "conventions:write", "hooks")


def create(tx: Session, now: datetime, label: str, scopes: tuple[str, ...]) -> tuple[ApiKey, str]:
    """The row and the full key, which cannot be shown again."""
    secret = secrets.token_urlsafe(32)
    key_id = new_id("key", now, secrets.token_bytes(10)).removeprefix("key_")
    row = ApiKey(id=key_id, label=label, secret_hash=_hash(secret), scopes=list(scopes), created_at=now)
    tx.add(row)
    return row, f"prp_{key_id}_{secret}"


def find(tx: Session, presented: str) -> ApiKey | None:
    """The live key that ``presented`` is, compared in constant time; None for anything else."""
    parts = presented.split("_", 2)
    if len(parts) != 3 or parts[0] != "prp" or not (presented.isascii() and presented.isprintable()):
        return None
    row = tx.get(ApiKey, parts[1][:40])
    expected = row.secret_hash if row else "0" * 64
    matches = hmac.compare_digest(_hash(parts[2]), expected)
    return row if row and matches and row.revoked_at is None else None


def everything(tx: Session) -> list[ApiKey]:
    return list(tx.scalars(select(ApiKey).order_by(ApiKey.created_at)))


def revoke(tx: Session, now: datetime, key_id: str) -> bool:
    row = tx.get(ApiKey, key_id)
    if row is None or row.revoked_at:
        return False
    row.revoked_at = now
    # what the key subscribed to would go on reaching whoever held it
    tx.execute(update(Hook).where(Hook.key_id == key_id, Hook.ended_at.is_(None)).values(ended_at=now))
    return True


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
