"""What each call may send, written from the published description: unknown keys are refused, types are
strict. What Yousign knows and the stand-in does not simulate (templates, contacts, approvers, stages)
is left out, so it is refused rather than silently ignored."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, model_validator

from sandbox.signing.forms import Email, Phone, Strict, WebAddress
from sandbox.yousign.events import EVENTS, SCOPES

_URL_IN_TEXT = re.compile(r"https?:|www\.|[<>]", re.IGNORECASE)
_NAME_MARKS = " '`()-"


def _is_name_character(character: str) -> bool:
    return character in _NAME_MARKS or (
        character.isalpha() and unicodedata.name(character, "").startswith("LATIN ")
    )


def _person_name(value: str) -> str:
    if value != value.strip() or not all(_is_name_character(character) for character in value):
        raise ValueError("contains forbidden characters")
    return value


def _safe(value: str) -> str:
    if _URL_IN_TEXT.search(value) or not value.isprintable():
        raise ValueError("is not a safe string")
    return value


def _reachable(value: str) -> str:
    """China receives no code."""
    if value.startswith("+86"):
        raise ValueError("is not a valid phone number")
    return value


def _uuid(value: str) -> str:
    UUID(value)
    return value


def _day(value: str) -> str:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("is not a date")
    date.fromisoformat(value)
    return value


def _timezone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("is not a timezone")
    return value


def _document_name(value: str) -> str:
    if value != value.strip() or "/" in value or "\\" in value:
        raise ValueError("contains forbidden characters")
    return value


Safe = Annotated[str, AfterValidator(_safe)]
PersonName = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_person_name)]
Url = Annotated[WebAddress, Field(min_length=1, max_length=255)]
Id = Annotated[str, AfterValidator(_uuid)]
Day = Annotated[str, AfterValidator(_day)]
Locale = Literal["en", "fr", "de", "it", "nl", "es", "pl"]
Subject = Annotated[str, Field(min_length=1, max_length=512), AfterValidator(_safe)]
Body = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_safe)]


class Reminders(Strict):
    interval_in_days: Literal[1, 2, 7, 14]
    max_occurrences: int = Field(ge=1, le=10)


class CustomText(Strict):
    request_subject: Subject | None = None
    request_body: Body | None = None
    reminder_subject: Subject | None = None
    reminder_body: Body | None = None


class EmailSender(Strict):
    type: Literal["organization", "workspace", "custom", "user"]
    custom_name: Annotated[str, Field(min_length=1, max_length=128), AfterValidator(_safe)] | None = None


class EmailNotification(Strict):
    sender: EmailSender | None = None
    custom_note: Annotated[str, Field(max_length=2000), AfterValidator(_safe)] | None = None
    custom_text: CustomText | None = None


class NewRequest(Strict):
    name: Annotated[str, Field(min_length=1, max_length=128), AfterValidator(_safe)]
    delivery_mode: Literal["none", "email"]
    ordered_signers: bool = False
    reminder_settings: Reminders | None = None
    timezone: Annotated[str, AfterValidator(_timezone)] = "Europe/Paris"
    email_custom_note: Annotated[str, Field(max_length=500), AfterValidator(_safe)] | None = None
    expiration_date: Day | None = None
    external_id: Annotated[str, Field(max_length=255, pattern=r"^[\w\-@.%+]+$")] | None = None
    workspace_id: Id | None = None
    audit_trail_locale: Literal["de", "en", "es", "fr", "it", "pt", "ro"] | None = None
    signers_allowed_to_decline: bool = False
    email_notification: EmailNotification | None = None
    archiving: Literal["archive", "archive_y"] | None = None


class NewDocument(Strict):
    """The text parts of the multipart body."""

    nature: Literal["attachment", "signable_document"]
    name: Annotated[str, Field(min_length=1, max_length=128), AfterValidator(_document_name)] | None = None
    insert_after_id: Id | None = None
    parse_anchors: Literal["true", "false", "1", "0"] = "false"


class SignerInfo(Strict):
    first_name: PersonName
    last_name: PersonName
    email: Annotated[Email, Field(min_length=1, max_length=100)]
    phone_number: Annotated[Phone, AfterValidator(_reachable)] | None = None
    locale: Locale


class SignatureField(Strict):
    document_id: Id
    type: Literal["signature"]
    page: int = Field(ge=1)
    x: int = Field(ge=0, le=32767)
    y: int = Field(ge=0, le=32767)
    width: int = Field(default=85, ge=85, le=2000)
    height: int = Field(default=37, ge=37, le=1000)
    reason: PersonName | None = Field(default=None, max_length=150)


class RedirectUrls(Strict):
    success: Url | None = None
    error: Url | None = None
    decline: Url | None = None


class OtpMessage(Strict):
    custom_text: Annotated[str, Field(min_length=1), AfterValidator(_safe)]


class SmsNotification(Strict):
    otp_message: OtpMessage


class SignerEmails(Strict):
    disabled: list[str]


class NewSigner(Strict):
    info: SignerInfo
    signature_level: Literal[
        "electronic_signature", "advanced_electronic_signature", "qualified_electronic_signature"
    ]
    signature_authentication_mode: Literal["otp_email", "otp_sms", "no_otp"] | None = None
    fields: list[SignatureField] = Field(default_factory=list)
    insert_after_id: Id | None = None
    redirect_urls: RedirectUrls | None = None
    custom_text: CustomText | None = None
    delivery_mode: Literal["email", "none"] | None = None
    sms_notification: SmsNotification | None = None
    email_notification: SignerEmails | None = None

    @model_validator(mode="after")
    def _level_allows_the_mode(self) -> NewSigner:
        allowed = {
            "electronic_signature": ("no_otp", "otp_email", "otp_sms"),
            "advanced_electronic_signature": ("otp_sms",),
            "qualified_electronic_signature": (None,),
        }[self.signature_level]
        if self.signature_authentication_mode not in allowed:
            raise ValueError("signature_authentication_mode is not allowed for this signature_level")
        if self.signature_authentication_mode == "otp_sms" and self.info.phone_number is None:
            raise ValueError("info.phone_number is required for otp_sms")
        return self


class Cancellation(Strict):
    reason: Literal["contractualization_aborted", "errors_in_document", "other"]
    custom_note: Annotated[str, Field(max_length=500), AfterValidator(_safe)] | None = None


class Reactivation(Strict):
    expiration_date: Day


class Activation(Strict):
    """An empty body, or an empty object."""


def _known(known: frozenset[str]) -> AfterValidator:
    def check(values: list[str]) -> list[str]:
        if values != ["*"] and not set(values) <= known:
            raise ValueError("holds a value that is not known")
        return values

    return AfterValidator(check)


class WebhookPatch(Strict):
    endpoint: Annotated[WebAddress, Field(max_length=1024)] | None = None
    description: Annotated[str, Field(max_length=128)] | None = None
    sandbox: bool | None = None
    subscribed_events: Annotated[list[str], _known(EVENTS)] | None = None
    secret_key: Annotated[str, Field(min_length=32, max_length=32)] | None = None
    scopes: Annotated[list[str], _known(SCOPES)] | None = None
    workspaces: list[str] | None = None
    auto_retry: bool | None = None
    enabled: bool | None = None


class NewWebhook(WebhookPatch):
    endpoint: Annotated[WebAddress, Field(max_length=1024)]
    sandbox: bool
    subscribed_events: Annotated[list[str], _known(EVENTS)]
    scopes: Annotated[list[str], _known(SCOPES)]
    workspaces: list[str] = Field(default_factory=lambda: ["*"])
    auto_retry: bool
    enabled: bool
