"""Microsoft Graph as an application (no user): its token, and calls that carry it.

The token is asked with the application's secret (client credentials), kept until five minutes before
its end, and asked again once when Graph refuses it.
Sources: learn.microsoft.com, "OAuth 2.0 client credentials flow", "Microsoft Graph throttling guidance".
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import TypeVar, Unpack
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, SecretStr, TypeAdapter, ValidationError

from connectors.http import Api, ApiAnswer, Limits, System
from connectors.http_transport import Content
from domain.errors import Permanent, Retryable, Unknown

T = TypeVar("T")
SCOPE = "https://graph.microsoft.com/.default"
EARLY = timedelta(minutes=5)
#: how Microsoft asks applications to name themselves: those that do are throttled last
USER_AGENT = "NONISV|Paraphe|hub/1.0"


class GraphConfig(BaseModel):
    """The settings of every connector that goes through Graph."""

    model_config = ConfigDict(hide_input_in_errors=True)

    tenant: str = Field(description="identifiant de l'annuaire Microsoft Entra (GUID ou domaine)")
    client_id: str = Field(description="identifiant de l'application inscrite dans Entra")
    client_secret: SecretStr = Field(description="secret de cette application")
    login_url: str = "https://login.microsoftonline.com"
    graph_url: str = "https://graph.microsoft.com/v1.0"
    timeout_seconds: float = Field(60, gt=0)


class _Token(BaseModel):
    access_token: str
    expires_in: float


class Graph:
    """Thread-safe. Raises as ``connectors.http.Api`` does."""

    def __init__(self, config: GraphConfig, system: System, now: Callable[[], datetime]) -> None:
        self._config, self._system, self._now = config, system, now
        seconds = config.timeout_seconds
        limits = Limits(read_seconds=seconds, total_seconds=seconds)
        self._login = Api(config.login_url, system, headers={}, now=now, limits=limits)
        self._graph = Api(
            config.graph_url, system, headers={"User-Agent": USER_AGENT}, now=now, limits=limits
        )
        self._lock = threading.Lock()
        self._held: tuple[str, datetime] | None = None

    def request(
        self, method: str, path: str, *, expect: Collection[int] = (), **content: Unpack[Content]
    ) -> ApiAnswer:
        """As ``Api.request``. A 401 makes for a new token and one more try; a second one is answered as
        it came when it is expected."""
        headers = dict(content.get("headers", {}))
        for _ in range(2):
            token = self._token()
            content["headers"] = headers | {"Authorization": f"Bearer {token}"}
            answer = self._graph.request(method, path, expect={*expect, 401}, **content)
            if answer.status != 401:
                return answer
            self._forget(token)
        if 401 in expect:
            return answer
        raise self._unauthorised()

    def ask(self, shape: type[T], method: str, path: str, **content: Unpack[Content]) -> T:
        """``request``, and its answer as ``shape``, read as ``Api.ask`` reads it."""
        answer = self.request(method, path, **content)
        try:
            return TypeAdapter(shape).validate_json(answer.body)
        except ValidationError:
            raise self._answer_lost() from None

    def _token(self) -> str:
        with self._lock:
            if self._held is None or self._held[1] <= self._now():
                fresh = self._asked()
                self._held = fresh.access_token, self._now() + timedelta(seconds=fresh.expires_in) - EARLY
            return self._held[0]

    def _forget(self, token: str) -> None:
        with self._lock:
            if self._held is not None and self._held[0] == token:
                self._held = None

    def _asked(self) -> _Token:
        config = self._config
        form = {
            "client_id": config.client_id,
            "client_secret": config.client_secret.get_secret_value(),
            "grant_type": "client_credentials",
            "scope": SCOPE,
        }
        path = f"/{quote(config.tenant, safe='')}/oauth2/v2.0/token"
        try:
            return self._login.ask(_Token, "POST", path, data=form)
        except Unknown as lost:  # a token asked for twice harms nobody
            raise self._answer_lost(lost.after) from None
        except Retryable:
            raise
        except Permanent:
            raise self._unauthorised() from None

    def _answer_lost(self, after: float | None = None) -> Retryable:
        return Retryable(
            f"{self._system.name}_answer_lost",
            f"{self._system.label} n'a pas répondu complètement ; nouvel essai automatique.",
            after,
        )

    def _unauthorised(self) -> Permanent:
        setting = self._system.setting
        return Permanent(
            f"{self._system.name}_unauthorised",
            f"Microsoft refuse l'identité du hub : vérifiez {setting}_TENANT, {setting}_CLIENT_ID et "
            f"{setting}_CLIENT_SECRET (un secret d'application expire).",
        )


def segment(name: str) -> str:
    """One part of a path, quoted: a raw ``#`` would silently cut the address."""
    return quote(name, safe="")
