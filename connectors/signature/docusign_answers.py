"""What DocuSign answers, as typed shapes in the hub's vocabulary; an unknown status is not guessed at.
Pure.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from connectors.signature.docusign_requests import OURS, REFERENCE_FIELD, human_name
from domain.errors import NotFound, Permanent, Retryable
from domain.signature import (
    Progress,
    RequestStatus,
    Sent,
    SentSigner,
    SignerProgress,
    SignerStatus,
    SigningOrder,
)

_ENVELOPE_STATUS = {
    "created": RequestStatus.DRAFT,
    **dict.fromkeys(("sent", "delivered", "signed", "correct", "processing"), RequestStatus.ONGOING),
    "completed": RequestStatus.COMPLETED,
    "declined": RequestStatus.DECLINED,
    **dict.fromkeys(("voided", "deleted"), RequestStatus.CANCELLED),
}
_SIGNER_STATUS = {
    "created": SignerStatus.WAITING,
    # the answer of a mail robot: the message may have arrived all the same
    **dict.fromkeys(("sent", "autoresponded", "faxpending"), SignerStatus.NOTIFIED),
    "delivered": SignerStatus.OPENED,  # opened in the browser, not delivered by e-mail
    **dict.fromkeys(("signed", "completed"), SignerStatus.SIGNED),
    "declined": SignerStatus.DECLINED,
}
ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_EXPIRED = re.compile(r"expir", re.IGNORECASE)  # its wording depends on the account's language
_NOT_READY_SECONDS = 20.0
_LIVELIEST = (
    RequestStatus.ONGOING,
    RequestStatus.COMPLETED,
    RequestStatus.DECLINED,
    RequestStatus.EXPIRED,
    RequestStatus.CANCELLED,
    RequestStatus.DRAFT,
)

#: DocuSign writes a date it does not have as nothing, null or an empty text
Moment = Annotated[AwareDatetime | None, BeforeValidator(lambda value: value or None)]


def _known(table: dict[str, SignerStatus] | dict[str, RequestStatus]) -> BeforeValidator:
    def check(word: object) -> str:
        if isinstance(word, str) and word.lower() in table:
            return word.lower()
        raise ValueError("not a status that DocuSign documents")

    return BeforeValidator(check)


class _Remote(BaseModel):
    """DocuSign's names in ours."""

    model_config = ConfigDict(alias_generator=to_camel)


class RemoteSigner(_Remote):
    recipient_id: str = Field(pattern=ID.pattern)
    status: Annotated[str, _known(_SIGNER_STATUS)]
    name: str = ""
    email: str = ""
    signed_date_time: Moment = None
    declined_reason: str | None = None

    @property
    def is_asked(self) -> bool:
        """Whether the invitation went out and nothing was decided yet."""
        return _SIGNER_STATUS[self.status] in (SignerStatus.NOTIFIED, SignerStatus.OPENED)

    @property
    def person(self) -> tuple[str, str]:
        return self.name.casefold(), self.email.casefold()


class Recipients(_Remote):
    signers: list[RemoteSigner]


class _TextField(_Remote):
    name: str = ""
    value: str | None = None


class _CustomFields(_Remote):
    text_custom_fields: list[_TextField] = []


