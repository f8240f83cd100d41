"""How DocuSign is reached: an access token by JWT grant, and the account's own address."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import TypeVar, Unpack
from urllib.parse import quote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import BaseModel, Field, SecretStr, field_validator

from connectors import Services
from connectors.bearer import BearerApi, Denied, Grant, Granted, scope
from connectors.http import Api, ApiAnswer, Limits, System, error_code
from connectors.http_transport import Content
from connectors.signature.docusign_answers import not_found
from domain.errors import ParapheError, Permanent

T = TypeVar("T")

_SYSTEM = System(
    "docusign",
    "DocuSign",
    "PARAPHE_DOCUSIGN",
    busy={  # they came in a 400 until 2026, and may still
        "HOURLY_APIINVOCATION_LIMIT_EXCEEDED": 600,
        "BURST_APIINVOCATION_LIMIT_EXCEEDED": 30,
        "Hourly_Envelope_Polling_Limit_Exceeded": 900,
        "HOURLY_ENVELOPE_POLLING_LIMIT_EXCEEDED": 900,
    },
)
_SCOPE = "signature impersonation"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_ASSERTION_SECONDS = 600


class DocusignConfig(BaseModel):
    """``oauth_url`` is ``https://account-d.docusign.com`` for a demonstration account. ``account_id`` and
    ``base_url`` are asked of DocuSign when not set. ``consent_url`` is an address of return that the
    integration allows. ``advanced_provider`` and ``qualified_provider`` name the account's own signature
    providers; the level is not sold without."""

    integration_key: str
    user_id: str
    private_key: SecretStr
    account_id: str | None = None
    oauth_url: str = "https://account.docusign.com"
    base_url: str | None = None
    consent_url: str = "https://www.docusign.com"
    connect_key: SecretStr | None = None
    connect_key_previous: SecretStr | None = None
    advanced_provider: str | None = None
    qualified_provider: str | None = None
    timeout_seconds: float = Field(default=60, gt=0, description="attente la plus longue d'une réponse")

    @field_validator("private_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr) -> SecretStr:
        """One line with ``\\n`` in it is taken too: some hosts have no other way to set a PEM."""
        pem = value.get_secret_value().replace("\\n", "\n").strip() + "\n"
        try:
            key = load_pem_private_key(pem.encode(), password=None)
        except (ValueError, TypeError):
            key = None
        if not isinstance(key, RSAPrivateKey):
            raise ValueError("ce n'est pas une clé privée RSA au format PEM, sans mot de passe ; recopiez-la")
        return SecretStr(pem)

    @field_validator("oauth_url", "base_url")
    @classmethod
    def _without_slash(cls, value: str | None) -> str | None:
        return value.rstrip("/") if value else value


class _Account(BaseModel):
    account_id: str
    base_uri: str
    is_default: bool = False


class _Person(BaseModel):
    accounts: list[_Account]


class Session:
    """The REST API of one account. Thread-safe; raises as ``connectors.bearer.BearerApi`` does."""

    def __init__(self, config: DocusignConfig, services: Services) -> None:
        self._config, self._services = config, services

    def request(
        self, method: str, path: str, *, expect: Collection[int] = (), **content: Unpack[Content]
    ) -> ApiAnswer:
        """``path`` is relative to the account. An envelope that is not known comes as a 400 too."""
        api, account = self._account
        answer = api.request(method, account + path, expect={*expect, 400}, **content)
        if answer.status == 400 and error_code(answer.body) == "ENVELOPE_DOES_NOT_EXIST":
            raise not_found()
        if answer.status == 400 and 400 not in expect:
            raise api.failure(method, answer)
        return answer

    def ask(self, shape: type[T], method: str, path: str, **content: Unpack[Content]) -> T:
        return self.shaped(shape, method, self.request(method, path, **content))

    def shaped(self, shape: type[T], method: str, answer: ApiAnswer) -> T:
        """An answer that ``request`` brought, as ``shape``; of another shape, it counts as lost."""
        return self._account[0].shaped(shape, method, answer)

    def failure(self, method: str, answer: ApiAnswer) -> ParapheError:
        return self._account[0].failure(method, answer)

    @cached_property
    def _account(self) -> tuple[BearerApi, str]:
        """Where the account lives: DocuSign tells it, and it stays for the life of this process."""
        config = self._config
        account, base = config.account_id, config.base_url
        if account is None or base is None:
            found = self._found()
            account, base = found.account_id, base or f"{found.base_uri.rstrip('/')}/restapi"
        return self._bearer(base), f"/v2.1/accounts/{quote(account, safe='')}"

    def _found(self) -> _Account:
        person = self._bearer(self._config.oauth_url).ask(_Person, "GET", "/oauth/userinfo")
        wanted = self._config.account_id
        for one in person.accounts:
            if one.account_id == wanted or (wanted is None and one.is_default):
                return one
        raise Permanent(
            "docusign_account_unknown",
            "DocuSign ne donne pas ce compte à l'utilisateur choisi : vérifiez PARAPHE_DOCUSIGN_ACCOUNT_ID "
            "et PARAPHE_DOCUSIGN_USER_ID.",
        )

    def _bearer(self, url: str) -> BearerApi:
        return BearerApi(self._api(url), _SYSTEM, self._grant, self._services)

    def _api(self, url: str) -> Api:
        return Api(
            url, _SYSTEM, headers={}, now=self._services.now, limits=Limits.of(self._config.timeout_seconds)
        )

    @cached_property
    def _grant(self) -> Grant:
        config = self._config
        host, key = urlsplit(config.oauth_url).netloc, config.private_key.get_secret_value()
        named = scope("docusign", host, config.integration_key, config.user_id, credential=key)
        refused = Permanent(
            "docusign_unauthorised",
            "DocuSign refuse l'identité du hub : vérifiez PARAPHE_DOCUSIGN_INTEGRATION_KEY, "
            "PARAPHE_DOCUSIGN_USER_ID et PARAPHE_DOCUSIGN_PRIVATE_KEY, et que PARAPHE_DOCUSIGN_OAUTH_URL est "
            "celle de leur environnement.",
        )
        return Grant(named, self._granted, refused)

    def _granted(self) -> Granted:
        form = {"grant_type": _GRANT, "assertion": self._assertion()}
        api = self._api(self._config.oauth_url)
        answer = api.request("POST", "/oauth/token", data=form, expect=(400,))
        if answer.status == 400:
            raise self._consent() if error_code(answer.body) == "consent_required" else self._grant.refused
        return api.shaped(Granted, "POST", answer)

    def _assertion(self) -> str:
        config, now = self._config, int(self._services.now().timestamp())
        claims = {
            "iss": config.integration_key,
            "sub": config.user_id,
            "aud": urlsplit(config.oauth_url).netloc,
            "iat": now,
            "exp": now + _ASSERTION_SECONDS,
            "scope": _SCOPE,
        }
        return jwt.encode(claims, config.private_key.get_secret_value(), algorithm="RS256")

    def _consent(self) -> Denied:
        config = self._config
        asked = {
            "response_type": "code",
            "scope": _SCOPE,
            "client_id": config.integration_key,
            "redirect_uri": config.consent_url,
        }
        page = f"{config.oauth_url}/oauth/auth?{urlencode(asked, quote_via=quote)}"
        return Denied(
            "docusign_consent_required",
            "DocuSign attend l'accord de l'utilisateur choisi : qu'il ouvre une fois cette page, connecté à "
            f"son compte, et accepte : {page}",
        )
