"""Airtable's webhooks: made by API, kept alive, their pings told from forged ones.

A ping says nothing but that something changed; the records are listed anyway, so the payloads are only taken
note of (which also prolongs the webhook). A webhook lives 7 days; after a day of failures Airtable switches
its notifications off. The secret is shown once: a webhook whose creation was answered into the void is found
by its address and made anew. Needs ``webhook:manage``. Source:
airtable.com/developers/web/api/webhooks-overview. Unconfirmed: what a webhook that is gone answers (403 or
404, taken alike), and whether a call for webhooks counts in the base's rate (it takes its turn as if)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from pyairtable import Api
from pyairtable.api.base import Base
from pyairtable.models.webhook import Webhook

from connectors.sources import Heard, Subscription
from domain.errors import NotFound, Permanent
from domain.signature import Verdict

LIFE = timedelta(days=7)
#: pages of payloads taken note of in one look; the next goes on from there
_PAGES = 20
_PER_PAGE = 50
_MAC = "x-airtable-content-mac"


class Door(Protocol):
    """How the connector reaches a base: its errors turned into ours, its calls paced."""

    def __call__(self) -> AbstractContextManager[Api]: ...


class AirtableWebhooks:
    """What needs the network."""

    def __init__(self, door: Door, turn: Callable[[str], None], now: Callable[[], datetime]) -> None:
        self._door, self._turn, self._now = door, turn, now

    def subscribe(self, base_id: str, table: str, url: str) -> Subscription:
        """A table given by its id alone narrows what Airtable calls for; by its name, the whole base does."""
        with self._reaching(base_id) as base:
            for one in self._ours(base, url):
                self._delete(base, one)
            self._turn(base_id)
            made = base.add_webhook(url, _specification(table))
        return Subscription(made.id, made.mac_secret_base64, self._until(made.expiration_time))

    def refresh(self, base_id: str, table: str, url: str, standing: Subscription) -> Subscription:
        with self._reaching(base_id) as base:
            found = next((one for one in self._ours(base, url) if one.id == standing.id), None)
            if found is not None and found.is_hook_enabled:
                if not found.are_notifications_enabled:
                    self._turn(base_id)
                    found.enable_notifications()
                self._turn(base_id)
                # its own extend_expiration keeps the answer as text
                answer = base.api.request("POST", base.urls.webhooks / found.id / "refresh")
                return Subscription(found.id, standing.secret, self._until(_moment(answer)))
        return self.subscribe(base_id, table, url)

    def unsubscribe(self, base_id: str, standing: Subscription) -> None:
        with self._reaching(base_id) as base:
            self._turn(base_id)
            for one in base.webhooks():
                if one.id == standing.id:
                    self._delete(base, one)

    def advance(self, base_id: str, standing: Subscription, cursor: int) -> int:
        with self._reaching(base_id) as base:
            for _ in range(_PAGES):
                self._turn(base_id)
                asked = {"cursor": cursor, "limit": _PER_PAGE}
                path = base.urls.webhooks / str(standing.id) / "payloads"
                page = base.api.request("GET", path, params=asked)
                following = page.get("cursor") if isinstance(page, dict) else None
                if not isinstance(following, int) or following < cursor:
                    raise _unexpected()
                cursor = following
                if page.get("mightHaveMore") is not True:
                    break
        return cursor

    def _ours(self, base: Base, url: str) -> list[Webhook]:
        self._turn(base.id)
        return [one for one in base.webhooks() if one.notification_url == url]

    def _delete(self, base: Base, one: Webhook) -> None:
        self._turn(base.id)
        one.delete()

    def _until(self, told: datetime | None) -> datetime:
        return (told or self._now() + LIFE).astimezone(UTC)

    @contextmanager
    def _reaching(self, base_id: str) -> Iterator[Base]:
        try:
            with self._door() as api:
                yield Base(api, base_id)
        except KeyError:  # pyairtable's, for a list without its key
            raise _unexpected() from None
        except NotFound:
            raise NotFound(
                "airtable_webhook_not_found",
                "Airtable ne montre pas ce rappel : il a expiré (le hub le refait à la prochaine lecture), "
                "ou le jeton n'a pas le droit webhook:manage.",
            ) from None
        except Permanent as refused:
            if refused.code != "airtable_forbidden":
                raise
            raise Permanent(
                "airtable_webhook_forbidden",
                "Le jeton Airtable ne peut pas créer de rappel : donnez-lui aussi webhook:manage (son auteur "
                "doit avoir le rôle de créateur sur la base), ou surveillez la table sans rappel (--poll).",
            ) from None


class CallsByApi:
    """``connectors.sources.Notifying`` for places of Airtable. The column narrows nothing: its id is not
    known without the right to read the schema."""

    _webhooks: AirtableWebhooks

    def subscribe(self, place: Any, column: str, url: str) -> Subscription:  # noqa: ARG002
        return self._webhooks.subscribe(place.base, place.table, url)

    def refresh(self, place: Any, column: str, url: str, standing: Subscription) -> Subscription:  # noqa: ARG002
        return self._webhooks.refresh(place.base, place.table, url, standing)

    def unsubscribe(self, place: Any, standing: Subscription) -> None:
        self._webhooks.unsubscribe(place.base, standing)

    def advance(self, place: Any, standing: Subscription, cursor: int) -> int:
        return self._webhooks.advance(place.base, standing, cursor)

    def by_hand(self, url: str, standing: Subscription) -> tuple[str, ...]:  # noqa: ARG002
        return ()

    def hear(
        self,
        headers: Mapping[str, str],
        raw: bytes,
        secret: str,
        confirmed: str | None,  # noqa: ARG002
    ) -> Heard:
        return hear(headers, raw, secret)


def hear(headers: Mapping[str, str], raw: bytes, secret: str) -> Heard:
    """HMAC-SHA256 over the raw body, under the decoded secret. The ping's own timestamp makes its body unlike
    any other, so a body seen twice is a ping delivered twice."""
    given = {name.lower(): value for name, value in headers.items()}.get(_MAC, "")
    try:
        key = base64.b64decode(secret, validate=True)
    except ValueError:
        key = b""
    if not key:
        return Heard(Verdict.NOT_CONFIGURED)
    wanted = "hmac-sha256=" + hmac.new(key, raw, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted.encode(), given.encode("utf-8", "surrogateescape")):
        return Heard(Verdict.INVALID)
    return Heard(Verdict.VERIFIED, hashlib.sha256(raw).hexdigest())


def _specification(table: str) -> dict[str, Any]:
    filters: dict[str, Any] = {"dataTypes": ["tableData"]}
    if table.startswith("tbl"):
        filters["recordChangeScope"] = table
    return {"options": {"filters": filters}}


def _moment(answer: Any) -> datetime | None:
    told = answer.get("expirationTime") if isinstance(answer, dict) else None
    try:
        moment = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        raise _unexpected() from None
    return moment if moment and moment.tzinfo else None


def _unexpected() -> Permanent:
    return Permanent(
        "airtable_unexpected_answer",
        "La réponse d'Airtable n'a pas la forme attendue : vérifiez PARAPHE_AIRTABLE_ENDPOINT.",
    )
