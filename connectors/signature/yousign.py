"""Yousign, API v3.

Headers
    ``X-Yousign-Signature-256`` authenticates a callback. ``X-Yousign-Retry`` and
    ``X-Yousign-Issued-At`` are not used: the signature does not cover them.

Signature
    ``sha256=`` and the lower-case hex of HMAC-SHA256 over the raw body. No time stands under it: a
    replay is recognised by its event key only. The previous secret is accepted for as long as it
    stands in the settings (repeats go on for about four days, and no overlap is documented).

Event key
    ``event_id``, the same at each repeat; the body's SHA-256 when it is missing.

Retries
    8 over about 4 days. Our answer is awaited 1 second at the first try, 10 at the next ones.
    No idempotency key: a lost creation is looked up by ``external_id`` (our reference) before
    anything is created again; a half-built draft is deleted and built anew.

Limits
    Per key 60 calls a minute and 1,200 an hour (sandbox 30 and 200). A PDF has at most 50 MB and,
    for its anchors to be read, 150 pages. Expiry within a year. Proof exists only once all signed.

Quirks
    Subscriptions are made on the production host, even for the sandbox's events. A search takes the
    operator form ``external_id[eq]``. Signers' names allow no digit and little punctuation. A signer
    without a field blocks the activation: anchors are counted before. Nobody may decline unless the
    request says so. Automatic reminders stay off: the hub sends its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any

from pydantic import BaseModel, Field, SecretStr

from connectors import Finding, Services
from connectors.http import Api, Limits, System
from connectors.signature import yousign_answers as answers
from connectors.signature import yousign_callbacks as callbacks
from connectors.signature import yousign_requests as requests
from connectors.signature.yousign_answers import RemoteRequest, RemoteSigner
from domain.errors import ParapheError, Permanent, Refused, Retryable
from domain.signature import (
    ANCHOR,
    Callback,
    Progress,
    ProofFile,
    RequestStatus,
    Sent,
    SentSigner,
    SigningOrder,
    Verdict,
)

_SYSTEM = System("yousign", "Yousign", "PARAPHE_YOUSIGN")


class YousignConfig(BaseModel):
    """``webhook_secret_previous`` stays accepted while secrets change. ``webhook_url`` replaces the
    production host for subscriptions. ``sandbox`` asks for the sandbox's events."""

    api_key: SecretStr
    url: str = "https://api.yousign.app/v3"
    webhook_secret: SecretStr | None = None
    webhook_secret_previous: SecretStr | None = None
    webhook_url: str | None = None
    sandbox: bool = False
    timeout_seconds: float = Field(default=30, gt=0, description="attente la plus longue d'une réponse")

    @property
    def subscription_url(self) -> str:
        return self.webhook_url or self.url.replace("//api-sandbox.", "//api.", 1)


