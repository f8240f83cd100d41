"""Graph's error envelope (learn.microsoft.com/graph/errors)."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):  # it is an answer, not a failure
    def __init__(self, status: int, code: str, message: str, inner: str | None = None) -> None:
        super().__init__(code)
        self.status = status
        error: dict[str, Any] = {"code": code, "message": message}
        if inner:
            error["innererror"] = {"code": inner}
        self.body = {"error": error}


def not_found() -> Refusal:
    return Refusal(404, "itemNotFound", "The resource could not be found.")


def forbidden() -> Refusal:
    return Refusal(403, "accessDenied", "Access denied")


def invalid(message: str) -> Refusal:
    return Refusal(400, "invalidRequest", message)


def name_taken() -> Refusal:
    return Refusal(409, "nameAlreadyExists", "Name already exists")


def unauthorised() -> Refusal:
    return Refusal(401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid.")


def unconvertible() -> Refusal:
    """As seen for a file that the office service cannot open."""
    message = "Error from Office Service. HttpCode=UnsupportedMediaType"
    return Refusal(406, "notSupported", message, "invalidFileFormat")
