"""Microsoft Graph as an application (no user): calls that carry its token, and files at addresses that
must not be shown it.

Sources: learn.microsoft.com, "Microsoft Graph throttling guidance", "Get driveItem content".
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Self, Unpack
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from connectors import Services
from connectors.bearer import BearerApi, Grant, scope
from connectors.http import Api, ApiAnswer, Limits, System
from connectors.http_transport import Content
from connectors.microsoft_identity import Identity, asking, certificate, checked_certificate, refused
from domain.errors import Retryable

#: how Microsoft asks applications to name themselves: those that do are throttled last
USER_AGENT = "NONISV|Paraphe|hub/1.0"
CONFLICT = "@microsoft.graph.conflictBehavior"
#: how Graph says where a file may be read without a token
MOVED = (301, 302, 303, 307, 308)


class GraphConfig(BaseModel):
    """The settings of every connector that goes through Graph. A certificate is safer than a secret: the
    key never travels."""

    model_config = ConfigDict(hide_input_in_errors=True)

    tenant: str = Field(description="identifiant de l'annuaire Microsoft Entra (GUID ou domaine)")
    client_id: str = Field(description="identifiant de l'application inscrite dans Entra")
    certificate: SecretStr | None = Field(
        None, description="clé privée et certificat de cette application, l'un après l'autre, en PEM"
    )
    client_secret: SecretStr | None = Field(
        None, description="secret de cette application, à défaut de certificat"
    )
    login_url: str = "https://login.microsoftonline.com"
    graph_url: str = "https://graph.microsoft.com/v1.0"
    timeout_seconds: float = Field(60, gt=0)

    _is_a_certificate = field_validator("certificate")(checked_certificate)

    @model_validator(mode="after")
    def _has_a_credential(self) -> Self:
        if self.certificate is None and self.client_secret is None:
            raise ValueError(
                "il faut le certificat de l'application (…_CERTIFICATE) ou son secret (…_CLIENT_SECRET)"
            )
        return self

    def identity(self) -> Identity:
        """By the certificate when there is one."""
        if self.certificate is not None:
            signing, _ = certificate(self.certificate.get_secret_value())
            return Identity(self.tenant, self.client_id, signing)
        assert self.client_secret is not None
        return Identity(self.tenant, self.client_id, self.client_secret.get_secret_value())

    def certificate_end(self) -> datetime | None:
        """When the certificate stops being good; None without one."""
        if self.certificate is None:
            return None
        return certificate(self.certificate.get_secret_value())[1].not_valid_after_utc


def graph(config: GraphConfig, system: System, services: Services) -> BearerApi:
    limits, now, identity = _limits(config), services.now, config.identity()
    login = Api(config.login_url, system, headers={}, now=now, limits=limits)
    grant = Grant(
        scope(system.name, identity.tenant, identity.client_id, credential=str(identity.credential)),
        asking(identity, config.login_url, login, system),
        refused(system),
    )
    api = Api(config.graph_url, system, headers={"User-Agent": USER_AGENT}, now=now, limits=limits)
    return BearerApi(api, system, grant, services)


class OpenFiles:
    """Files at addresses that Graph gives: each address is a permission by itself, lives for an hour or so,
    and is called without our token. Thread-safe; raises as ``Api`` does."""

    def __init__(
        self, config: GraphConfig, system: System, services: Services, limits: Limits | None = None
    ) -> None:
        limits = limits or _limits(config)
        headers = {"User-Agent": USER_AGENT}
        self._api = Api("", system, headers=headers, now=services.now, limits=limits)
        self._schemes = {"https", urlsplit(config.graph_url).scheme}
        self._system = system

    def request(
        self, method: str, address: str, *, expect: Collection[int] = (), **content: Unpack[Content]
    ) -> ApiAnswer:
        """Raises Retryable for an address that is not as safe as Graph's own."""
        if urlsplit(address).scheme not in self._schemes:
            raise Retryable(
                f"{self._system.name}_answer_lost",
                f"{self._system.label} n'a pas répondu complètement ; nouvel essai automatique.",
            )
        return self._api.request(method, address, expect=expect, **content)


def segment(name: str) -> str:
    """One part of a path, quoted: a raw ``#`` would silently cut the address."""
    return quote(name, safe="")


def _limits(config: GraphConfig) -> Limits:
    return Limits(read_seconds=config.timeout_seconds, total_seconds=config.timeout_seconds)
