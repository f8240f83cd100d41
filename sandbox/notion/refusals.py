"""Notion's error envelope, and the refusals that several places make (page "Status codes")."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):  # it is an answer, not a failure
    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.headers = headers or {}
        self.body: dict[str, Any] = {
            "object": "error",
            "status": status,
            "code": code,
            "message": message,
            "request_id": "00000000-0000-4000-8000-000000000000",
        }


def unauthorised() -> Refusal:
    return Refusal(401, "unauthorized", "API token is invalid.")


def restricted() -> Refusal:
    return Refusal(403, "restricted_resource", "Insufficient permissions for this endpoint.")


def not_found(what: str, identifier: str) -> Refusal:
    message = f"Could not find {what} with ID: {identifier}. Make sure the relevant pages are shared."
    return Refusal(404, "object_not_found", message)


def invalid(message: str) -> Refusal:
    return Refusal(400, "validation_error", message)


def too_fast(seconds: int) -> Refusal:
    headers = {"Retry-After": str(seconds)}
    return Refusal(429, "rate_limited", "You have been rate limited. Please try again.", headers)