class Yousign:
    """Satisfies ``connectors.signature.SignatureProvider``; thread-safe."""

    label = "Yousign"
    anchor = ANCHOR
    capabilities = requests.CAPABILITIES
    Config = YousignConfig

    def __init__(self, config: YousignConfig, services: Services) -> None:
        self._config, self._services = config, services

    @cached_property
    def _api(self) -> Api:
        return self._api_at(self._config.url)

    def _api_at(self, url: str) -> Api:
        key = self._config.api_key.get_secret_value().strip()
        headers = {"Authorization": f"Bearer {key}"}
        limits = Limits.of(self._config.timeout_seconds)
        return Api(url, _SYSTEM, headers=headers, now=self._services.now, limits=limits)

    # --- sending

    def send(self, order: SigningOrder, *, again: bool) -> Sent:
        self.capabilities.require(self.label, order, self._services.now().date())
        people = [requests.signer_body(order, signer) for signer in order.signers]
        earlier = self._earlier(order.reference) if again else None
        if earlier:
            asked = zip(order.signers, people, strict=True)
            infos = {
                signer.key: answers.SignerInfo.model_validate(person["info"]) for signer, person in asked
            }
            return answers.sent_by_name(earlier.id, self._signers(earlier.id), infos)
        draft = self._api.ask(RemoteRequest, "POST", "/signature_requests", json=requests.request_body(order))
        try:
            return self._fill_and_activate(draft.id, order, people)
        except Retryable:  # the next try finds the draft by our reference
            raise
        except ParapheError:
            with suppress(ParapheError):
                self._delete(draft.id)
            raise

    def find(self, reference: str) -> Sent | None:
        live = (RequestStatus.ONGOING, RequestStatus.COMPLETED)
        found = next((one for one in self._search(reference) if one.status in live), None)
        return answers.sent_by_rank(found.id, self._signers(found.id)) if found else None

    def _search(self, reference: str) -> list[RemoteRequest]:
        """All requests that bear our reference, the liveliest first."""
        page = self._api.ask(
            answers.RequestPage,
            "GET",
            "/signature_requests",
            params={"external_id[eq]": reference, "limit": "100"},
        )
        if any(one.external_id != reference for one in page.data):
            # a search that does not filter would make us believe that nothing was created
            raise Retryable(
                "yousign_search_unreliable", "Yousign a mal filtré une recherche ; elle sera refaite."
            )
        return sorted(page.data, key=lambda one: one.rank)

    def _earlier(self, reference: str) -> RemoteRequest | None:
        """What an earlier try achieved; its half-built drafts are deleted."""
        found = self._search(reference)
        for one in found:
            if one.status is RequestStatus.DRAFT:
                self._delete(one.id)
        return next((one for one in found if one.was_activated), None)

    def _fill_and_activate(self, ref: str, order: SigningOrder, people: list[dict[str, Any]]) -> Sent:
        document = self._api.ask(
            answers.RemoteDocument,
            "POST",
            f"/signature_requests/{ref}/documents",
            files={"file": (requests.file_name(order.file_name), order.pdf, "application/pdf")},
            data={"nature": "signable_document", "parse_anchors": "true"},
        )
        if document.total_anchors < len(people):
            raise Permanent(
                "anchors_missing",
                "Yousign ne trouve pas une zone de signature par signataire dans le document : vérifiez les "
                "repères de signature du modèle (et qu'il ne dépasse pas 150 pages).",
            )
        ids = [
            self._api.ask(RemoteSigner, "POST", f"/signature_requests/{ref}/signers", json=person).id
            for person in people
        ]
        activated = self._api.ask(RemoteRequest, "POST", f"/signature_requests/{ref}/activate")
        links = {signer.id: signer.signature_link for signer in activated.signers}
        return Sent(
            ref,
            tuple(
                SentSigner(signer.key, signer_id, links.get(signer_id))
                for signer, signer_id in zip(order.signers, ids, strict=True)
            ),
        )

    def _delete(self, ref: str) -> None:
        self._api.request(
            "DELETE", f"/signature_requests/{ref}", params={"permanent_delete": "true"}, expect=(404,)
        )

    # --- following

    def progress(self, provider_ref: str) -> Progress:
        return self._request(provider_ref).progress(self._signers(provider_ref))

    def remind(self, provider_ref: str, signer_ref: str) -> None:
        path = f"{answers.path(provider_ref)}/signers/{answers.identifier(signer_ref)}/send_reminder"
        if self._api.request("POST", path, expect=(400,)).status == 400:
            raise Refused(
                "reminder_not_possible",
                "Ce signataire ne peut pas être relancé : pas encore son tour, ou déjà répondu.",
            )

    def cancel(self, provider_ref: str, reason: str) -> None:
        body = {"reason": "other", "custom_note": requests.plain(reason, 500)}
        if not body["custom_note"]:
            body = {"reason": "contractualization_aborted"}
        answer = self._api.request("POST", f"{answers.path(provider_ref)}/cancel", json=body, expect=(400,))
        if answer.status != 400:
            return
        status = self._request(provider_ref).status
        if status is RequestStatus.DRAFT:
            self._delete(provider_ref)
        elif status is RequestStatus.COMPLETED:
            raise Refused("already_signed", "La convention est déjà signée : elle ne peut plus être annulée.")
        elif status is RequestStatus.ONGOING:
            raise Permanent(
                "yousign_refused", "Yousign a refusé d'annuler cette demande : annulez-la dans Yousign."
            )

    def _request(self, ref: str) -> RemoteRequest:
        return self._api.ask(RemoteRequest, "GET", answers.path(ref))

    def _signers(self, ref: str) -> list[RemoteSigner]:
        return self._api.ask(list[RemoteSigner], "GET", f"{answers.path(ref)}/signers")

    # --- collecting

    def signed_file(self, provider_ref: str) -> bytes:
        params = {"version": "completed", "archive": "false"}
        return answers.whole_pdf(self._download(provider_ref, "/documents/download", params))

    def proof(self, provider_ref: str) -> tuple[ProofFile, ...]:
        """The merged audit trail, and one JSON document that holds each signer's as it was delivered:
        ``{"signature_request_id", "audit_trails": [...]}``."""
        trail = answers.whole_pdf(self._download(provider_ref, "/audit_trails/download", {"merge": "true"}))
        each = [
            self._download(provider_ref, f"/signers/{signer.id}/audit_trails", {})
            for signer in self._request(provider_ref).signers
        ]
        combined = answers.combined_trails(provider_ref, each)
        return ProofFile("pdf", trail), ProofFile("json", combined)

    def _download(self, ref: str, path: str, params: Mapping[str, str]) -> bytes:
        answer = self._api.request("GET", answers.path(ref) + path, params=params, expect=(400, 404))
        if answer.status not in (400, 404):
            return answer.body
        if self._request(ref).status in (RequestStatus.ONGOING, RequestStatus.COMPLETED):
            raise answers.not_ready()
        raise Refused(
            "not_signed", "Cette demande s'est terminée sans signature : il n'y a rien à télécharger."
        )

    # --- callbacks

    def verify(self, headers: Mapping[str, str], raw: bytes) -> Verdict:
        secrets = [
            secret.get_secret_value().encode()
            for secret in (self._config.webhook_secret, self._config.webhook_secret_previous)
            if secret and secret.get_secret_value()
        ]
        if not secrets:
            return Verdict.NOT_CONFIGURED
        return Verdict.VERIFIED if callbacks.is_signed(secrets, headers, raw) else Verdict.INVALID

    def echo(self, _headers: Mapping[str, str]) -> Mapping[str, str]:
        return {}

    def event_key(self, headers: Mapping[str, str], raw: bytes) -> str:  # noqa: ARG002 # the contract's
        return callbacks.event_id(raw) or hashlib.sha256(raw).hexdigest()

    def parse(self, raw: bytes) -> tuple[Callback, ...]:
        callback = callbacks.callback(raw)
        return (callback,) if callback else ()

    # --- the operator's

    def subscribe(self, callback_url: str) -> str:
        """An existing subscription for this address is told again instead of made twice."""
        config = self._config
        ours = config.webhook_secret.get_secret_value() if config.webhook_secret else None
        api = self._api_at(config.subscription_url)
        known = api.ask(list[answers.Subscription], "GET", "/webhooks")
        found = next((one for one in known if one.endpoint == callback_url), None)
        if found is None:
            body = callbacks.subscription_body(callback_url, config.sandbox, ours)
            found = api.ask(answers.Subscription, "POST", "/webhooks", json=body)
        if found.secret_key == ours:
            return f"Yousign préviendra {callback_url}, avec le secret déjà réglé."
        return (
            f"Yousign préviendra {callback_url}. Gardez ce secret dans le réglage "
            f"PARAPHE_YOUSIGN_WEBHOOK_SECRET : {found.secret_key}"
        )

    def check(self) -> tuple[Finding, ...]:
        try:
            self._api.ask(answers.RequestPage, "GET", "/signature_requests", params={"limit": "1"})
            line = Finding(True, "Yousign répond et accepte la clé.")
        except ParapheError as error:
            line = Finding(False, error.detail)
        if self.verify({}, b"") is Verdict.NOT_CONFIGURED:
            wanted = "Yousign : les rappels seront refusés tant que PARAPHE_YOUSIGN_WEBHOOK_SECRET manque."
            return line, Finding(False, wanted)
        return (line,)
