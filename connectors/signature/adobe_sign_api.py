"""Acrobat Sign's door: the token, the access point of the account, and entity tags.

An account lives on one access point ("shard"), asked of ``/baseUris`` once per process and again when a call
is told that it moved. Reading the same thing too often is punished unless its entity tag is sent along: the
latest answers are kept here, and given again on 304.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar, Unpack

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    model_validator,
)

from connectors import Services
from connectors.bearer import BearerApi, Grant, Granted, scope
from connectors.http import Api, ApiAnswer, Limits, System, error_code
from connectors.http_transport import Content
from domain.errors import ParapheError, Permanent

T = TypeVar("T")
_SYSTEM = System("adobe_sign", "Adobe Acrobat Sign", "PARAPHE_ADOBE_SIGN")
_PATH = "/api/rest/v6"
_MOVED = "INVALID_API_ACCESS_POINT"
#: the statuses under which Adobe may say that the account lives elsewhere
_REFUSALS = frozenset({400, 401, 403, 404})
_KEPT = 128
_USABLE = re.compile(r"[0-9A-Za-z_-]{20,200}")


def is_usable(token: SecretStr) -> bool:
    """Whether it can stand in an address as it is, and nobody guesses it."""
    return _USABLE.fullmatch(token.get_secret_value()) is not None


class AdobeSignConfig(BaseModel):
    """Either ``client_secret`` and ``refresh_token``, or ``integration_key``."""

    model_config = ConfigDict(hide_input_in_errors=True)

    client_id: str = Field(
        min_length=1, description="identifiant (Client ID) de l'application ; les rappels le portent"
    )
    client_secret: SecretStr | None = Field(
        default=None, description="secret (Client Secret) de l'application"
    )
    refresh_token: SecretStr | None = Field(
        default=None, description="jeton d'actualisation obtenu pour le cabinet"
    )
    integration_key: SecretStr | None = Field(
        default=None, description="clé d'intégration, au lieu du secret et du jeton"
    )
    url: str = "https://api.eu1.adobesign.com"
    timeout_seconds: float = Field(default=30, gt=0, description="attente la plus longue d'une réponse")
    webhook_secret: SecretStr | None = Field(
        default=None,
        description="jeton que porte l'adresse de rappel donnée à Adobe ; 20 lettres et chiffres au moins",
    )
    webhook_secret_previous: SecretStr | None = None
    webhook_client_ids: str = Field(
        default="",
        description="autres identifiants d'application acceptés dans les rappels, séparés par des virgules",
    )

    @model_validator(mode="after")
    def _has_a_credential(self) -> AdobeSignConfig:
        if not self.integration_key and not (self.client_secret and self.refresh_token):
            raise ValueError(
                "l'accès manque ; réglez PARAPHE_ADOBE_SIGN_CLIENT_SECRET et "
                "PARAPHE_ADOBE_SIGN_REFRESH_TOKEN, ou PARAPHE_ADOBE_SIGN_INTEGRATION_KEY"
            )
        return self

    @property
    def tokens(self) -> tuple[str, ...]:
        """What the callback address may bear, the current one first; one that can be guessed is none."""
        given = (self.webhook_secret, self.webhook_secret_previous)
        return tuple(one.get_secret_value() for one in given if one and is_usable(one))

    @property
    def token(self) -> str | None:
        """The one for new subscriptions."""
        return self.tokens[0] if self.webhook_secret and is_usable(self.webhook_secret) else None

    @property
    def clients(self) -> tuple[str, ...]:
        others = (one.strip() for one in self.webhook_client_ids.split(","))
        return (self.client_id, *(one for one in others if one))


class BaseUris(BaseModel):
    """Adobe's pages spell it both ways."""

    access_point: str = Field(
        pattern="^https?://", validation_alias=AliasChoices("apiAccessPoint", "api_access_point")
    )


@dataclass(frozen=True)
class Tagged:
    """A validated answer and its entity tag."""

    value: Any
    etag: str | None


