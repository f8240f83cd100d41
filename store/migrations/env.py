"""Alembic's entry: the connection comes from ``Database.upgrade`` or ``Database.draft_migration``."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from store.models import Base


def _plain(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration names what the database holds (bytes, a time), not our column types: it must still
    run when those have changed."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{type(item.impl_instance).__name__}()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=_plain,
)
with context.begin_transaction():
    context.run_migrations()