class Envelope(_Remote):
    envelope_id: str = Field(pattern=ID.pattern)
    status_word: Annotated[str, _known(_ENVELOPE_STATUS), Field(alias="status")]
    sent_date_time: Moment = None
    completed_date_time: Moment = None
    voided_date_time: Moment = None
    voided_reason: str | None = None
    expire_date_time: Moment = None
    transaction_id: str | None = None
    recipients: Recipients | None = None
    custom_fields: _CustomFields | None = None

    @property
    def status(self) -> RequestStatus:
        if self.status_word == "voided" and self._expired:
            return RequestStatus.EXPIRED
        return _ENVELOPE_STATUS[self.status_word]

    @property
    def _expired(self) -> bool:
        """DocuSign voids what expires. Our own cancellations are marked; others are told by the moment,
        and by the reason when the moment is near or not known."""
        if (self.voided_reason or "").startswith(OURS):
            return False
        says_so = bool(_EXPIRED.search(self.voided_reason or ""))
        if self.voided_date_time is None or self.expire_date_time is None:
            return says_so
        early = self.expire_date_time - self.voided_date_time
        return early <= timedelta(0) or (says_so and early < timedelta(days=1))

    @property
    def was_sent(self) -> bool:
        return self.sent_date_time is not None and self.status is not RequestStatus.DRAFT

    @property
    def rank(self) -> tuple[int, datetime | None]:
        """Lower is livelier, among several envelopes for one reference."""
        return _LIVELIEST.index(self.status), self.sent_date_time

    @property
    def reference(self) -> str | None:
        fields = self.custom_fields.text_custom_fields if self.custom_fields else []
        return next((one.value for one in fields if one.name == REFERENCE_FIELD), None)

    @property
    def signers(self) -> list[RemoteSigner]:
        """In the order of their numbers, which are ours."""
        found = self.recipients.signers if self.recipients else []
        return sorted(found, key=lambda one: (len(one.recipient_id), one.recipient_id))

    def progress(self) -> Progress:
        return Progress(
            self.status,
            tuple(
                SignerProgress(one.recipient_id, _SIGNER_STATUS[one.status], one.signed_date_time)
                for one in self.signers
            ),
            self.completed_date_time,
            next((one.declined_reason for one in self.signers if one.declined_reason), None),
        )

    def sent(self) -> Sent:
        return Sent(
            self.envelope_id,
            tuple(SentSigner(f"s{one.recipient_id}", one.recipient_id, None) for one in self.signers),
        )

    def sent_to(self, order: SigningOrder) -> Sent:
        """``sent``, of an order. Raises Permanent when its signers are no longer those of the order."""
        asked = [(human_name(one.full_name).casefold(), one.email.casefold()) for one in order.signers]
        if [one.person for one in self.signers] != asked:
            raise Permanent(
                "docusign_signers_differ",
                "Les signataires ont été changés dans DocuSign : vérifiez l'enveloppe dans DocuSign, puis "
                "annulez-la et renvoyez la convention.",
            )
        numbers = [one.recipient_id for one in self.signers]
        pairs = zip(order.signers, numbers, strict=True)
        return Sent(self.envelope_id, tuple(SentSigner(one.key, number, None) for one, number in pairs))


class _Transaction(_Remote):
    """An envelope as a search by transaction may tell it; one that is not known has no identifier."""

    transaction_id: str | None = None
    envelope_id: str | None = None


class EnvelopePage(_Remote):
    """The answer to a search. DocuSign leaves a list out when it is empty."""

    result_set_size: str | None = None
    envelopes: list[Envelope] | None = None
    envelope_transaction_statuses: list[_Transaction] | None = None

    @model_validator(mode="after")
    def _answers(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("not the answer to a search")
        return self

    def made_by(self, transaction_id: str) -> list[str]:
        """The envelopes told by their transaction alone."""
        told = self.envelope_transaction_statuses or []
        return [one.envelope_id for one in told if one.envelope_id and one.transaction_id == transaction_id]


class Made(_Remote):
    envelope_id: str = Field(pattern=ID.pattern)


class _Outcome(_Remote):
    error_code: str | None = None


class _Updated(_Remote):
    recipient_id: str | None = None
    error_details: _Outcome | None = None


class Resent(_Remote):
    recipient_update_results: list[_Updated] = []

    @property
    def succeeded(self) -> bool:
        codes = [one.error_details.error_code for one in self.recipient_update_results if one.error_details]
        return all(code in (None, "", "SUCCESS") for code in codes)


class Workflow(_Remote):
    workflow_id: str
    default_name: str | None = None


class Workflows(_Remote):
    identity_verification: list[Workflow] = []

    @property
    def by_phone(self) -> str | None:
        """The one that sends a code by SMS, when the account has it."""
        named = {one.default_name: one.workflow_id for one in self.identity_verification}
        return named.get("Phone Authentication")


class Configuration(_Remote):
    connect_id: str
    url_to_publish_to: str = ""


class Configurations(_Remote):
    configurations: list[Configuration] = []


def whole_pdf(content: bytes) -> bytes:
    """Raises Retryable for anything but a PDF with both its ends."""
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return content
    raise not_ready()


def whole_history(content: bytes) -> bytes:
    """The history byte for byte as it came: evidence is not rewritten. Retryable unless whole."""
    try:
        history = json.loads(content)
    except (ValueError, RecursionError):
        raise not_ready() from None
    if isinstance(history, dict) and history.get("auditEvents"):
        return content
    raise not_ready()


def not_ready() -> Retryable:
    return Retryable(
        "docusign_not_ready",
        "DocuSign prépare encore les fichiers signés ; ils seront redemandés automatiquement.",
        _NOT_READY_SECONDS,
    )


def path(ref: str) -> str:
    """An envelope's path; its identifier is safe inside."""
    if ID.fullmatch(ref):
        return f"/envelopes/{ref}"
    raise not_found()


def not_found() -> NotFound:
    return NotFound("docusign_not_found", "DocuSign ne connaît pas (ou plus) cet élément.")
