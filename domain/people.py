"""Who of the firm may press its buttons. Read from ``PARAPHE_BUTTONS_*``."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel, ConfigDict, Field, field_validator


class ButtonSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    people: str = Field(
        default="",
        description="adresses de courriel des personnes du cabinet qui peuvent ouvrir les pages des boutons, "
        "séparées par des virgules",
    )

    @field_validator("people")
    @classmethod
    def _people(cls, value: str) -> str:
        if any(address_of(one) is None for one in _parts(value)):
            raise ValueError("une adresse de courriel n'est pas valable ; corrigez la liste")
        return value

    @property
    def addresses(self) -> frozenset[str]:
        """As ``address_of`` writes them."""
        return frozenset(found for one in _parts(self.people) if (found := address_of(one)))


def address_of(text: str) -> str | None:
    """An address in the one form that is compared, or None for what is none. Capitals never tell two people
    of one firm apart, whatever RFC 5321 (2.4) allows."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.casefold()
    except EmailNotValidError:
        return None


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]
