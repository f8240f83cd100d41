"""Universign, REST v1 (not the older XML-RPC one).

Headers
    ``x-jws-signature`` authenticates a callback. Nothing else is read.

Signature
    Detached JWS, PS256 and nothing else, over the raw body. The keys are published at
    ``/webhooks/jwks.json`` and chosen by ``kid``: no secret to keep, and a rotation needs nothing of us.
    They are kept for a day; an unknown ``kid`` has them read again, once a minute at most, within three
    seconds. Keys that cannot be read make the callback wait (503, Universign repeats it), never pass.
    No time stands under the signature: a replay is recognised by its event key only.

Event key
    ``id`` (``evt_...``); the body's SHA-256 when it is missing.

Retries
    7 over about 3.4 days: 1 min, 5 min, 30 min, 2 h, 6 h, 24 h, 48 h. How long our answer is awaited is
    not published. No idempotency key, no published search, no published way to write ``metadata``: the
    hub itself remembers which transaction stands for a reference, first writer wins, once it is created
    and before anything can leave (only ``start`` reaches the signers). An unknown outcome is looked up by
    reading that transaction: started, it is taken over; still a draft, it is cancelled (a late worker can
    no longer start it) and built anew. A draft whose very creation was not answered is nobody's: no signer
    hears of it and Universign deletes it after seven days.

Limits
    25 MB a document; neither signed before nor with form fields. A reminder needs a ``schedule`` and an
    hour since the last. Expiry within 60 days (180 by contract). Rates are not published.

Quirks
    Bodies are forms, answers JSON. The invitation leaves only when ``schedule`` is set. A refusal only
    stalls the transaction, others may go on signing: ``progress`` tells DECLINED and cancels it, after
    noting the refusal, so that it still reads as declined afterwards, whoever cancelled. Cancelling takes
    no reason. A participant is known by the address alone: two signers cannot share one, and ours is
    derived from it (``signer_ref``). No event tells that a link was opened, no answer what a refusal said.
    Files are served from the archive some minutes after completion: 404 is "not ready".
    UNCONFIRMED on a real account: the origin of ``x`` and ``y`` (taken as points from the top left, the
    block being 200 by 50), the words inside ``actions`` (read with tolerance), error bodies, rate limits,
    ``phone_number_type=prerequisite`` keeping the signer from changing the number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress

from pydantic import BaseModel, Field, SecretStr

from connectors import Finding, Services
from connectors.http import Api, Limits, System
from connectors.signature import universign_answers as answers
from connectors.signature import universign_callbacks as callbacks
from connectors.signature import universign_requests as requests
from connectors.signature.universign_answers import Created, Transaction
from connectors.signature.universign_keys import PublishedKeys
from connectors.signature.universign_memory import Memory
from domain.errors import NotFound, ParapheError, Permanent, Refused, Retryable
from domain.signature import (
    ANCHOR,
    Callback,
    Progress,
    ProofFile,
    RequestStatus,
    Sent,
    SignerStatus,
    SigningOrder,
    Verdict,
)

_SYSTEM = System("universign", "Universign", "PARAPHE_UNIVERSIGN")
_KEYS_LIMITS = Limits(connect_seconds=2, read_seconds=2, total_seconds=3, max_bytes=2**18)
_KEYS_PATH = "/webhooks/jwks.json"


class UniversignConfig(BaseModel):
    """``url`` holds the version. ``keys_url`` replaces it for the published keys."""

    api_key: SecretStr
    url: str = "https://api.universign.com/v1"
    keys_url: str | None = None
    timeout_seconds: float = Field(default=30, gt=0, description="attente la plus longue d'une réponse")


class Universign:
    """Satisfies ``connectors.signature.SignatureProvider``; thread-safe."""

    label = "Universign"
    anchor = ANCHOR
    capabilities = requests.CAPABILITIES
    Config = UniversignConfig

    def __init__(self, config: UniversignConfig, services: Services) -> None:
        key, now = config.api_key.get_secret_value().strip(), services.now
        headers = {"Authorization": f"Bearer {key}"}
        self._services = services
        self._api = Api(
            config.url, _SYSTEM, headers=headers, now=now, limits=Limits.of(config.timeout_seconds)
        )
        # without our key: whoever publishes keys need not know it
        published = Api(config.keys_url or config.url, _SYSTEM, headers={}, now=now, limits=_KEYS_LIMITS)
        self._keys = PublishedKeys(published, _KEYS_PATH, now)
        self._sent = Memory(services, "universign_sent")  # our reference -> the transaction
        self._ended = Memory(services, "universign_ended")  # a transaction -> declined or cancelled
        self._endpoints = Memory(services, "universign_endpoints")  # a callback address -> the subscription

    # --- sending

    def send(self, order: SigningOrder, *, again: bool) -> Sent:  # noqa: ARG002 # looking costs no call
        now = self._services.now()
        self.capabilities.require(self.label, order, now.date())
        people = requests.people(order)
        if earlier := self._earlier(order.reference):
            return earlier.sent(order.signers)
        ref = self._api.ask(Created, "POST", "/transactions", data=requests.transaction(order, now)).id
        self._claim(order.reference, answers.identifier(ref))
        try:
            self._fill(ref, order, people)
            started = self._api.ask(Transaction, "POST", f"/transactions/{ref}/start")
        except Retryable:  # the next try finds the draft by our reference
            raise
        except ParapheError:
            with suppress(ParapheError):
                self._drop(order.reference, ref)
            raise
        return started.sent(order.signers)

    def find(self, reference: str) -> Sent | None:
        ref = self._sent.find(reference)
        try:
            found = self._transaction(ref) if ref else None
        except NotFound:
            return None
        return found.sent_by_rank() if found and found.is_live else None

    def _earlier(self, reference: str) -> Transaction | None:
        """What an earlier try achieved; its half-built draft is cancelled and forgotten."""
        ref = self._sent.find(reference)
        if ref is None:
            return None
        try:
            found = self._transaction(ref)
        except NotFound:  # drafts vanish
            self._sent.drop(reference, ref)
            return None
        if found.was_started:
            return found
        self._drop(reference, ref)
        return None

    def _fill(self, ref: str, order: SigningOrder, people: requests.People) -> None:
        """Everything that a draft needs before it is started."""
        base = answers.path(ref)
        part = requests.file_name(order.file_name), order.pdf, "application/pdf"
        file = self._api.ask(Created, "POST", "/files", files={"file": part})
        document = self._api.ask(Created, "POST", f"{base}/documents", data={"document": file.id})
        for participant, field in people:
            made = self._api.ask(Created, "POST", f"{base}/documents/{document.id}/fields", data=field)
            signer = {"signer": participant["email"], "field": made.id}
            self._api.ask(object, "POST", f"{base}/signatures", data=signer)
            self._api.ask(object, "POST", f"{base}/participants", data=participant)
        for one in requests.sequencing(order):
            self._api.ask(object, "POST", f"{base}/sequencing", data=one)

    def _claim(self, reference: str, ref: str) -> None:
        """Remember the draft before anything can leave; a second one is thrown away."""
        if self._sent.keep(reference, ref) == ref:
            return
        with suppress(ParapheError):
            self._end(ref)
        raise Retryable(
            "universign_sending_elsewhere", "Un autre envoi de cette convention est en cours.", 30
        )

    def _drop(self, reference: str, ref: str) -> None:
        self._end(ref)
        self._sent.drop(reference, ref)

    # --- following

    def progress(self, provider_ref: str) -> Progress:
        found = self._transaction(provider_ref)
        if self._noted(found) is RequestStatus.DECLINED and found.is_open:
            with suppress(Refused):  # whoever refused came back, and signed last
                self._end(provider_ref)
            found = self._transaction(provider_ref)
        return found.progress(self._noted(found))

    def _noted(self, found: Transaction) -> RequestStatus:
        """Its status. A refusal is noted before anybody cancels: what is cancelled later stays declined."""
        status = found.status
        if status in (RequestStatus.DECLINED, RequestStatus.CANCELLED):
            return RequestStatus(self._ended.keep(found.id, status.value))
        return status

    def remind(self, provider_ref: str, signer_ref: str) -> None:
        found = self._transaction(provider_ref)
        emails = {answers.signer_ref(found.id, one.email): one.email for one in found.participants}
        if signer_ref not in emails:
            raise answers.not_found()
        email = emails[signer_ref]
        asked = found.status is RequestStatus.ONGOING and found.signer_status(email) is SignerStatus.NOTIFIED
        path = f"{answers.path(provider_ref)}/participants/remind"
        if not asked or self._api.request("POST", path, data={"email": email}, expect=(400,)).status == 400:
            raise Refused(
                "reminder_not_possible",
                "Ce signataire ne peut pas être relancé : pas encore son tour, déjà répondu, ou déjà relancé "
                "depuis moins d'une heure.",
            )

    def cancel(self, provider_ref: str, reason: str) -> None:  # noqa: ARG002 # Universign takes none
        found = self._transaction(provider_ref)
        self._noted(found)
        if found.is_open:
            self._end(provider_ref)
        elif found.status is RequestStatus.COMPLETED:
            raise answers.already_signed()

    def _end(self, ref: str) -> None:
        """Cancel what may still be open; ended in any way but a signature is success."""
        answer = self._api.request("POST", f"{answers.path(ref)}/cancel", expect=(400, 404, 409))
        if answer.status not in (400, 409):
            return
        found = self._transaction(ref)
        if found.status is RequestStatus.COMPLETED:
            raise answers.already_signed()
        if found.is_open:
            raise Permanent(
                "universign_refused",
                "Universign a refusé d'annuler cette transaction : annulez-la dans Universign.",
            )

    def _transaction(self, ref: str) -> Transaction:
        return self._api.ask(Transaction, "GET", answers.path(ref))

    # --- collecting

    def signed_file(self, provider_ref: str) -> bytes:
        document = self._completed(provider_ref).documents[:1]
        if not document:
            raise answers.not_ready()
        return self._download(f"/archives/{provider_ref}/documents/{document[0].id}/download", {})

    def proof(self, provider_ref: str) -> tuple[ProofFile, ...]:
        """The requester's attestation, the one proof handed over without asking Universign's staff."""
        self._completed(provider_ref)
        path = f"/archives/{provider_ref}/requester-attestation"
        return (ProofFile("pdf", self._download(path, {"lang": "fr"})),)

    def _completed(self, ref: str) -> Transaction:
        found = self._transaction(ref)
        answers.require_completed(found.status)
        return found

    def _download(self, path: str, params: Mapping[str, str]) -> bytes:
        answer = self._api.request("GET", path, params=params, expect=(404,))
        return answers.whole_pdf(answer.body if answer.status != 404 else b"")

    # --- callbacks

    def verify(self, headers: Mapping[str, str], raw: bytes) -> Verdict:
        """Raises Retryable while the published keys cannot be read."""
        jws = callbacks.jws(headers, raw)
        return Verdict.VERIFIED if jws and self._keys.signed(jws) else Verdict.INVALID

    def echo(self, _headers: Mapping[str, str]) -> Mapping[str, str]:
        return {}

    def event_key(self, headers: Mapping[str, str], raw: bytes) -> str:  # noqa: ARG002 # the contract's
        return callbacks.event_id(raw) or hashlib.sha256(raw).hexdigest()

    def parse(self, raw: bytes) -> tuple[Callback, ...]:
        callback = callbacks.callback(raw)
        return (callback,) if callback else ()

    # --- the operator's

    def subscribe(self, callback_url: str) -> str:
        """Subscriptions cannot be listed: the hub remembers the one it made, and tells it again."""
        known = self._endpoints.find(callback_url)
        if known is None:
            body = callbacks.subscription(callback_url)
            made = self._api.ask(Created, "POST", "/webhook-endpoints", data=body).id
            known = self._endpoints.keep(callback_url, made)
        return (
            f"Universign préviendra {callback_url} (abonnement {known}), sans secret à garder. S'il a été "
            "supprimé depuis, recréez-le dans l'espace développeur d'Universign."
        )

    def check(self) -> tuple[Finding, ...]:
        try:
            self._api.request("GET", "/transactions/tx_000000000000", expect=(400, 404))
        except ParapheError as error:
            return (Finding(False, error.detail),)
        line = Finding(True, "Universign répond et accepte la clé.")
        try:
            self._keys.read()
        except ParapheError as error:
            return line, Finding(False, error.detail)
        return line, Finding(True, "Universign : ses clés publiques sont lisibles.")
