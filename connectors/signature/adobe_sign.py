"""Adobe Acrobat Sign, REST v6.

Headers
    ``X-AdobeSign-ClientId`` comes with every call of a webhook, the GET that tries the address included, and
    must go back in the answer: a 2xx without it counts as a failure, and the webhook dies after three days.

Signature
    None: the body proves nothing. A callback is ours when it names an accepted client id (which is no secret)
    and was sent to the address that bears our token, both compared in constant time; the previous token is
    accepted for as long as it stands in the settings. Nothing in the body is believed: it only makes the hub
    ask. That is why no event is an opening here: ``GET .../events`` tells of those.

Event key
    ``webhookNotificationId``, the same at each repeat; the body's SHA-256 when it is missing.

Retries
    15 over 72 hours, then the webhook is disabled and later events are lost: ``subscribe`` enables it again,
    the doctor tells of it, and the clock asks about what it never heard of. Our answer is awaited 5 seconds.
    No idempotency key: a lost creation is looked up by ``externalId`` (our reference) before anything is
    created again. Adobe does not say how soon a search finds what was just made.

Limits
    Error 429 carries ``retryAfter`` in its body. Reading the same thing more than about 3 times a minute is
    refused, unless the entity tag goes along: then it is 304. A token lives an hour, a refresh token 60 days
    without use. Expiry within a year.

Quirks
    Calls go to the account's own access point, asked of ``/baseUris``. An agreement is made of the document
    after its creation: until then it has no signing links, and one that cannot be converted cancels it.
    Refused and cancelled have the same status: the events tell. A text tag that is not read is not told:
    Adobe adds a page for the signature, and the signed file no longer is what was sent. Names of signers are
    not sent. The account's own default reminders cannot be switched off from here. A signing link exists only
    for those whose turn it is. A change of state needs the entity tag of what was read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property

from connectors import Finding, Services
from connectors.signature import adobe_sign_answers as answers
from connectors.signature import adobe_sign_callbacks as callbacks
from connectors.signature import adobe_sign_requests as requests
from connectors.signature import adobe_sign_shapes as shapes
from connectors.signature.adobe_sign_api import AdobeApi, AdobeSignConfig, code_of
from connectors.signature.adobe_sign_shapes import Agreement, Events, Members
from connectors.signature.adobe_sign_webhooks import Webhooks
from domain.errors import NotFound, ParapheError, Permanent, Refused, Retryable
from domain.signature import Callback, Progress, ProofFile, RequestStatus, Sent, SigningOrder, Verdict

#: a link outlives no agreement: past its expiry it opens nothing
_LINK_SECONDS = str(365 * 86_400)
_ROUNDS = 3


class AdobeSign:
    """Satisfies ``connectors.signature.SignatureProvider``; thread-safe."""

    label = "Adobe Acrobat Sign"
    #: a text tag of the size that templates leave free (a bare one would be as small as its letters); the
    #: field's name differs for each signer, as two fields of one name would be one field
    anchor = "{{{{Sig{rank}_es_:signer{rank}:signature:dimension(width=63mm,height=20mm)}}}}"
    capabilities = requests.CAPABILITIES
    Config = AdobeSignConfig

    def __init__(self, config: AdobeSignConfig, services: Services) -> None:
        self._config, self._services = config, services

    @cached_property
    def _api(self) -> AdobeApi:
        return AdobeApi(self._config, self._services)

    # --- sending

    def send(self, order: SigningOrder, *, again: bool) -> Sent:
        """Retryable while Adobe prepares the document: the next try finds the agreement."""
        self.capabilities.require(self.label, order, self._services.now().date())
        people = [requests.participant_set(order, rank, one) for rank, one in enumerate(order.signers, 1)]
        earlier = self._search(order.reference) if again else []
        if earlier:
            agreement = earlier[0]
        else:
            name = requests.file_name(order.file_name)
            uploaded = self._api.ask(
                shapes.Uploaded,
                "POST",
                "/transientDocuments",
                files={"File": (name, order.pdf, "application/pdf")},
                data={"File-Name": name, "Mime-Type": "application/pdf"},
            )
            body = requests.agreement_body(order, uploaded.transient_document_id, people)
            agreement = self._agreement(self._api.ask(shapes.Created, "POST", "/agreements", json=body).id)
        if agreement.is_preparing:
            raise answers.preparing()
        if agreement.status is RequestStatus.CANCELLED and answers.was_cut_short(self._events(agreement.id)):
            raise answers.unreadable()
        members = self._members(agreement.id)
        return answers.sent_to(order, agreement.id, members, self._links(agreement.id))

    def find(self, reference: str) -> Sent | None:
        live = (RequestStatus.ONGOING, RequestStatus.COMPLETED)
        found = next((one for one in self._search(reference) if one.status in live), None)
        return answers.sent(found.id, self._members(found.id), self._links(found.id)) if found else None

    def _search(self, reference: str) -> list[Agreement]:
        """All agreements that bear our reference, the liveliest first."""
        found, cursor = [], ""
        while True:
            asked = {"externalId": reference, "showHiddenAgreements": "true"}
            page = self._api.ask(
                shapes.AgreementPage,
                "GET",
                "/agreements",
                params=asked | ({"cursor": cursor} if cursor else {}),
            )
            for listed in page.user_agreement_list:
                agreement = self._agreement(listed.id)
                if agreement.reference != reference:
                    # a search that does not filter would have us take over another convention's agreement
                    raise Retryable(
                        "adobe_sign_search_unreliable",
                        "Adobe Acrobat Sign a mal filtré une recherche ; elle sera refaite.",
                    )
                found.append(agreement)
            if not (cursor := page.page.next_cursor or ""):
                return sorted(found, key=lambda one: one.rank)

    def _agreement(self, ref: str) -> Agreement:
        return self._api.fetch(Agreement, answers.path(ref))[0]

    def _members(self, ref: str) -> Members:
        return self._api.fetch(Members, f"{answers.path(ref)}/members")[0]

    def _events(self, ref: str) -> Events:
        return self._api.fetch(Events, f"{answers.path(ref)}/events")[0]

    def _links(self, ref: str) -> Mapping[str, str]:
        """By e-mail address; only of those who may sign now, and none once it is over."""
        answer = self._api.request(
            "GET", f"{answers.path(ref)}/signingUrls", params={"expiry": _LINK_SECONDS}, expect=(404, 409)
        )
        if answer.status in (404, 409):
            return {}
        return self._api.shaped(shapes.SigningUrls, "GET", answer).by_email

    # --- following

    def progress(self, provider_ref: str) -> Progress:
        agreement = self._agreement(provider_ref)
        return answers.progress(agreement, self._members(provider_ref), self._events(provider_ref))

    def remind(self, provider_ref: str, signer_ref: str) -> None:
        """Without a delay or a frequency the reminder leaves at once, and once."""
        refused = Refused(
            "reminder_not_possible",
            "Ce signataire ne peut pas être relancé : pas encore son tour, ou déjà répondu.",
        )
        found = next((one for one in self._members(provider_ref).sets if one.id == signer_ref), None)
        if found is None:
            raise NotFound(
                "adobe_sign_not_found", "Adobe Acrobat Sign ne connaît pas (ou plus) ce signataire."
            )
        if not found.may_be_reminded:
            raise refused
        body = {"recipientParticipantIds": found.active_members, "status": "ACTIVE"}
        path = f"{answers.path(provider_ref)}/reminders"
        answer = self._api.request("POST", path, json=body, expect=(403, 404, 409))
        if answer.status in (404, 409) or code_of(answer).startswith("CANNOT_CREATE_REMINDER"):
            raise refused
        if answer.status == 403:
            raise self._api.failure("POST", answer)

    def cancel(self, provider_ref: str, reason: str) -> None:
        path, status = answers.path(provider_ref), 0
        told = {"comment": requests.plain(reason, 500), "notifyOthers": True}
        for _ in range(_ROUNDS):
            agreement, etag = self._api.fetch(Agreement, path)
            if agreement.status is RequestStatus.COMPLETED:
                raise Refused(
                    "already_signed", "La convention est déjà signée : elle ne peut plus être annulée."
                )
            if agreement.status in (RequestStatus.CANCELLED, RequestStatus.EXPIRED):
                return
            status = self._api.request(
                "PUT",
                f"{path}/state",
                json={"state": "CANCELLED", "agreementCancellationInfo": told},
                headers={"If-Match": etag} if etag else {},
                expect=(403, 412),
            ).status
            if status not in (403, 412):
                return
        if status == 412:
            raise Retryable("adobe_sign_busy", "La demande change chez Adobe ; l'annulation sera refaite.")
        raise Permanent(
            "adobe_sign_refused",
            "Adobe Acrobat Sign a refusé d'annuler cette demande : annulez-la dans Adobe.",
        )

    # --- collecting

    def signed_file(self, provider_ref: str) -> bytes:
        params = {"attachAuditReport": "false", "attachSupportingDocuments": "false"}
        return answers.whole_pdf(self._download(provider_ref, "/combinedDocument", params))

    def proof(self, provider_ref: str) -> tuple[ProofFile, ...]:
        """The audit report, and the list of events as it was delivered."""
        report = answers.whole_pdf(self._download(provider_ref, "/auditTrail", {}))
        answer = self._api.request("GET", f"{answers.path(provider_ref)}/events")
        if not self._api.shaped(Events, "GET", answer).events:
            raise answers.not_ready()
        return ProofFile("pdf", report), ProofFile("json", answer.body)

    def _download(self, ref: str, path: str, params: Mapping[str, str]) -> bytes:
        """Adobe hands both out before the end as well: what is unsigned is not asked for."""
        status = self._agreement(ref).status
        if status in (RequestStatus.CANCELLED, RequestStatus.EXPIRED):
            raise Refused(
                "not_signed", "Cette demande s'est terminée sans signature : il n'y a rien à télécharger."
            )
        if status is not RequestStatus.COMPLETED:
            raise answers.not_ready()
        answer = self._api.request("GET", answers.path(ref) + path, params=params, expect=(404,))
        if answer.status == 404:
            raise answers.not_ready()
        return answer.body

    # --- callbacks

    def verify(self, headers: Mapping[str, str], raw: bytes) -> Verdict:  # noqa: ARG002 # the body is not signed
        tokens = self._config.tokens
        if not tokens:
            return Verdict.NOT_CONFIGURED
        ours = callbacks.has_token(tokens, headers) and callbacks.known_client(self._config.clients, headers)
        return Verdict.VERIFIED if ours else Verdict.INVALID

    def echo(self, headers: Mapping[str, str]) -> Mapping[str, str]:
        known = callbacks.known_client(self._config.clients, headers)
        return {callbacks.CLIENT_ID: known} if known else {}

    def event_key(self, headers: Mapping[str, str], raw: bytes) -> str:  # noqa: ARG002 # the contract's
        return callbacks.event_id(raw) or hashlib.sha256(raw).hexdigest()

    def parse(self, raw: bytes) -> tuple[Callback, ...]:
        callback = callbacks.callback(raw)
        return (callback,) if callback else ()

    # --- the operator's

    def subscribe(self, callback_url: str) -> str:
        return Webhooks(self._api).subscribe(callback_url, self._config.token)

    def check(self) -> tuple[Finding, ...]:
        tokens = self._config.tokens
        try:
            self._api.ask(shapes.AgreementPage, "GET", "/agreements", params={"pageSize": "1"})
            disabled = bool(tokens) and Webhooks(self._api).are_disabled(tokens)
        except ParapheError as error:
            return (Finding(False, error.detail),)
        line = Finding(True, "Adobe Acrobat Sign répond et accepte l'accès du hub.")
        if not tokens:
            wanted = "PARAPHE_ADOBE_SIGN_WEBHOOK_SECRET manque (20 lettres ou chiffres au moins)."
            return line, Finding(False, f"Adobe Acrobat Sign : rappels refusés tant que {wanted}")
        if disabled:
            again = "relancez : flask --app app callbacks subscribe"
            return line, Finding(
                False, f"Adobe Acrobat Sign a désactivé les rappels, trop souvent en échec ; {again}"
            )
        return (line,)
