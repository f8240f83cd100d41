"""Give one event to one listener: a REST hook or a caller's ``resume_url``, under the outbound guard.

Signed as Standard Webhooks says; the event's id is the same at every try. 2xx is done, 410 ends the
subscription, anything else comes back later (n8n answers 404 while it restarts, 409 before its Wait
node is reached).
"""

from __future__ import annotations

import json

from standardwebhooks.webhooks import Webhook

from connectors.outbound_guard import Answer
from domain.errors import Permanent, Retryable
from store import conventions, journal, outbox, resumes
from store.database import Session
from store.models import Convention, EventRow
from store.steps import Claimed
from workers.runtime import Runtime

_RESUME = "resume:"
#: n8n's 409 on a resume URL means "not waiting yet" at first, "already finished" after some minutes
_LAST_CONFLICT = 6


def run(runtime: Runtime, claimed: Claimed) -> None:
    event_id, _, listener = (claimed.argument or "").partition(":")
    with runtime.database.reading() as session:
        event = outbox.event(session, event_id)
        row = conventions.find(session, claimed.convention_id)
        target = _target(session, runtime, row, listener)
    if target is None:
        with runtime.finishing(claimed):
            return
    url, secret = target
    answer = _post(runtime, event, url, secret, claimed.attempt)
    resuming = listener.startswith(_RESUME)
    if answer.status == 410 and not resuming:
        _gone(runtime, claimed, listener)
        return
    finished = answer.status == 409 and resuming and claimed.attempt >= _LAST_CONFLICT
    if not 200 <= answer.status < 300 and not finished:
        raise _failure(answer)
    with runtime.finishing(claimed) as tx:
        conventions.lock(tx, row.id)
        journal.append(
            tx,
            row.id,
            runtime.now(),
            "hub",
            "event_delivered",
            event=event.id,
            to=listener,
            status=answer.status,
        )


def _target(session: Session, runtime: Runtime, row: Convention, listener: str) -> tuple[str, str] | None:
    """``(url, secret)``, or None when nobody listens any more."""
    if listener.startswith(_RESUME):
        url = resumes.url(row, listener.removeprefix(_RESUME))
        return (url, runtime.settings.core.events_secret.get_secret_value()) if url else None
    hook = outbox.hook(session, listener)
    return (hook.url, hook.secret) if hook and hook.ended_at is None else None


def _post(runtime: Runtime, event: EventRow, url: str, secret: str, attempt: int) -> Answer:
    body = json.dumps(event.body, ensure_ascii=False, separators=(",", ":"))
    now = runtime.now()
    headers = {
        "content-type": "application/json",
        "user-agent": "Paraphe",
        "webhook-id": event.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(event.id, now, body),
        "x-paraphe-attempt": str(attempt),
    }
    return runtime.guarded.post(url, body.encode(), headers)


def _gone(runtime: Runtime, claimed: Claimed, hook_id: str) -> None:
    with runtime.finishing(claimed) as tx:
        if hook := outbox.hook(tx, hook_id):
            outbox.unsubscribe(runtime.now(), hook)


def _failure(answer: Answer) -> Exception:
    if answer.status in (401, 403):
        return Permanent(
            "listener_refused",
            "L'adresse à prévenir refuse nos appels ; vérifiez ses droits d'accès puis relancez.",
        )
    return Retryable(
        "listener_failed",
        "L'adresse à prévenir a répondu par une erreur ; elle sera rappelée.",
        answer.retry_after,
    )
