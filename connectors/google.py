"""Google's APIs as a service account, through Google's own client: what its services here have in common.

The discovery document packaged with the client is used with its ``rootUrl`` rewritten (the client's
``api_endpoint`` option leaves uploads behind). httplib2 sends a request again, POST included, when the
server closes without answering. Sources: google-auth, google-api-python-client and httplib2; guide
``handle-errors`` of developers.google.com/workspace/drive/api.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Self

import httplib2
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.oauth2.service_account import Credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.errors import Error as GoogleClientError
from googleapiclient.errors import HttpError
from googleapiclient.http import build_http
from pydantic import SecretStr

from domain.errors import ParapheError, Permanent, Retryable

TIMEOUT_SECONDS = 30

_THROTTLED = {"userRateLimitExceeded", "rateLimitExceeded"}
_LOST = (
    GoogleAuthError,
    GoogleClientError,
    httplib2.HttpLib2Error,
    http.client.HTTPException,
    OSError,
    UnicodeDecodeError,  # the client decodes an answer before it looks at it
)


def credentials(key: SecretStr, scope: str) -> Credentials:
    """Of a service account, from the text of its key file. Raises ValueError, KeyError, TypeError or
    AttributeError for what is no key."""
    info = json.loads(key.get_secret_value())
    return Credentials.from_service_account_info(info, scopes=[scope])  # type: ignore[no-untyped-call, no-any-return] # google-auth is not typed


def checked_key(text: SecretStr) -> SecretStr:
    """For a setting: raises ValueError, which says nothing of the value, when it is no key."""
    try:
        credentials(text, "")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ValueError("ce n'est pas la clé JSON d'un compte de service Google") from None
    return text


@dataclass(frozen=True)
class GoogleErrors:
    """A service's failures in the words of one connector. ``name`` begins every code, ``setting`` is what
    its settings' names begin with, ``label`` is for people."""

    name: str
    setting: str
    label: ClassVar[str] = "Google"

    def refusal(self, answer: HttpError) -> ParapheError:
        status, reason = answer.status_code, _reason(answer)
        if status == 429 or reason in _THROTTLED:
            return self.busy(_seconds(answer.resp.get("retry-after")))
        if status == 401:
            return self.credentials_refused()
        return self.unreachable() if status == 408 or status >= 500 else self.refused_for(status, reason)

    def refused_for(self, status: int, reason: str) -> ParapheError:  # noqa: ARG002 # for those who know more
        """Any other status; ``reason`` is Google's own word, or ``""``."""
        return Permanent(
            f"{self.name}_refused",
            f"{self.label} a refusé la demande (statut {status}) : vérifiez les réglages {self.setting}_*.",
        )

    def busy(self, after: float | None = None) -> Retryable:
        return Retryable(
            f"{self.name}_busy",
            f"{self.label} limite le nombre d'appels : nouvel essai automatique.",
            after,
        )

    def unreachable(self) -> Retryable:
        return Retryable(
            f"{self.name}_unreachable",
            f"{self.label} ne répond pas comme il faut : nouvel essai automatique.",
        )

    def credentials_refused(self) -> Permanent:
        return Permanent(
            f"{self.name}_unauthorised",
            "Google refuse la clé du compte de service : créez-en une nouvelle et mettez-la dans "
            f"{self.setting}_SERVICE_ACCOUNT_JSON.",
        )


class GoogleSession:
    """A client for one call of ours: httplib2 is not for several threads."""

    def __init__(
        self,
        api: tuple[str, str],
        api_root: str,
        credentials: Credentials,
        errors: GoogleErrors,
        timeout_seconds: float = TIMEOUT_SECONDS,
        methods: tuple[str, ...] = (),
    ) -> None:
        """``api`` is name and version, as in ``("drive", "v3")``; ``methods`` are the ids of those that are
        called, where the API is too large to be built whole at every call."""
        self._errors = errors
        transport = build_http()  # takes 308 out of the redirects: it means "go on" in an upload
        transport.timeout = timeout_seconds
        self._http = AuthorizedHttp(credentials, http=transport)
        self._service = build_from_document(_discovery(*api, api_root, methods), http=self._http)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def _run(self, execute: Callable[[], Any], answers: Mapping[int, Any] | None = None) -> Any:
        """Run a call; ``answers`` gives the value that stands for a status that is no failure here."""
        errors = self._errors
        try:
            return execute()
        except HttpError as answer:
            if answer.status_code in (answers or {}):
                return (answers or {})[answer.status_code]
            raise errors.refusal(answer) from None  # Google's message may repeat a name
        except RefreshError as refused:
            raise (errors.unreachable() if refused.retryable else errors.credentials_refused()) from None
        except _LOST:
            raise errors.unreachable() from None


@cache
def _discovery(name: str, version: str, api_root: str, methods: tuple[str, ...]) -> str:
    document = json.loads(get_static_doc(name, version))
    document["rootUrl"] = api_root.rstrip("/") + "/"
    document.pop("mtlsRootUrl", None)
    if methods:
        # the client only writes its own documentation from them, for longer than the call lasts
        used = [name for one in _kept(document, methods) for name in _schemas(one)]
        document["schemas"] = {name: {"id": name, "type": "object"} for name in used}
    return json.dumps(document)


def _kept(resource: dict[str, Any], methods: tuple[str, ...]) -> list[Any]:
    """Leave these methods alone in a resource; which they are."""
    kept = {name: one for name, one in resource.get("methods", {}).items() if one["id"] in methods}
    resource["methods"] = kept
    inner = [one for part in resource.get("resources", {}).values() for one in _kept(part, methods)]
    return [*kept.values(), *inner]


def _schemas(method: Mapping[str, Any]) -> list[str]:
    return [method[part]["$ref"] for part in ("request", "response") if part in method]


def _reason(answer: HttpError) -> str:
    """Of either list of details that Google's services give, ``errors`` or ``google.rpc.ErrorInfo``; else
    the status that the newer ones name."""
    details = answer.error_details
    reasons = (
        [one.get("reason") for one in details if isinstance(one, dict)] if isinstance(details, list) else []
    )
    return str(next(filter(None, reasons), "")) or _status(answer)


def _status(answer: HttpError) -> str:
    try:
        told = json.loads(answer.content)["error"]["status"]
    except (ValueError, KeyError, TypeError):
        return ""
    return told if isinstance(told, str) else ""


def _seconds(header: str | None) -> float | None:
    return float(header) if header is not None and header.isascii() and header.isdigit() else None
