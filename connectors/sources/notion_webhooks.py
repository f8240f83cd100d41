"""Notion's calls: a "Send webhook" action with a secret in a header, or an integration's own webhook.

Both are set up by hand in Notion. The action (a button, a database automation) is known by a header that we
draw. The integration's webhook first sends a verification token, then signs with it: that first call carries
nothing to know it by, so the address given to Notion holds a word drawn from the same secret, which opens
nothing else. Sources: notion.so/help/webhook-actions, developers.notion.com "Webhooks". From third parties'
captures alone: the body of an action (``source.event_id``).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from connectors import QUERY
from connectors.sources import Heard, Subscription
from domain.signature import Verdict

HEADER = "X-Hub-Token"
_SIGNATURE = "x-notion-signature"
_WORD = "mot"
_LONGEST_TOKEN = 200
_REFUSED = Heard(Verdict.INVALID)


class CallsByHand:
    """The part of ``connectors.sources.Notifying`` that is Notion's: nothing of it can be done by API."""

    def subscribe(self, place: Any, column: str, url: str) -> Subscription:  # noqa: ARG002
        return Subscription(None, secrets.token_urlsafe(32))

    def refresh(self, place: Any, column: str, url: str, standing: Subscription) -> Subscription:  # noqa: ARG002
        return standing

    def unsubscribe(self, place: Any, standing: Subscription) -> None:
        """Only a person can take it out of Notion."""

    def advance(self, place: Any, standing: Subscription, cursor: int) -> int:  # noqa: ARG002
        return cursor

    def by_hand(self, url: str, standing: Subscription) -> tuple[str, ...]:
        return (
            "Au choix, dans Notion :",
            "1. Bouton ou automatisation de la base, action « Envoyer un webhook » :",
            f"   URL : {url}",
            f"   En-tête {HEADER} : {standing.secret}",
            "2. Ou intégration, onglet « Webhooks », événement page.properties_updated :",
            f"   URL : {url}?{_WORD}={_word(standing.secret)}",
            "   Notion y envoie un jeton ; « triggers list » le montre : recopiez-le dans Notion.",
        )

    def hear(self, headers: Mapping[str, str], raw: bytes, secret: str, confirmed: str | None) -> Heard:
        return hear(headers, raw, secret, confirmed)


def hear(headers: Mapping[str, str], raw: bytes, secret: str, confirmed: str | None) -> Heard:
    given = {name.lower(): value for name, value in headers.items()}
    if signature := given.get(_SIGNATURE):
        return _signed(signature, raw, confirmed)
    if token := given.get(HEADER.lower()):
        body = _object(raw)
        return _known(_event(body.get("source"), "event_id"), raw) if _same(secret, token) else _REFUSED
    return _handshake(parse_qs(given.get(QUERY, "")).get(_WORD, [""])[0], raw, secret, confirmed)


def _signed(signature: str, raw: bytes, confirmed: str | None) -> Heard:
    if not confirmed:
        return Heard(Verdict.NOT_CONFIGURED)
    wanted = "sha256=" + hmac.new(confirmed.encode(), raw, hashlib.sha256).hexdigest()
    return _known(_event(_object(raw), "id"), raw) if _same(wanted, signature) else _REFUSED


def _handshake(word: str, raw: bytes, secret: str, confirmed: str | None) -> Heard:
    """Once: whoever read the address later in a log could otherwise have us take a token of theirs."""
    token = _object(raw).get("verification_token")
    shaped = isinstance(token, str) and 0 < len(token) <= _LONGEST_TOKEN and token.isascii()
    if not (shaped and _same(_word(secret), word)) or confirmed not in (None, token):
        return _REFUSED
    return Heard(Verdict.VERIFIED, confirmation=token)


def _known(event: str | None, raw: bytes) -> Heard:
    return Heard(Verdict.VERIFIED, hashlib.sha256(event.encode() if event else raw).hexdigest())


def _event(told: Any, name: str) -> str | None:
    found = told.get(name) if isinstance(told, dict) else None
    return found if isinstance(found, str) and found else None


def _word(secret: str) -> str:
    return hmac.new(secret.encode(), b"handshake", hashlib.sha256).hexdigest()[:32]


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode("utf-8", "surrogateescape"))


def _object(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
