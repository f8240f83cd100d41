"""Airtable's two error envelopes (page "Errors"), and the refusals that several places make."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):  # it is an answer, not a failure
    """Without a message the body is the bare ``{"error": "NOT_FOUND"}``."""

    def __init__(self, status: int, kind: str, message: str | None = None) -> None:
        super().__init__(kind)
        self.status = status
        self.body: dict[str, Any] = {"error": kind if message is None else {"type": kind, "message": message}}


def unauthorised() -> Refusal:
    return Refusal(401, "AUTHENTICATION_REQUIRED", "Authentication required")


def hidden() -> Refusal:
    """A table or record that is missing or out of reach: Airtable does not say which."""
    return Refusal(
        403,
        "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND",
        "Invalid permissions, or the requested model was not found. Check that both your user and your "
        "token have the required permissions, and that the model names and/or ids are correct.",
    )


def forbidden() -> Refusal:
    return Refusal(403, "INVALID_PERMISSIONS", "You are not permitted to perform this operation on the table")


def not_found() -> Refusal:
    return Refusal(404, "NOT_FOUND")


def unknown_field(name: str) -> Refusal:
    return Refusal(422, "UNKNOWN_FIELD_NAME", f'Unknown field name: "{name}"')


def not_accepted(name: str) -> Refusal:
    return Refusal(422, "INVALID_VALUE_FOR_COLUMN", f'Field "{name}" cannot accept the provided value')


def computed(name: str) -> Refusal:
    return Refusal(
        422,
        "INVALID_VALUE_FOR_COLUMN",
        f'Field "{name}" cannot accept a value because the field is computed',
    )


def malformed() -> Refusal:
    return Refusal(
        422,
        "INVALID_REQUEST_UNKNOWN",
        "Invalid request: parameter validation failed. Check your request data.",
    )


def too_fast() -> Refusal:
    return Refusal(429, "RATE_LIMIT_REACHED", "Rate limit exceeded. Please try again later")
