"""DocuSign, eSignature REST v2.1 and Connect.

Headers
    ``X-DocuSign-Signature-1`` to ``-n`` authenticate a message, one per active Connect key of the account.
    ``X-Authorization-Digest`` is not used.

Signature
    Base64 of HMAC-SHA256 over the raw body. Any of them may match any of our keys: the current one and
    the previous one, for as long as it stands in the settings. No time stands under it: a replay is
    recognised by its event key only.

Event key
    There is no message id and ``retryCount`` changes at each repeat: the SHA-256 of event, envelope,
    recipient and ``generatedDateTime``; of the body when one is missing.

Retries
    Our answer is awaited 100 seconds. After a failure messages queue behind it; one try a day, ten at most,
    and the first that succeeds lets the queue go, in order. The clock asks long before.
    No idempotency key: a lost creation is looked up by ``transactionId`` (drawn from our reference,
    remembered seven days), then by the custom field ``external_id``, before anything is created again.
    An envelope is created and sent in one call: there are no half-built drafts.

Limits
    3,000 calls an hour per account and 500 per 30 seconds, told by a 429 or by a code in a 400. An
    envelope is asked for once per 15 minutes at most. Expiry within 999 days.

Quirks
    Every value is a text, numbers and booleans too. A signer who opened the page is ``delivered``. What
    expires is voided, as what we cancel: the reason and the moment tell them apart. Signers get their links
    by e-mail, the API gives none. Envelope ids are not stamped on the pages, or the pages signed would
    not be those sent. Without ``restv2.1`` messages come as XML. Automatic reminders stay off: the hub
    sends its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property

from connectors import Finding, Services
from connectors.http import error_code
from connectors.signature import docusign_answers as answers
from connectors.signature import docusign_callbacks as callbacks
from connectors.signature import docusign_requests as requests
from connectors.signature.docusign_answers import Envelope
from connectors.signature.docusign_requests import Means
from connectors.signature.docusign_session import DocusignConfig, Session
from domain.errors import ParapheError, Permanent, Refused, Retryable
from domain.signature import (
    ANCHOR,
    Authentication,
    Callback,
    Level,
    Progress,
    ProofFile,
    RequestStatus,
    Sent,
    SentSigner,
    SigningOrder,
    Verdict,
)

#: an absent anchor, and what hides one: an unreadable PDF, a text drawn as an image
_ANCHOR_CODES = frozenset(
    {"ANCHOR_TAB_STRING_NOT_FOUND", "ANCHOR_TAG_PROCESSING_FAILURE", "TAB_PAGE_NUMBER_NOT_SPECIFIED"}
)
#: how far back an envelope is looked for by our reference
_SEARCHED_DAYS = 400


class Docusign:
    """Satisfies ``connectors.signature.SignatureProvider``; thread-safe."""

    label = "DocuSign"
    anchor = ANCHOR
    capabilities = requests.CAPABILITIES
    Config = DocusignConfig

    def __init__(self, config: DocusignConfig, services: Services) -> None:
        self._config, self._services = config, services
        self.capabilities = requests.capabilities(config.advanced_provider, config.qualified_provider)

    @cached_property
    def _session(self) -> Session:
        return Session(self._config, self._services)

    # --- sending

    def send(self, order: SigningOrder, *, again: bool) -> Sent:
        today = self._services.now().date()
        self.capabilities.require(self.label, order, today)
        requests.require_sendable(order)
        if again and (earlier := self._earlier(order.reference)):
            return earlier.sent_to(order)
        body = requests.envelope(order, today, self._means(order))
        answer = self._session.request("POST", "/envelopes", json=body, expect=(400,))
        if answer.status == 400:
            if error_code(answer.body) in _ANCHOR_CODES:
                raise Permanent(
                    "anchors_missing",
                    "DocuSign ne trouve pas une zone de signature par signataire dans le document : vérifiez "
                    "les repères de signature du modèle.",
                )
            raise self._session.failure("POST", answer)
        made = self._session.shaped(answers.Made, "POST", answer)
        numbers = enumerate(order.signers, 1)
        return Sent(made.envelope_id, tuple(SentSigner(one.key, str(rank), None) for rank, one in numbers))

    def find(self, reference: str) -> Sent | None:
        live = (RequestStatus.ONGOING, RequestStatus.COMPLETED)
        found = self._earlier(reference)
        return found.sent() if found and found.status in live else None

    def _earlier(self, reference: str) -> Envelope | None:
        """The envelope that was sent for our reference, the liveliest when there are several."""
        since = self._services.now() - timedelta(days=_SEARCHED_DAYS)
        searches = (
            {"transaction_ids": requests.transaction_id(reference)},
            {
                "custom_field": f"{requests.REFERENCE_FIELD}={reference}",
                "from_date": since.strftime("%Y-%m-%dT%H:%M:%SZ"),
            },
        )
        for search in searches:
            found = [one for one in self._search(reference, search) if one.was_sent]
            if found:
                return min(found, key=lambda one: one.rank)
        return None

    def _search(self, reference: str, search: Mapping[str, str]) -> list[Envelope]:
        params = {**search, "include": "recipients,custom_fields"}
        page = self._session.ask(answers.EnvelopePage, "GET", "/envelopes", params=params)
        # the published description allows both ways of telling an envelope found by its transaction
        told = page.made_by(requests.transaction_id(reference))
        found = [*(page.envelopes or []), *(self._envelope(ref, include=params["include"]) for ref in told)]
        if any(one.reference != reference for one in found):
            # a search that does not filter would make us believe that nothing was created
            raise Retryable(
                "docusign_search_unreliable", "DocuSign a mal filtré une recherche ; elle sera refaite."
            )
        return found

    def _means(self, order: SigningOrder) -> Means:
        if order.level is Level.ADVANCED:
            return Means(signature_provider=self._config.advanced_provider)
        if order.level is Level.QUALIFIED:
            return Means(signature_provider=self._config.qualified_provider)
        if all(one.authentication is not Authentication.SMS_CODE for one in order.signers):
            return Means()
        workflow = self._workflow()
        if workflow is None:
            raise Refused(
                "capability_missing",
                "Ce compte DocuSign n'envoie pas de code par SMS : faites-y ouvrir « Phone Authentication », "
                "ou choisissez le lien seul.",
            )
        return Means(workflow=workflow)

    def _workflow(self) -> str | None:
        return self._session.ask(answers.Workflows, "GET", "/identity_verification").by_phone

    # --- following

    def progress(self, provider_ref: str) -> Progress:
        return self._envelope(provider_ref, include="recipients").progress()

    def remind(self, provider_ref: str, signer_ref: str) -> None:
        path = f"{answers.path(provider_ref)}/recipients"
        recipients = self._session.ask(answers.Recipients, "GET", path)
        signer = next((one for one in recipients.signers if one.recipient_id == signer_ref), None)
        if signer is None:
            raise answers.not_found()
        if signer.is_asked:
            # neither name nor e-mail: DocuSign would take them for a correction
            body = {"signers": [{"recipientId": signer_ref}]}
            answer = self._session.request(
                "PUT", path, params={"resend_envelope": "true"}, json=body, expect=(400,)
            )
            if answer.status != 400 and self._session.shaped(answers.Resent, "PUT", answer).succeeded:
                return
        raise Refused(
            "reminder_not_possible",
            "Ce signataire ne peut pas être relancé : pas encore son tour, ou déjà répondu.",
        )

    def cancel(self, provider_ref: str, reason: str) -> None:
        body = {"status": "voided", "voidedReason": requests.void_reason(reason)}
        answer = self._session.request("PUT", answers.path(provider_ref), json=body, expect=(400,))
        if answer.status != 400:
            return
        status = self._envelope(provider_ref).status
        if status is RequestStatus.COMPLETED:
            raise Refused("already_signed", "La convention est déjà signée : elle ne peut plus être annulée.")
        if status is RequestStatus.ONGOING:
            raise self._session.failure("PUT", answer)

    def _envelope(self, ref: str, *, include: str = "") -> Envelope:
        params = {"include": include} if include else {}
        return self._session.ask(Envelope, "GET", answers.path(ref), params=params)

    # --- collecting

    def signed_file(self, provider_ref: str) -> bytes:
        return answers.whole_pdf(
            self._download(provider_ref, "/documents/combined", {"certificate": "false"})
        )

    def proof(self, provider_ref: str) -> tuple[ProofFile, ...]:
        """The certificate of completion, and the history as it was delivered."""
        certificate = self._download(provider_ref, "/documents/certificate", {"language": "fr"})
        history = self._download(provider_ref, "/audit_events", {})
        return (
            ProofFile("pdf", answers.whole_pdf(certificate)),
            ProofFile("json", answers.whole_history(history)),
        )

    def _download(self, ref: str, path: str, params: Mapping[str, str]) -> bytes:
        """DocuSign gives documents and history at any time: they count once the envelope is completed."""
        status = self._envelope(ref).status
        if status in (RequestStatus.DRAFT, RequestStatus.ONGOING):
            raise answers.not_ready()
        if status is not RequestStatus.COMPLETED:
            raise Refused(
                "not_signed", "Cette demande s'est terminée sans signature : il n'y a rien à télécharger."
            )
        answer = self._session.request("GET", answers.path(ref) + path, params=params, expect=(400, 404))
        if answer.status in (400, 404):
            raise answers.not_ready()
        return answer.body

    # --- callbacks

    def verify(self, headers: Mapping[str, str], raw: bytes) -> Verdict:
        keys = [
            key.get_secret_value().encode()
            for key in (self._config.connect_key, self._config.connect_key_previous)
            if key and key.get_secret_value()
        ]
        if not keys:
            return Verdict.NOT_CONFIGURED
        return Verdict.VERIFIED if callbacks.is_signed(keys, headers, raw) else Verdict.INVALID

    def echo(self, _headers: Mapping[str, str]) -> Mapping[str, str]:
        return {}

    def event_key(self, headers: Mapping[str, str], raw: bytes) -> str:  # noqa: ARG002 # the contract's
        return callbacks.event_key(raw)

    def parse(self, raw: bytes) -> tuple[Callback, ...]:
        callback = callbacks.callback(raw)
        return (callback,) if callback else ()

    # --- the operator's

    def subscribe(self, callback_url: str) -> str:
        """A configuration that stands for this address is set right instead of made twice."""
        known = self._session.ask(answers.Configurations, "GET", "/connect").configurations
        found = next((one for one in known if one.url_to_publish_to == callback_url), None)
        body = requests.subscription(callback_url, callbacks.SUBSCRIBED)
        if found:
            self._session.request("PUT", "/connect", json=body | {"connectId": found.connect_id})
        else:
            self._session.request("POST", "/connect", json=body)
        if self.verify({}, b"") is Verdict.NOT_CONFIGURED:
            return (
                f"DocuSign préviendra {callback_url}. Créez une clé HMAC dans ses pages d'administration "
                "(Connect, clés), puis gardez-la dans le réglage PARAPHE_DOCUSIGN_CONNECT_KEY."
            )
        return f"DocuSign préviendra {callback_url}, avec la clé HMAC déjà réglée."

    def check(self) -> tuple[Finding, ...]:
        try:
            sms = "disponible" if self._workflow() else "pas ouvert sur ce compte"
            line = Finding(True, f"DocuSign répond et accepte la clé ; code par SMS : {sms}.")
        except ParapheError as error:
            line = Finding(False, error.detail)
        if self.verify({}, b"") is Verdict.NOT_CONFIGURED:
            wanted = "DocuSign : les rappels seront refusés tant que PARAPHE_DOCUSIGN_CONNECT_KEY manque."
            return line, Finding(False, wanted)
        return (line,)