class AdobeApi:
    """Thread-safe. Paths begin with ``/`` and follow ``/api/rest/v6``; raises as ``connectors.http.Api``."""

    def __init__(self, config: AdobeSignConfig, services: Services) -> None:
        self._config, self._services = config, services
        self._login = self._plain(config.url)
        self._lock = Lock()
        self._home: Api | BearerApi | None = None
        self._kept: OrderedDict[str, Tagged] = OrderedDict()

    def request(
        self, method: str, path: str, *, expect: Collection[int] = (), **content: Unpack[Content]
    ) -> ApiAnswer:
        for _ in range(2):
            home = self._at_home()
            answer = home.request(method, _PATH + path, expect={*expect, *_REFUSALS}, **content)
            if code_of(answer) != _MOVED:
                break
            with self._lock:
                self._home = None
        if answer.status in expect or 200 <= answer.status < 300:
            return answer
        raise self.failure(method, answer)

    def ask(self, shape: type[T], method: str, path: str, **content: Unpack[Content]) -> T:
        return self.shaped(shape, method, self.request(method, path, **content))

    def fetch(self, shape: type[T], path: str) -> tuple[T, str | None]:
        """A GET that sends the tag of what it last read there; the value and its tag."""
        with self._lock:
            known = self._kept.get(path)
        headers = {"If-None-Match": known.etag} if known and known.etag else {}
        answer = self.request("GET", path, expect=(304,) if headers else (), headers=headers)
        if answer.status == 304 and known:
            return known.value, known.etag
        found = Tagged(self.shaped(shape, "GET", answer), answer.headers.get("etag"))
        self._keep(path, found)
        return found.value, found.etag

    def failure(self, method: str, answer: ApiAnswer) -> ParapheError:
        """What to raise for an answer that was expected and then told nothing better."""
        return _particular(code_of(answer)) or self._at_home().failure(method, answer)

    def shaped(self, shape: type[T], method: str, answer: ApiAnswer) -> T:
        """The answer as ``shape``; of another shape, it counts as lost."""
        return self._login.shaped(shape, method, answer)

    def _keep(self, path: str, found: Tagged) -> None:
        with self._lock:
            self._kept.pop(path, None)
            if found.etag:
                self._kept[path] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)

    def _at_home(self) -> Api | BearerApi:
        with self._lock:
            home = self._home
        if home is None:
            first = self._authorised(self._config.url)
            home = self._authorised(first.ask(BaseUris, "GET", f"{_PATH}/baseUris").access_point)
            with self._lock:
                self._home = home
        return home

    def _plain(self, url: str, **headers: str) -> Api:
        return Api(
            url,
            _SYSTEM,
            headers=headers,
            now=self._services.now,
            limits=Limits.of(self._config.timeout_seconds),
        )

    def _authorised(self, url: str) -> Api | BearerApi:
        config = self._config
        if config.integration_key:
            return self._plain(
                url, Authorization=f"Bearer {config.integration_key.get_secret_value().strip()}"
            )
        return BearerApi(self._plain(url), _SYSTEM, self._grant(), self._services)

    def _grant(self) -> Grant:
        config = self._config
        assert config.client_secret and config.refresh_token, "checked with the settings"
        form = {
            "grant_type": "refresh_token",
            "client_id": config.client_id,
            "client_secret": config.client_secret.get_secret_value().strip(),
            "refresh_token": config.refresh_token.get_secret_value().strip(),
        }
        refused = Permanent(
            "adobe_sign_unauthorised",
            "Adobe Acrobat Sign refuse l'accès du hub : vérifiez PARAPHE_ADOBE_SIGN_CLIENT_ID et "
            "_CLIENT_SECRET, et obtenez un nouveau PARAPHE_ADOBE_SIGN_REFRESH_TOKEN (il meurt après 60 jours "
            "sans emploi).",
        )
        return Grant(
            scope("adobe_sign", config.client_id, credential=str(sorted(form.items()))),
            lambda: self._login.ask(Granted, "POST", "/oauth/v2/refresh", data=form),
            refused,
        )


def _particular(code: str) -> ParapheError | None:
    """The refusals that tell a person more than their status does."""
    if code.endswith("_LIMIT_EXCEEDED"):
        return Permanent(
            "adobe_sign_quota_exhausted",
            f"Un quota du contrat Adobe est épuisé (code {code}) : faites-le augmenter, puis relancez.",
        )
    if code.startswith("TRANSIENT_RESOURCE_"):
        return Permanent(
            "adobe_sign_document_refused",
            f"Adobe Acrobat Sign refuse ce document (code {code}) : vérifiez le modèle, puis relancez.",
        )
    return None


def code_of(answer: ApiAnswer) -> str:
    """Adobe's own code for a refusal, or nothing."""
    return "" if 200 <= answer.status < 300 else error_code(answer.body) or ""
