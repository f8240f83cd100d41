"""What each call may send, written from the published description: every value is a text, unknown keys are
refused. What DocuSign knows and the stand-in does not simulate (templates, other recipients, other tabs) is
left out, so it is refused rather than silently ignored."""

# ruff: noqa: N815 # the names are DocuSign's

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from sandbox.signing.forms import Email, Strict

EVENTS = frozenset(
    [f"envelope-{name}" for name in ("created", "sent", "resent", "delivered", "completed", "declined")]
    + [f"envelope-{name}" for name in ("voided", "corrected", "purge", "deleted", "discard")]
    + [f"recipient-{name}" for name in ("sent", "resent", "delivered", "completed", "declined")]
    + [f"recipient-{name}" for name in ("authenticationfailed", "autoresponded", "reassign", "delegate")]
)


def _name(value: str) -> str:
    if value != value.strip() or not value.isprintable() or re.search(r"[<>]|&#", value):
        raise ValueError("contains characters that are not accepted")
    return value


def _events(values: list[str]) -> list[str]:
    if not set(values) <= EVENTS:
        raise ValueError("holds an event that is not known")
    return values


Flag = Literal["true", "false"]
Included = Literal["recipients", "custom_fields", "documents", "tabs", "extensions"]
Number = Annotated[str, Field(pattern=r"^-?\d{1,6}(\.\d{1,4})?$")]
Whole = Annotated[str, Field(pattern=r"^\d{1,6}$")]
Subject = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\r\n]+$")]


class NewDocument(Strict):
    documentId: Whole
    name: Annotated[str, Field(min_length=1, max_length=100)]
    fileExtension: Literal["pdf"]
    documentBase64: Annotated[str, Field(min_length=1)]


class SignHere(Strict):
    """By anchor, or by page and position."""

    documentId: Whole | None = None
    anchorString: Annotated[str, Field(min_length=1)] | None = None
    anchorUnits: Literal["pixels", "inches", "mms", "cms"] = "pixels"
    anchorXOffset: Number = "0"
    anchorYOffset: Number = "0"
    anchorCaseSensitive: Flag = "false"
    anchorMatchWholeWord: Flag = "false"
    anchorIgnoreIfNotPresent: Flag = "false"
    pageNumber: Whole | None = None
    xPosition: Number | None = None
    yPosition: Number | None = None


class Tabs(Strict):
    signHereTabs: list[SignHere] = Field(default_factory=list)


class EmailNotification(Strict):
    supportedLanguage: Annotated[str, Field(pattern=r"^[a-z]{2}(_[A-Z]{2})?$")] | None = None
    emailSubject: Subject | None = None
    emailBody: Annotated[str, Field(max_length=10_000)] | None = None


class PhoneNumber(Strict):
    countryCode: Annotated[str, Field(pattern=r"^\d{1,3}$")]
    number: Annotated[str, Field(pattern=r"^\d{4,14}$")]


class InputOption(Strict):
    name: Literal["phone_number_list"]
    valueType: Literal["PhoneNumberList"]
    phoneNumberList: Annotated[list[PhoneNumber], Field(min_length=1)]


class IdentityVerification(Strict):
    workflowId: str
    inputOptions: list[InputOption] = Field(default_factory=list)


class ProviderOptions(Strict):
    sms: Annotated[str, Field(pattern=r"^\+\d{6,15}$")] | None = None
    oneTimePassword: str | None = None


class SignatureProvider(Strict):
    signatureProviderName: str
    signatureProviderOptions: ProviderOptions = ProviderOptions()


class NewSigner(Strict):
    recipientId: Whole
    routingOrder: Whole = "1"
    name: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_name)]
    email: Annotated[Email, Field(max_length=100)]
    emailNotification: EmailNotification | None = None
    tabs: Tabs = Tabs()
    identityVerification: IdentityVerification | None = None
    recipientSignatureProviders: list[SignatureProvider] = Field(default_factory=list)


class NewRecipients(Strict):
    signers: Annotated[list[NewSigner], Field(min_length=1)]

    @model_validator(mode="after")
    def _each_once(self) -> NewRecipients:
        if len({one.recipientId for one in self.signers}) != len(self.signers):
            raise ValueError("recipientId is not unique")
        return self


class TextField(Strict):
    name: Annotated[str, Field(min_length=1, max_length=50)]
    value: Annotated[str, Field(max_length=100)]
    show: Flag = "false"
    required: Flag = "false"


class CustomFields(Strict):
    textCustomFields: list[TextField] = Field(default_factory=list)


class Reminders(Strict):
    reminderEnabled: Flag = "false"
    reminderDelay: Whole | None = None
    reminderFrequency: Whole | None = None


class Expirations(Strict):
    expireEnabled: Flag = "false"
    expireAfter: Annotated[str, Field(pattern=r"^\d{1,3}$")] = "120"
    expireWarn: Whole = "0"


class Notification(Strict):
    useAccountDefaults: Flag = "true"
    reminders: Reminders = Reminders()
    expirations: Expirations = Expirations()


class NewEnvelope(Strict):
    status: Literal["sent", "created"]
    emailSubject: Subject
    emailBlurb: Annotated[str, Field(max_length=10_000)] | None = None
    transactionId: Annotated[str, Field(pattern=r"^[0-9a-fA-F-]{36}$")] | None = None
    allowReassign: Flag = "true"
    enableWetSign: Flag = "true"
    envelopeIdStamping: Flag = "true"
    documents: Annotated[list[NewDocument], Field(min_length=1, max_length=1)]
    recipients: NewRecipients
    customFields: CustomFields | None = None
    notification: Notification = Notification()


class EnvelopeChange(Strict):
    """Voiding, or sending a draft."""

    status: Literal["voided", "sent"]
    voidedReason: Annotated[str, Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _voided_with_a_reason(self) -> EnvelopeChange:
        if self.status == "voided" and not self.voidedReason:
            raise ValueError("voidedReason is required")
        return self


class SignerChange(Strict):
    """A recipient of a live envelope: a name or an e-mail is a correction."""

    recipientId: Whole
    name: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_name)] | None = None
    email: Annotated[Email, Field(max_length=100)] | None = None


class RecipientsChange(Strict):
    signers: Annotated[list[SignerChange], Field(min_length=1)]


class EventData(Strict):
    version: Literal["restv2.1"] | None = None
    format: str | None = None
    includeData: list[Literal["recipients", "custom_fields", "documents", "tabs", "extensions"]] = Field(
        default_factory=list
    )


class NewConfiguration(Strict):
    configurationType: Literal["custom"]
    name: Annotated[str, Field(min_length=1)]
    urlToPublishTo: Annotated[str, Field(pattern=r"^https?://")]
    allowEnvelopePublish: Flag = "false"
    allUsers: Flag = "false"
    enableLog: Flag = "false"
    requiresAcknowledgement: Flag = "false"
    includeHMAC: Flag = "false"
    deliveryMode: Literal["SIM", "aggregate"] = "aggregate"
    events: Annotated[list[str], AfterValidator(_events)] = Field(default_factory=list)
    eventData: EventData = EventData()


class ConfigurationChange(NewConfiguration):
    connectId: str
