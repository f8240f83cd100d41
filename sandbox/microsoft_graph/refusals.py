"""Graph's error envelope (learn.microsoft.com/graph/errors)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):  # it is an answer, not a failure
    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        inner: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status, self.headers = status, dict(headers or {})
        error: dict[str, Any] = {"code": code, "message": message}
        if inner:
            error["innerError"] = {"code": inner}
        self.body = {"error": error}


def not_found() -> Refusal:
    return Refusal(404, "itemNotFound", "The resource could not be found.")


def forbidden() -> Refusal:
    return Refusal(403, "accessDenied", "Access denied")


def invalid(message: str, inner: str | None = None) -> Refusal:
    return Refusal(400, "invalidRequest", message, inner)


def name_taken() -> Refusal:
    return Refusal(409, "nameAlreadyExists", "Name already exists")


def changed() -> Refusal:
    return Refusal(412, "resourceModified", "The item was changed meanwhile.")


def locked() -> Refusal:
    return Refusal(423, "resourceLocked", "The file is locked.")


def full() -> Refusal:
    return Refusal(507, "quotaLimitReached", "Insufficient space available")


def throttled(seconds: int) -> Refusal:
    """As SharePoint answers an application that asks too much."""
    headers = {"Retry-After": str(seconds)}
    return Refusal(429, "activityLimitReached", "Too many requests.", "throttledRequest", headers)


def unauthorised() -> Refusal:
    return Refusal(401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid.")


def unconvertible() -> Refusal:
    """As seen for a file that the office service cannot open."""
    message = "Error from Office Service. HttpCode=UnsupportedMediaType"
    return Refusal(406, "notSupported", message, "invalidFileFormat")


def session_unknown() -> Refusal:
    return Refusal(404, "itemNotFound", "The upload session was not found.", "uploadSessionNotFound")


def range_refused() -> Refusal:
    return Refusal(416, "invalidRange", "The range was received already, or is not the next one.")
