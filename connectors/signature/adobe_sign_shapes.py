"""What Acrobat Sign answers, as typed shapes; an unknown status is not guessed at. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from domain.signature import RequestStatus

PREPARING = "DOCUMENTS_NOT_YET_PROCESSED"
_REQUEST_STATUS = {
    **dict.fromkeys(("DRAFT", "AUTHORING", "PREFILL"), RequestStatus.DRAFT),
    **dict.fromkeys(
        (
            *(PREPARING, "OUT_FOR_SIGNATURE", "OUT_FOR_APPROVAL", "OUT_FOR_ACCEPTANCE", "OUT_FOR_DELIVERY"),
            *("OUT_FOR_FORM_FILLING", "WAITING_FOR_FAXIN", "WAITING_FOR_VERIFICATION"),
        ),
        RequestStatus.ONGOING,
    ),
    **dict.fromkeys(
        ("SIGNED", "APPROVED", "ACCEPTED", "DELIVERED", "FORM_FILLED", "ARCHIVED"), RequestStatus.COMPLETED
    ),
    **dict.fromkeys(("CANCELLED", "ABORTED"), RequestStatus.CANCELLED),
    "EXPIRED": RequestStatus.EXPIRED,
}
ASKED = frozenset(
    f"WAITING_FOR_MY_{what}"
    for what in (
        *("SIGNATURE", "APPROVAL", "ACCEPTANCE", "ACKNOWLEDGEMENT", "FORM_FILLING", "DELEGATION"),
        "VERIFICATION",
    )
)
_SET_STATUS = ASKED | {
    *("NOT_YET_VISIBLE", "WAITING_FOR_OTHERS", "WAITING_FOR_AUTHORING", "WAITING_FOR_PREFILL"),
    *("COMPLETED", "CANCELLED", "EXPIRED"),
}
UNREADABLE = "AUTO_CANCELLED_CONVERSION_PROBLEM"
ID = re.compile(r"[0-9A-Za-z_*-]{1,200}")
_LIVELIEST = (
    RequestStatus.ONGOING,
    RequestStatus.COMPLETED,
    RequestStatus.DECLINED,
    RequestStatus.EXPIRED,
    RequestStatus.CANCELLED,
    RequestStatus.DRAFT,
)


def _is_id(value: str) -> str:
    if not ID.fullmatch(value):
        raise ValueError("not an identifier")
    return value


def _known(words: Mapping[str, object] | frozenset[str]) -> AfterValidator:
    def check(word: str) -> str:
        if word not in words:
            raise ValueError("not a status that Adobe documents")
        return word

    return AfterValidator(check)


Id = Annotated[str, AfterValidator(_is_id)]


class _Answer(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)


class Created(_Answer):
    """Of an agreement, a reminder or a webhook."""

    id: Id


class Uploaded(_Answer):
    transient_document_id: str = Field(min_length=1)


class ExternalId(_Answer):
    id: str | None = None


class Agreement(_Answer):
    id: Id
    word: Annotated[str, _known(_REQUEST_STATUS)] = Field(alias="status")
    external_id: ExternalId | None = None

    @property
    def reference(self) -> str | None:
        return self.external_id.id if self.external_id else None

    @property
    def status(self) -> RequestStatus:
        return _REQUEST_STATUS[self.word]

    @property
    def is_preparing(self) -> bool:
        """Whether Adobe is still making it of the document: nobody was asked yet."""
        return self.word == PREPARING

    @property
    def rank(self) -> int:
        """Lower is livelier, among several agreements for one reference."""
        return _LIVELIEST.index(self.status)


class Page(_Answer):
    next_cursor: str | None = None


class Listed(_Answer):
    id: Id


class AgreementPage(_Answer):
    user_agreement_list: list[Listed]
    page: Page = Page()


class Member(_Answer):
    id: Id
    email: str
    status: str = "ACTIVE"


class ParticipantSet(_Answer):
    id: Id
    status: Annotated[str, _known(_SET_STATUS)]
    role: str = "SIGNER"
    name: str | None = None
    member_infos: list[Member]

    @property
    def may_be_reminded(self) -> bool:
        return self.status in ASKED

    @property
    def active_members(self) -> list[str]:
        return [member.id for member in self.member_infos if member.status == "ACTIVE"]

    @property
    def emails(self) -> set[str]:
        """Those replaced since included: the set is still the one that was asked."""
        return {member.email.casefold() for member in self.member_infos}

    def is_of(self, event: Event) -> bool:
        if event.participant_id:
            return event.participant_id in {self.id, *(member.id for member in self.member_infos)}
        return (event.participant_email or "").casefold() in self.emails


class Members(_Answer):
    everybody: list[ParticipantSet] = Field(alias="participantSets")

    @property
    def sets(self) -> list[ParticipantSet]:
        """Those who sign, in the order of their creation."""
        return [one for one in self.everybody if one.role not in ("SENDER", "SHARE")]


class Event(_Answer):
    type: str
    date: AwareDatetime
    participant_id: str | None = None
    participant_email: str | None = None
    comment: str | None = None


class Events(_Answer):
    events: list[Event]


class SigningUrl(_Answer):
    email: str
    esign_url: str


class SigningUrlSet(_Answer):
    signing_urls: list[SigningUrl]


class SigningUrls(_Answer):
    signing_url_set_infos: list[SigningUrlSet]

    @property
    def by_email(self) -> dict[str, str]:
        return {
            one.email.casefold(): one.esign_url
            for some in self.signing_url_set_infos
            for one in some.signing_urls
        }


class WebhookUrl(_Answer):
    url: str


class Webhook(_Answer):
    id: Id
    status: str | None = None
    webhook_url_info: WebhookUrl

    @property
    def url(self) -> str:
        return self.webhook_url_info.url


class WebhookPage(_Answer):
    user_webhook_list: list[Webhook]
    page: Page = Page()
