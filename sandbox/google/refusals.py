"""Drive's error envelope (guide ``handle-errors``)."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):  # it is an answer, not a failure
    """Raised anywhere below a route, answered as Google words it."""

    def __init__(self, status: int, reason: str, message: str, location: str | None = None) -> None:
        super().__init__(reason)
        self.status = status
        domain = "usageLimits" if reason.endswith("LimitExceeded") else "global"
        error = {"message": message, "domain": domain, "reason": reason}
        if location:
            error |= {"location": location, "locationType": "parameter"}
        self.body: dict[str, Any] = {"error": {"code": status, "message": message, "errors": [error]}}


def not_found(file_id: str) -> Refusal:
    return Refusal(404, "notFound", f"File not found: {file_id}.", "fileId")


def forbidden() -> Refusal:
    return Refusal(
        403,
        "insufficientFilePermissions",
        "The user does not have sufficient permissions for this file.",
    )


def invalid(location: str, message: str = "Invalid Value") -> Refusal:
    return Refusal(400, "invalid", message, location)


def no_quota() -> Refusal:
    return Refusal(
        403,
        "storageQuotaExceeded",
        "Service Accounts do not have storage quota. Leverage shared drives instead.",
    )


def unauthorised() -> Refusal:
    return Refusal(401, "authError", "Invalid Credentials")
