"""How a watch hears of changes: how often it is looked at, and the subscription that its tool calls it by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field

import logs
from connectors.sources import Notifying, Source, Subscription
from domain.errors import NotFound, ParapheError
from settings import Settings
from store.models import Watch

_log = logs.get("triggers")
#: a look at what has a subscription: nothing is lost for longer with a notification
SAFETY_NET = timedelta(hours=1)
#: one that ends sooner is prolonged: daily, where the tool gives it a week
_LEFT = timedelta(days=6)


class Triggers(BaseModel):
    poll_seconds: int = Field(
        default=300,
        ge=10,
        le=86_400,
        description="secondes entre deux lectures d'une table surveillée dont l'outil n'appelle pas le hub",
    )


@dataclass(frozen=True)
class Standing:
    """``problem``: why the tool may not call, ``{"code", "detail"}``; the records are listed all the same."""

    subscription: Subscription | None
    cursor: int
    problem: dict[str, str] | None = None


def polling(settings: Settings) -> timedelta:
    return timedelta(seconds=(settings.section("triggers", Triggers) or Triggers()).poll_seconds)


def address(settings: Settings, watch_id: str) -> str:
    return f"{settings.core.public_url}/v1/triggers/{watch_id}"


def of(row: Watch) -> Subscription | None:
    return Subscription(row.outside_id, row.secret, row.expires_at) if row.secret else None


def kept(row: Watch, standing: Standing) -> None:
    """The caller holds the row."""
    found = standing.subscription
    if found is not None:
        changed = (found.id, found.secret) != (row.outside_id, row.secret)
        row.outside_id, row.secret, row.expires_at = found.id, found.secret, found.expires_at
        row.cursor = standing.cursor if changed else max(row.cursor, standing.cursor)
    row.problem = standing.problem


def keep_alive(now: datetime, source: Source, place: Any, url: str, row: Watch) -> Standing:
    """Prolong, heal or make the subscription, and take note of what it said. Whatever goes wrong here is told
    and tried again at the next look: it must not keep the records from being looked at."""
    standing, cursor = of(row), row.cursor
    if not (row.pushed and isinstance(source, Notifying)):
        return Standing(standing, cursor)
    try:
        if standing is None:
            standing, cursor = source.subscribe(place, row.column, url), 1
        elif standing.expires_at and standing.expires_at - now < _LEFT:
            standing = source.refresh(place, row.column, url, standing)
            cursor = cursor if standing.id == row.outside_id else 1
        return Standing(standing, _advanced(source, place, standing, cursor))
    except NotFound:  # gone: it expired, or somebody deleted it
        return _anew(source, place, url, row)
    except ParapheError as error:
        return _told(standing, cursor, error)


def _anew(source: Notifying, place: Any, url: str, row: Watch) -> Standing:
    try:
        return Standing(source.subscribe(place, row.column, url), 1)
    except ParapheError as error:
        return _told(of(row), row.cursor, error)


def _advanced(source: Notifying, place: Any, standing: Subscription, cursor: int) -> int:
    return source.advance(place, standing, cursor) if standing.id else cursor


def _told(standing: Subscription | None, cursor: int, error: ParapheError) -> Standing:
    _log.warning("subscription_failed", extra={"code": error.code})
    return Standing(standing, cursor, {"code": error.code, "detail": error.detail})
