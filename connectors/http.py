"""The one door to outside APIs.

``Api`` promises that a call ends within its total time, that an answer stays under a size, that
redirects are never followed, and that every failure is an error of ``domain.errors`` that holds no
URL, no body and nobody's data. Connectors own their retries no more than this: they raise, the worker
decides. URLs that strangers give go through ``connectors/outbound_guard.py`` instead.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TypeVar, Unpack

from pydantic import TypeAdapter, ValidationError

from connectors.http_transport import (
    AnswerLostError,
    ApiAnswer,
    Content,
    Limits,
    NotSentError,
    Transport,
    UnsendableError,
)
from domain.errors import NotFound, ParapheError, Permanent, Retryable, Unknown

__all__ = ["Api", "ApiAnswer", "Limits", "System", "error_code", "retry_after"]

_log = logging.getLogger("paraphe.http")
T = TypeVar("T")
_SAFE_CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}")


@dataclass(frozen=True)
class System:
    """``name`` begins every error code (``yousign_unreachable``), ``label`` is for people, ``setting``
    is what its settings' names begin with (``PARAPHE_YOUSIGN``). ``busy`` are the system's own error codes
    that mean "wait" whatever the status, and for how many seconds when it does not say."""

    name: str
    label: str
    setting: str
    busy: Mapping[str, float] = field(default_factory=dict)


def retry_after(headers: Mapping[str, str], now: datetime, longest: float = 3600) -> float | None:
    """Seconds asked for by Retry-After (a number or an HTTP date, RFC 9110, 10.2.3), kept between 1
    and ``longest``; None when there is none or it cannot be read."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        seconds = float(value[:9])
    else:
        try:
            moment = parsedate_to_datetime(value)
            seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
        except (ValueError, OverflowError):
            return None
    return min(max(seconds, 1.0), longest)


class Api:
    """One outside API; thread-safe. ``headers`` go with every call (the credentials)."""

    def __init__(
        self,
        base_url: str,
        system: System,
        *,
        headers: Mapping[str, str],
        now: Callable[[], datetime],
        limits: Limits | None = None,
    ) -> None:
        self._base_url, self._system, self._headers, self._now = base_url.rstrip("/"), system, headers, now
        self._limits = limits or Limits()

    @cached_property
    def _transport(self) -> Transport:
        # built at the first call: the web process makes connectors only to verify callbacks
        return Transport(self._limits, self._headers)

    def request(
        self, method: str, path: str, *, expect: Collection[int] = (), **content: Unpack[Content]
    ) -> ApiAnswer:
        """The answer when it is 2xx or one of ``expect``. ``path`` begins with ``/`` and its variable
        parts are already quoted.

        Raises Retryable (did not leave, or busy), Unknown (``method`` may have acted, the answer is
        lost), NotFound (404), Permanent (any other refusal).
        """
        started, status, code = time.monotonic(), None, None
        try:
            answer = self._exchange(method, path, content)
            status = answer.status
            if 200 <= status < 300 or (status in expect and not self._is_busy(answer)):
                return answer
            raise self.failure(method, answer)
        except ParapheError as error:
            code = error.code
            raise
        finally:
            facts = {"provider": self._system.name, "method": method, "status": status, "code": code}
            spent = round((time.monotonic() - started) * 1000)
            _log.info("provider_call", extra={**facts, "duration_ms": spent})

    def ask(
        self,
        shape: type[T],
        method: str,
        path: str,
        *,
        expect: Collection[int] = (),
        **content: Unpack[Content],
    ) -> T:
        """``request``, and its answer as ``shape`` (anything pydantic reads from JSON)."""
        return self.shaped(shape, method, self.request(method, path, expect=expect, **content))

    def shaped(self, shape: type[T], method: str, answer: ApiAnswer) -> T:
        """An answer that does not have the shape counts as lost: what it should have said is not known."""
        try:
            return TypeAdapter(shape).validate_json(answer.body)
        except ValidationError:
            raise self.lost(method) from None

    def _exchange(self, method: str, path: str, content: Content) -> ApiAnswer:
        try:
            return self._transport.exchange(method, self._base_url + path, **content)
        except UnsendableError:
            raise self._permanent(
                "misconfigured",
                "ne peut pas être appelé : vérifiez l'adresse et la clé "
                f"(réglages {self._system.setting}_...).",
            ) from None
        except NotSentError:
            raise self._retryable(
                "unreachable", "est injoignable ; un nouvel essai aura lieu automatiquement."
            ) from None
        except AnswerLostError:
            raise self.lost(method) from None

    def _is_busy(self, answer: ApiAnswer) -> bool:
        return bool(self._system.busy) and error_code(answer.body) in self._system.busy

    def failure(self, method: str, answer: ApiAnswer) -> ParapheError:
        """The one place where a status becomes an error; for those who expected it and want it no more."""
        status, setting = answer.status, self._system.setting
        after = retry_after(answer.headers, self._now()) or _wait_in(answer.body)
        if self._is_busy(answer):
            after = after or self._system.busy[error_code(answer.body) or ""]
        if status in (408, 425, 429, 503) or self._is_busy(answer):
            wait = "demande de patienter ; un nouvel essai aura lieu automatiquement."
            return self._retryable("busy", wait, after)
        if status >= 500:  # a gateway that gave up does not know what happened behind it
            return self.lost(method, after)
        if status == 404:
            unknown = f"{self._system.label} ne connaît pas (ou plus) cet élément."
            return NotFound(f"{self._system.name}_not_found", unknown)
        moved = ("redirected", f"renvoie vers une autre adresse : vérifiez le réglage {setting}_URL.")
        particular = {
            401: ("unauthorised", f"refuse la clé d'accès : vérifiez les réglages {setting}_..."),
            403: (
                "forbidden",
                "interdit cette opération à la clé utilisée : vérifiez ses droits et les options du contrat "
                f"(réglages {setting}_...).",
            ),
        }
        code = error_code(answer.body)
        words = f"a refusé la demande (réponse {status}{f', code {code}' if code else ''})."
        return self._permanent(*(moved if status < 400 else particular.get(status, ("refused", words))))

    def lost(self, method: str, after: float | None = None) -> Retryable:
        if method in ("GET", "HEAD"):
            again = "n'a pas répondu complètement ; la lecture sera refaite automatiquement."
            return self._retryable("answer_lost", again, after)
        return Unknown(
            f"{self._system.name}_outcome_unknown",
            f"{self._system.label} n'a pas répondu complètement ; le hub vérifiera ce qui a été fait avant "
            "de recommencer.",
            after,
        )

    def _retryable(self, code: str, words: str, after: float | None = None) -> Retryable:
        return Retryable(f"{self._system.name}_{code}", f"{self._system.label} {words}", after)

    def _permanent(self, code: str, words: str) -> Permanent:
        return Permanent(f"{self._system.name}_{code}", f"{self._system.label} {words}")


def _wait_in(body: bytes, longest: float = 3600) -> float | None:
    """Seconds asked for by ``retryAfter`` in a JSON body, where some say it instead of in a header."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    seconds = content.get("retryAfter") if isinstance(content, dict) else None
    if not isinstance(seconds, int | float) or not seconds > 0:  # true of NaN as well
        return None
    return min(max(float(seconds), 1.0), longest)


def error_code(body: bytes) -> str | None:
    """The system's own short error code, None when there is no safe one."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if isinstance(content, dict):
        for name in ("code", "errorCode", "error", "type"):
            value = content.get(name)
            if isinstance(value, str) and _SAFE_CODE.fullmatch(value):
                return value
    return None
