"""What each call may send, written from the published description: unknown keys are refused, types are
strict. What Adobe knows and the stand-in does not simulate (library documents, copies, passwords, other
roles) is left out, so it is refused rather than silently ignored."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal

import phonenumbers
from pydantic import AfterValidator, Field, model_validator

from sandbox.signing.forms import Email, Strict, WebAddress

#: those of the description of 2020
EVENTS = frozenset(
    f"AGREEMENT_{name}"
    for name in (
        *("CREATED", "ACTION_DELEGATED", "RECALLED", "REJECTED", "EXPIRED", "ACTION_COMPLETED"),
        *("WORKFLOW_COMPLETED", "EMAIL_VIEWED", "MODIFIED", "SHARED", "READY_TO_VAULT", "VAULTED"),
        *("ACTION_REQUESTED", "ACTION_REPLACED_SIGNER", "AUTO_CANCELLED_CONVERSION_PROBLEM"),
        *("DOCUMENTS_DELETED", "EMAIL_BOUNCED", "KBA_AUTHENTICATED", "OFFLINE_SYNC"),
        *("USER_ACK_AGREEMENT_MODIFIED", "UPLOADED_BY_SENDER", "WEB_IDENTITY_AUTHENTICATED", "ALL"),
    )
)


def _moment(value: str) -> str:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", value):
        raise ValueError("is not a date and time")
    datetime.fromisoformat(value)
    return value


class PhoneInfo(Strict):
    phone: str
    countryCode: str  # noqa: N815 # Adobe's spelling, here and below
    countryIsoCode: str | None = None  # noqa: N815

    @property
    def e164(self) -> str:
        return f"+{self.countryCode}{self.phone}"

    @model_validator(mode="after")
    def _exists(self) -> PhoneInfo:
        if not (self.phone.isdecimal() and self.countryCode.isdecimal()):
            raise ValueError("phone and countryCode are digits")
        if not phonenumbers.is_possible_number(phonenumbers.parse(self.e164)):
            raise ValueError("is not a phone number")
        return self


class Security(Strict):
    authenticationMethod: Literal["NONE", "PHONE"] = "NONE"  # noqa: N815
    phoneInfo: PhoneInfo | None = None  # noqa: N815

    @model_validator(mode="after")
    def _has_its_phone(self) -> Security:
        if self.authenticationMethod == "PHONE" and self.phoneInfo is None:
            raise ValueError("phoneInfo is required for PHONE")
        return self


class MemberInfo(Strict):
    email: Email
    securityOption: Security = Security()  # noqa: N815


class ParticipantSet(Strict):
    order: int = Field(ge=1)
    role: Literal["SIGNER"]
    name: Annotated[str, Field(max_length=255)] | None = None
    memberInfos: Annotated[list[MemberInfo], Field(min_length=1, max_length=1)]  # noqa: N815


class FileInfo(Strict):
    transientDocumentId: str  # noqa: N815
    label: str | None = None


class ExternalId(Strict):
    id: str


class NewAgreement(Strict):
    name: Annotated[str, Field(min_length=1, max_length=255)]
    state: Literal["IN_PROCESS"]
    signatureType: Literal["ESIGN"]  # noqa: N815
    locale: Annotated[str, Field(pattern=r"^[a-z]{2}_[A-Z]{2}$")] | None = None
    message: str | None = None
    externalId: ExternalId | None = None  # noqa: N815
    fileInfos: Annotated[list[FileInfo], Field(min_length=1, max_length=1)]  # noqa: N815
    participantSetsInfo: Annotated[list[ParticipantSet], Field(min_length=1)]  # noqa: N815
    expirationTime: Annotated[str, AfterValidator(_moment)] | None = None  # noqa: N815

    @model_validator(mode="after")
    def _orders_follow_and_names_differ(self) -> NewAgreement:
        orders = {one.order for one in self.participantSetsInfo}
        if orders != set(range(1, len(orders) + 1)):
            raise ValueError("orders must form a consecutive sequence from 1")
        names = [one.name for one in self.participantSetsInfo if one.name]
        if len(names) != len(set(names)):
            raise ValueError("names of participant sets must be unique")
        return self


class CancellationInfo(Strict):
    comment: str | None = None
    notifyOthers: bool = False  # noqa: N815


class NewState(Strict):
    state: Literal["CANCELLED"]
    agreementCancellationInfo: CancellationInfo = CancellationInfo()  # noqa: N815


class NewReminder(Strict):
    recipientParticipantIds: Annotated[list[str], Field(min_length=1)]  # noqa: N815
    status: Literal["ACTIVE"]
    note: str | None = None


class UrlInfo(Strict):
    url: WebAddress


class AgreementEvents(Strict):
    includeDetailedInfo: bool = False  # noqa: N815
    includeParticipantsInfo: bool = False  # noqa: N815
    includeDocumentsInfo: bool = False  # noqa: N815
    includeSignedDocuments: bool = False  # noqa: N815


class ConditionalParams(Strict):
    webhookAgreementEvents: AgreementEvents = AgreementEvents()  # noqa: N815


class NewWebhook(Strict):
    name: Annotated[str, Field(min_length=1)]
    scope: Literal["ACCOUNT", "GROUP", "USER"]
    state: Literal["ACTIVE"]
    webhookSubscriptionEvents: Annotated[list[str], Field(min_length=1)]  # noqa: N815
    webhookUrlInfo: UrlInfo  # noqa: N815
    webhookConditionalParams: ConditionalParams = ConditionalParams()  # noqa: N815

    @model_validator(mode="after")
    def _events_exist(self) -> NewWebhook:
        if not set(self.webhookSubscriptionEvents) <= EVENTS:
            raise ValueError("holds an event that is not known")
        return self


class WebhookState(Strict):
    state: Literal["ACTIVE", "INACTIVE"]
