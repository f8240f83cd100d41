"""What the stand-ins ask of the bodies they are sent, where all the providers ask the same."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

import phonenumbers
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+")


class Strict(BaseModel):
    """Unknown keys are refused, types are taken as they come."""

    model_config = ConfigDict(extra="forbid", strict=True)


def email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise ValueError("is not a valid email")
    return value


def phone(value: str) -> str:
    """E.164, and a number that its plan may hold."""
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        raise ValueError("is not a valid phone number") from None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if written != value or not phonenumbers.is_possible_number(number):
        raise ValueError("is not a valid phone number")
    return value


def web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is not a valid URL")
    return value


Email = Annotated[str, AfterValidator(email)]
Phone = Annotated[str, AfterValidator(phone)]
WebAddress = Annotated[str, AfterValidator(web_address)]


def faults(error: ValidationError) -> str:
    """The first faults of a body, by path; values are not echoed."""
    told = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_input=False)]
    return "; ".join(told[:5])
