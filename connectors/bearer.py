"""An API behind an OAuth access token: asked for once, shared by all workers, replaced once when refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar, Unpack

from pydantic import BaseModel

from connectors import Services
from connectors.http import Api, ApiAnswer, System
from connectors.http_transport import Content
from domain.errors import ParapheError, Permanent, Retryable, Unknown

T = TypeVar("T")


class Denied(Permanent):
    """Raised by ``Grant.ask`` when it knows better than ``Grant.refused`` what a person must do."""


class Granted(BaseModel):
    """A token endpoint's answer (RFC 6749, 5.1); ``expires_in`` is in seconds."""

    access_token: str
    expires_in: float = 3600


@dataclass(frozen=True)
class Grant:
    """How a token is had: ``scope`` (see ``scope``) names it among the shared tokens, ``ask`` calls the token
    endpoint, ``refused`` tells what to do when the identity is refused."""

    scope: str
    ask: Callable[[], Granted]
    refused: Permanent


def scope(system: str, *identity: str, credential: str) -> str:
    """A name, always short, for the tokens of that identity with that credential. Another credential gets a
    token of its own: one that is wrong must not pass because an older token still lives."""
    return f"{system}:{hashlib.sha256(json.dumps([*identity, credential]).encode()).hexdigest()[:32]}"


class BearerApi:
    """Thread-safe. Raises as ``connectors.http.Api`` does."""

    def __init__(self, api: Api, system: System, grant: Grant, services: Services) -> None:
        self._api, self._system, self._grant, self._services = api, system, grant, services

    def request(
        self, method: str, path: str, *, expect: Collection[int] = (), **content: Unpack[Content]
    ) -> ApiAnswer:
        """As ``Api.request``. A 401 makes for a new token and one more try; a second one is answered as
        it came when it is expected."""
        headers = dict(content.get("headers", {}))
        for _ in range(2):
            token = self._token()
            content["headers"] = headers | {"Authorization": f"Bearer {token}"}
            answer = self._api.request(method, path, expect={*expect, 401}, **content)
            if answer.status != 401:
                return answer
            self._services.tokens.drop(self._grant.scope, token)
        if 401 in expect:
            return answer
        raise self._grant.refused

    def ask(self, shape: type[T], method: str, path: str, **content: Unpack[Content]) -> T:
        """``request``, and its answer as ``shape``; of another shape, it counts as lost."""
        return self.shaped(shape, method, self.request(method, path, **content))

    def shaped(self, shape: type[T], method: str, answer: ApiAnswer) -> T:
        """As ``Api.shaped``."""
        return self._api.shaped(shape, method, answer)

    def failure(self, method: str, answer: ApiAnswer) -> ParapheError:
        """As ``Api.failure``, with a refused identity told as the grant tells it."""
        return self._grant.refused if answer.status == 401 else self._api.failure(method, answer)

    def _token(self) -> str:
        now, scope = self._services.now(), self._grant.scope
        token = self._services.tokens.fresh(scope, now)
        if token is None:
            granted = self._asked()
            token = granted.access_token
            self._services.tokens.keep(scope, token, now + timedelta(seconds=granted.expires_in))
        return token

    def _asked(self) -> Granted:
        try:
            return self._grant.ask()
        except Unknown as lost:  # a token asked for twice harms nobody
            raise self._lost(lost.after) from None
        except Denied as better:
            raise Permanent(better.code, better.detail) from None
        except Retryable:
            raise
        except Permanent:
            raise self._grant.refused from None

    def _lost(self, after: float | None) -> Retryable:
        return Retryable(
            f"{self._system.name}_answer_lost",
            f"{self._system.label} n'a pas répondu complètement ; nouvel essai automatique.",
            after,
        )
