"""What each call may send, written from the published guides: forms only, unknown fields are refused."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from sandbox.signing.forms import Email, Phone

EVENTS = frozenset(
    [f"transaction.lifecycle.{name}" for name in ("created", "started", "paused", "cancelled", "expired")]
    + [
        "transaction.lifecycle.completed",
        "transaction.chat.message.received",
        "identity-validation.processed",
    ]
    + [f"action.{name}" for name in ("opened", "closed", "stalled", "reminder.sent", "manualreminder.sent")]
    + ["action.waitingperiod.cancelled", "action.waitingperiod.ended"]
    + [f"apikey.{name}" for name in ("created", "updated", "deleted")]
)
LONGEST_MINUTES, REMINDERS_APART_HOURS = 60 * 24 * 60, 24


def _hours(value: Any) -> Any:
    """``[0,48,72]``, or the key repeated."""
    if isinstance(value, list) and len(value) == 1 and value[0].startswith("["):
        try:
            return json.loads(value[0])
        except ValueError:
            raise ValueError("is not a list") from None
    return value


def _schedule(hours: list[int]) -> list[int]:
    if any(then - first < REMINDERS_APART_HOURS for first, then in pairwise(hours)):
        raise ValueError("reminders must be at least 24 hours apart")
    return hours


def _secure(value: str) -> str:
    """https, except on the machine itself: the sandbox has no certificate."""
    parts = urlsplit(value)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        raise ValueError("only secure URLs are accepted")
    return value


def _events(names: list[str]) -> list[str]:
    if unknown := set(names) - EVENTS:
        raise ValueError(f"{len(unknown)} unknown event types")
    return names


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewTransaction(Form):
    name: str | None = Field(None, min_length=1, max_length=100)
    language: Literal["bg", "ca", "nl", "en", "fr", "de", "it", "pl", "pt", "ro", "es"] = "fr"
    duration: int = Field(20_160, ge=1, le=LONGEST_MINUTES)


class NewDocument(Form):
    document: str
    name: str | None = None


class NewField(Form):
    """The block is 200 by 50; without a page the signature is not shown."""

    type: Literal["signature", "visa"] = "signature"
    name: str | None = None
    page: int | None = Field(None, ge=1)
    x: int = Field(0, ge=0)
    y: int = Field(0, ge=0)


class Assignment(Form):
    signer: list[Email]
    field: str


class NewParticipant(Form):
    email: Email
    full_name: str | None = Field(None, min_length=1, max_length=255)
    phone_number: Phone | None = None
    phone_number_type: Literal["suggestion", "flex_prerequisite", "prerequisite"] = "suggestion"
    min_signature_level: Literal["level0", "level1", "level2", "level3", "level4"] = "level1"
    schedule: Annotated[list[int], BeforeValidator(_hours), AfterValidator(_schedule)] | None = None
    invitation_subject: str | None = None
    invitation_message: str | None = None
    reminder_subject: str | None = None
    reminder_message: str | None = None


class Sequencing(Form):
    before: list[Email]
    after: list[Email]
    delete: bool = False


class Reminder(Form):
    email: Email | None = None


class NewEndpoint(Form):
    name: str = Field(min_length=1)
    url: Annotated[str, AfterValidator(_secure)]
    event_types: Annotated[list[str], AfterValidator(_events)]
    workspace_id: str | None = None


class Nothing(Form):
    """The form of a call that takes no argument."""
