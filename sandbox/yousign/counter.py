"""What the signing pages and the controls are shown of a request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sandbox.signing import counter, french
from sandbox.signing.counter import Code, Paper, View
from sandbox.yousign.answers import moment
from sandbox.yousign.desk import Desk
from sandbox.yousign.refusals import Refusal
from sandbox.yousign.state import SignatureRequest, Signer


class Counter(counter.Counter[SignatureRequest, Signer]):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.state.lock, desk.lifecycle, Refusal)
        self.desk = desk

    def requests(self) -> Iterable[SignatureRequest]:
        return tuple(self.desk.state.requests.values())

    def request(self, request_id: str) -> SignatureRequest:
        return self.desk.request(request_id)

    def signers(self, request: SignatureRequest) -> Sequence[Signer]:
        return request.signers

    def is_out(self, request: SignatureRequest) -> bool:
        return request.status not in ("draft", "deleted")

    def look(self, request: SignatureRequest, signer: Signer) -> View:
        return View(
            situation=_situation(request, signer),
            request_name=request.asked["name"],
            papers=tuple(Paper(one.id, one.name, one.content, one.sealed) for one in request.documents),
            signer_name=signer.name,
            has_declined=signer.status == "declined",
            may_decline=request.asked["signers_allowed_to_decline"],
            expires_at=request.expires_at,
            timezone=request.asked["timezone"],
            signed_at=signer.signed_at,
            left=sum(one.is_waiting for one in request.signers),
            code=_code(signer),
            return_url=(signer.asked.get("redirect_urls") or {}).get("success"),
        )

    def summary(self, request: SignatureRequest) -> dict[str, Any]:
        return {
            "id": request.id,
            "external_id": request.asked["external_id"],
            "name": request.asked["name"],
            "status": request.status,
            "expiration_date": moment(request.expires_at),
            "signers": [
                {
                    "id": one.id,
                    "name": one.name,
                    "status": one.status,
                    "authentication": one.authentication,
                    "link": f"{self.desk.link_base}/{one.token}",
                }
                for one in request.signers
            ],
        }


def _situation(request: SignatureRequest, signer: Signer) -> str:
    if signer.status == "signed":
        return "completed" if request.status == "done" else "signed"
    if request.status != "ongoing":
        return request.status
    return {"notified": "reading", "consent_given": "confirming"}.get(signer.status, "waiting")


def _code(signer: Signer) -> Code | None:
    if signer.authentication == "otp_sms":
        return Code(True, french.hidden_phone(signer.info["phone_number"]), signer.code)
    if signer.authentication == "otp_email":
        return Code(False, french.hidden_email(signer.info["email"]), signer.code)
    return None
