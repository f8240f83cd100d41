"""Microsoft Entra: an application's access token (client credentials), through Microsoft's library msal.

msal wants an https authority, asks it for its token endpoint and keeps tokens and refusals in memory. Here
its calls go through our one door, the token endpoint is the documented one, told without a call, and each
request for a token has an msal of its own: what is granted is kept for all workers in
``connectors/bearer.py``. Sources: learn.microsoft.com/entra/identity-platform, "OAuth 2.0 client credentials
flow", "Certificate credentials", "Authentication and authorization error codes"; msal 1.39.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlsplit

import msal
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from pydantic import SecretStr

from connectors.bearer import Denied, Granted
from connectors.http import Api, System
from domain.errors import NotFound, Permanent, Retryable

SCOPE: Final = "https://graph.microsoft.com/.default"
_REFUSALS = (400, 401)

#: what Entra's own numbers ask a person to do; Microsoft may change them, so the others are told by number
_ADVICE: Mapping[int, str] = {
    7000222: "Le secret de l'application Microsoft a expiré : créez-en un nouveau dans Entra (Certificats et "
    "secrets) et mettez sa valeur dans {setting}_CLIENT_SECRET.",
    7000215: "Microsoft refuse le secret de l'application : mettez dans {setting}_CLIENT_SECRET la valeur du "
    "secret, et non son identifiant.",
    700027: "Microsoft ne reconnaît pas le certificat de l'application : déposez dans Entra celui de "
    "{setting}_CERTIFICATE, et vérifiez qu'il n'a pas expiré.",
    700016: "Microsoft ne connaît pas l'application dans cet annuaire : vérifiez {setting}_CLIENT_ID et "
    "{setting}_TENANT.",
    7000112: "L'application Microsoft est désactivée : réactivez-la dans Entra (Applications d'entreprise), "
    "ou changez {setting}_CLIENT_ID.",
    90002: "Microsoft ne connaît pas l'annuaire : vérifiez {setting}_TENANT (identifiant ou domaine).",
}


@dataclass(frozen=True)
class Identity:
    """Of an application in a directory; ``credential`` is a secret, or what ``certificate`` gives."""

    tenant: str
    client_id: str
    credential: str | Mapping[str, str]


def certificate(pem: str) -> tuple[Mapping[str, str], x509.Certificate]:
    """A private key and its certificate, in one text: what msal signs with (PS256, SHA-256 thumbprint),
    and the certificate. Raises ValueError for anything else, without quoting it."""
    text = pem.replace("\\n", "\n").encode()  # some hosts have no other way to set several lines
    try:
        key, public = load_pem_private_key(text, password=None), x509.load_pem_x509_certificate(text)
    except (ValueError, TypeError):
        raise ValueError(
            "attendu : la clé privée sans mot de passe et le certificat, l'un après l'autre, au format PEM"
        ) from None
    if not isinstance(key, RSAPrivateKey) or key.public_key() != public.public_key():
        raise ValueError("la clé privée (RSA) n'est pas celle du certificat ; recopiez les deux")
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return {
        "private_key": private,
        "public_certificate": public.public_bytes(Encoding.PEM).decode(),
    }, public


def checked_certificate(pem: SecretStr | None) -> SecretStr | None:
    """For a setting; raises as ``certificate`` does."""
    if pem is not None:
        certificate(pem.get_secret_value())
    return pem


def refused(system: System) -> Permanent:
    """When Entra says no more than that."""
    setting = system.setting
    return Permanent(
        f"{system.name}_unauthorised",
        f"Microsoft refuse l'identité du hub : vérifiez {setting}_TENANT, {setting}_CLIENT_ID et "
        f"{setting}_CLIENT_SECRET ou {setting}_CERTIFICATE (ils expirent).",
    )


def asking(identity: Identity, login_url: str, login: Api, system: System) -> Callable[[], Granted]:
    """What ``connectors.bearer.Grant`` asks with. ``login`` stands at ``login_url``."""
    root = "https://" + login_url.rstrip("/").partition("://")[2]  # msal takes no other scheme
    authority = f"{root}/{quote(identity.tenant, safe='')}"

    def ask() -> Granted:
        try:
            application = msal.ConfidentialClientApplication(
                identity.client_id,
                client_credential=identity.credential,
                authority=authority,
                http_client=_Door(login, root, authority),
                instance_discovery=False,
                azure_region=False,  # and not the one that the environment may force
            )
            answer = application.acquire_token_for_client([SCOPE])
        except (ValueError, NotFound):  # an authority that is none, or a host that is not Entra
            raise Denied(
                f"{system.name}_misconfigured",
                f"L'annuaire Microsoft ne peut pas être appelé : vérifiez {system.setting}_TENANT et "
                f"{system.setting}_LOGIN_URL.",
            ) from None
        if "access_token" in answer:
            return Granted.model_validate(answer)
        raise _denial(answer, system)

    return ask


def _denial(answer: Mapping[str, Any], system: System) -> Retryable | Denied:
    if answer.get("error") == "temporarily_unavailable":
        return Retryable(
            f"{system.name}_busy",
            f"{system.label} demande de patienter ; un nouvel essai aura lieu automatiquement.",
        )
    numbers = [number for number in answer.get("error_codes") or () if isinstance(number, int)]
    code, words = f"{system.name}_unauthorised", refused(system).detail
    for number in numbers:
        if number in _ADVICE:
            return Denied(code, _ADVICE[number].format(setting=system.setting))
    told = f" Microsoft précise : AADSTS{numbers[0]}." if numbers else ""
    return Denied(code, words + told)


@dataclass(frozen=True)
class _Answer:
    """An answer as msal reads it."""

    status_code: int
    text: str
    headers: Mapping[str, str]


class _Door:
    """msal's HTTP client. It posts to the authority's own address alone, through ``Api``."""

    def __init__(self, login: Api, root: str, authority: str) -> None:
        self._login, self._root, self._authority = login, root, authority

    def get(self, url: str, **_: Any) -> _Answer:
        """Where the endpoints are, which is all that msal gets: they are where Microsoft documents them."""
        assert urlsplit(url).path.endswith("/.well-known/openid-configuration")
        endpoints = f"{self._authority}/oauth2/v2.0"
        told = {"authorization_endpoint": f"{endpoints}/authorize", "token_endpoint": f"{endpoints}/token"}
        return _Answer(200, json.dumps(told), {})

    def post(
        self,
        url: str,
        params: object = None,  # noqa: ARG002 # msal's signature; it sends none
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        **_: Any,
    ) -> _Answer:
        """Raises as ``Api`` does: msal lets the hub's errors through."""
        answer = self._login.request(
            "POST",
            url.removeprefix(self._root),
            data={name: _text(value) for name, value in (data or {}).items()},
            headers={name: _text(value) for name, value in (headers or {}).items()},
            expect=_REFUSALS,
        )
        self._login.shaped(dict[str, Any], "POST", answer)  # msal would log a text that is no JSON
        return _Answer(answer.status, answer.body.decode(), answer.headers)

    def close(self) -> None:
        """Nothing of msal's own is open."""


def _text(value: object) -> str:
    """msal gives an assertion as bytes, and a flag as a number."""
    return value.decode() if isinstance(value, bytes) else str(value)
