"""Webhooks of a base, their payloads, and the pings that are really sent (pages "Webhooks overview", "List
webhook payloads"). Pings are not coalesced here; a cell in a payload has the shape it has in a record, not
"V2"."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import string
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any

from sandbox.airtable.refusals import malformed, not_found
from sandbox.signing.courier import Courier, Try, new_id, post, tries_told

LIFE = timedelta(days=7)
#: from 10 s, doubled: about a day in all
RETRY_DELAYS_SECONDS = tuple(10.0 * float(2**number) for number in range(13))
TIMEOUT_SECONDS = 25.0
PAYLOADS_PER_PAGE = 50


@dataclass
class Hook:
    id: str
    base: str
    url: str
    specification: dict[str, Any]
    secret: bytes
    courier: Courier
    expires: datetime
    notifying: bool = True
    payloads: list[dict[str, Any]] = field(default_factory=list)
    pings: list[Ping] = field(default_factory=list)

    def wants(self, table_id: str) -> bool:
        scope = self.specification.get("options", {}).get("filters", {}).get("recordChangeScope")
        return scope in (None, table_id)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "areNotificationsEnabled": self.notifying,
            "cursorForNextPayload": len(self.payloads) + 1,
            "isHookEnabled": True,
            "lastSuccessfulNotificationTime": None,
            "notificationUrl": self.url,
            "lastNotificationResult": None,
            "expirationTime": _rfc3339(self.expires),
            "specification": self.specification,
        }


@dataclass
class Ping:
    """Satisfies ``sandbox.signing.courier.Delivery``."""

    hook: Hook
    body: bytes
    corrupt: bool = False
    outcome: str = "pending"
    event_name: str = "ping"
    tries: list[Try] = field(default_factory=list)
    id: str = field(default_factory=new_id)

    def __post_init__(self) -> None:
        self.subscription_id = self.hook.id

    def send(self) -> Try:
        digest = hmac.new(self.hook.secret, self.body, hashlib.sha256).hexdigest()
        mac = digest[::-1] if self.corrupt else digest
        headers = {"Content-Type": "application/json", "X-Airtable-Content-MAC": f"hmac-sha256={mac}"}
        return post(self.hook.url, self.body, headers, TIMEOUT_SECONDS)

    def attempt(self) -> float | None:
        one = self.send()
        self.tries.append(one)
        if one.status in (200, 204):
            self.outcome = "delivered"
            return None
        if len(self.tries) <= len(RETRY_DELAYS_SECONDS):
            return RETRY_DELAYS_SECONDS[len(self.tries) - 1]
        self.outcome, self.hook.notifying = "failed", False
        return None


class Webhooks:
    def __init__(self, retry_scale: float) -> None:
        self.lock = RLock()
        self._retry_scale = retry_scale
        self._hooks: dict[str, Hook] = {}

    def reset(self) -> None:
        with self.lock:
            for hook in self._hooks.values():
                hook.courier.stop()
            self._hooks.clear()

    def create(self, base: str, order: Any) -> dict[str, Any]:
        specification = order.get("specification") if isinstance(order, dict) else None
        url = order.get("notificationUrl") if isinstance(order, dict) else None
        if not isinstance(specification, dict) or not isinstance(url, str):
            raise malformed()
        hook = Hook(
            "ach" + "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(14)),
            base, url, specification, secrets.token_bytes(32), Courier(self._retry_scale), _now() + LIFE,
        )  # fmt: skip
        with self.lock:
            self._hooks[hook.id] = hook
        shown = {"id": hook.id, "macSecretBase64": base64.b64encode(hook.secret).decode()}
        return shown | {"expirationTime": _rfc3339(hook.expires)}

    def of(self, base: str) -> list[Hook]:
        with self.lock:
            return [one for one in self._hooks.values() if one.base == base and one.expires > _now()]

    def one(self, base: str, hook_id: str) -> Hook:
        for hook in self.of(base):
            if hook.id == hook_id:
                return hook
        raise not_found()

    def delete(self, base: str, hook_id: str) -> None:
        hook = self.one(base, hook_id)
        hook.courier.stop()
        with self.lock:
            del self._hooks[hook.id]

    def payloads(self, hook: Hook, cursor: int, limit: int) -> dict[str, Any]:
        """Reading them prolongs the webhook."""
        if cursor < 1 or not 0 < limit <= PAYLOADS_PER_PAGE:
            raise malformed()
        hook.expires = _now() + LIFE
        page = hook.payloads[cursor - 1 : cursor - 1 + limit]
        following = cursor + len(page)
        return {"payloads": page, "cursor": following, "mightHaveMore": following <= len(hook.payloads)}

    def changed(self, base: str, table_id: str, records: dict[str, dict[str, Any]]) -> None:
        """``records``: id -> cells by field id, of those that changed."""
        told_of = {
            table_id: {
                "changedRecordsById": {
                    record: {"current": {"cellValuesByFieldId": cells}} for record, cells in records.items()
                }
            }
        }
        for hook in self.of(base):
            if not hook.wants(table_id):
                continue
            number = len(hook.payloads) + 1
            payload = {"timestamp": _rfc3339(_now()), "baseTransactionNumber": number, "payloadFormat": "v0"}
            action = {"source": "publicApi", "sourceMetadata": {"user": {"id": "usrBacASable00000"}}}
            hook.payloads.append(payload | {"actionMetadata": action, "changedTablesById": told_of})
            if hook.notifying:
                self._ping(hook)

    def repeat(self, hook: Hook, times: int, *, corrupt: bool) -> list[int | None]:
        """The last ping again, all at once; the statuses it was answered with."""
        again = [Ping(hook, hook.pings[-1].body, corrupt) for _ in range(times)]
        with ThreadPoolExecutor(times) as pool:
            return [one.status for one in pool.map(Ping.send, again)]

    def told(self) -> list[dict[str, Any]]:
        with self.lock:
            hooks = list(self._hooks.values())
        return [
            hook.as_json()
            | {"pings": [{"status": one.outcome, "tries": tries_told(one.tries)} for one in hook.pings]}
            for hook in hooks
        ]

    def _ping(self, hook: Hook) -> None:
        body = {"base": {"id": hook.base}, "webhook": {"id": hook.id}, "timestamp": _rfc3339(_now())}
        ping = Ping(hook, json.dumps(body).encode())
        hook.pings.append(ping)
        hook.courier.add(ping)


def _now() -> datetime:
    return datetime.now(UTC)


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
