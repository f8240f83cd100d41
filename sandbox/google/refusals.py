"""Google's error envelopes: Drive's (guide ``handle-errors``) and that of its newer services."""

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


_STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
}


def as_rpc(refusal: Refusal) -> dict[str, Any]:
    """The same refusal as Sheets words it: a status in place of the list of errors, and details of type
    ``google.rpc.ErrorInfo`` for what concerns the project."""
    error = refusal.body["error"]
    reason = error["errors"][0]["reason"]
    said = {"code": refusal.status, "message": error["message"], "status": _STATUSES[refusal.status]}
    if reason.isupper():
        info = {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": reason,
            "domain": "googleapis.com",
        }
        said["details"] = [info]
    return {"error": said}
