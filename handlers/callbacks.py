"""Providers' callbacks: verify the raw bytes, keep, acknowledge. Acting is the workers' part.

2xx only once the row is committed. No network and no queue stand between the provider and its answer, but
the keys that it publishes itself, when it has a new one.
"""

from __future__ import annotations

from flask import Blueprint, Response

import logs
from connectors import signature
from connectors.signature import SignatureProvider
from domain.errors import NotFound, Retryable
from domain.signature import Callback, Verdict
from handlers.auth import public
from handlers.bodies import headers_and_query, raw_body
from handlers.hub import hub
from handlers.problems import Unauthorized
from store import inbox, steps

_log = logs.get("callbacks")
blueprint = Blueprint("callbacks", __name__, url_prefix="/v1/callbacks")


@blueprint.get("/<provider>")
@public  # the provider tries the address before it uses it; only what it sent goes back
def tried(provider: str) -> Response:
    """Some providers ask this address to repeat a header before they call it."""
    echo = _connector(provider).echo(headers_and_query())
    if not echo:
        raise NotFound(
            "callback_only", "Cette adresse reçoit les rappels d'un prestataire (POST) ; rien n'y est à lire."
        )
    return Response(status=200, headers=dict(echo))


@blueprint.post("/<provider>")
@public  # what the provider signs, or the secret in the address, is the authentication
def receive(provider: str) -> Response:
    connector = _connector(provider)
    raw, headers = raw_body(), headers_and_query()
    verdict = connector.verify(headers, raw)
    if verdict is Verdict.NOT_CONFIGURED:
        raise Retryable(
            "callback_secret_missing", "Le secret des rappels de ce prestataire manque dans les réglages."
        )
    if verdict is not Verdict.VERIFIED:
        _log.warning("callback_refused", extra={"provider": provider})
        raise Unauthorized(
            "callback_signature_invalid", "La signature de ce rappel n'est pas valable ; il est ignoré."
        )
    _keep(provider, connector.event_key(headers, raw), connector.parse(raw), headers, raw)
    return Response(status=204, headers=dict(connector.echo(headers)))


def _connector(provider: str) -> SignatureProvider:
    if provider not in signature.REGISTRY or provider not in hub().settings.sections:
        raise NotFound(
            "provider_unknown",
            "Aucun prestataire de ce nom n'est configuré ici ; vérifiez l'adresse de rappel.",
        )
    return hub().provider(provider)


def _keep(
    provider: str, event_key: str, parsed: tuple[Callback, ...], headers: dict[str, str], raw: bytes
) -> None:
    now = hub().now()
    kept = {name: value for name, value in headers.items() if name.lower().startswith("x-")}
    with hub().database.transaction() as tx:
        for number, callback in enumerate(parsed or (None,)):
            key = event_key if number == 0 else f"{event_key}#{number}"
            convention_id = inbox.keep(tx, now, provider, key, callback, kept, raw)
            if convention_id:
                steps.ask_provider(tx, now, convention_id)
    _log.info("callback_stored", extra={"provider": provider, "count": len(parsed)})
