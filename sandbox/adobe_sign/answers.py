"""The JSON shapes of the API's answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.adobe_sign.lifecycle import SENDER
from sandbox.adobe_sign.state import EXPIRED, OUT, SIGNED, Agreement, Participant, Webhook


def moment(at: datetime | None) -> str | None:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else None


def agreement(of: Agreement) -> dict[str, Any]:
    asked = of.asked
    return {
        "id": of.id,
        "name": asked["name"],
        "type": "AGREEMENT",
        "status": of.status,
        "signatureType": asked["signatureType"],
        "locale": asked["locale"] or "fr_FR",
        "createdDate": moment(of.created_at),
        "expirationTime": moment(of.expires_at),
        "senderEmail": SENDER,
        "externalId": asked["externalId"] or {},
        "documentVisibilityEnabled": False,
        "participantSetsInfo": [_asked_of(one) for one in of.participants],
    }


def _asked_of(one: Participant) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name or "",
        "order": one.order,
        "role": "SIGNER",
        "memberInfos": [{"id": one.member_id, "email": one.email, "securityOption": security(one)}],
    }


def security(one: Participant) -> dict[str, Any]:
    return {"authenticationMethod": "PHONE" if one.phone else "NONE"}


def listed(of: Agreement) -> dict[str, Any]:
    """As the list of agreements shows it: without its external id."""
    return {
        "id": of.id,
        "name": of.asked["name"],
        "type": "AGREEMENT",
        "status": of.status,
        "displayDate": moment(of.created_at),
        "esign": True,
        "hidden": False,
        "latestVersionId": f"{of.id}v1",
    }


def members(of: Agreement) -> dict[str, Any]:
    return {
        "participantSets": [participant_set(of, one) for one in of.participants],
        "senderInfo": {"email": SENDER, "self": True},
        "ccsInfo": [],
        "sharesInfo": [],
        "nextParticipantSets": [],
    }


def participant_set(within: Agreement, one: Participant) -> dict[str, Any]:
    return _asked_of(one) | {
        "status": _set_status(within, one),
        "memberInfos": [
            {
                "id": one.member_id,
                "email": one.email,
                "name": one.signer_name if one.signed_at else "",
                "securityOption": security(one),
                "status": "ACTIVE",
            }
        ],
    }


def _set_status(within: Agreement, one: Participant) -> str:
    match one.state:
        case "unseen":
            return "NOT_YET_VISIBLE"
        case "asked" | "accepted":
            return "WAITING_FOR_MY_SIGNATURE"
        case "signed":
            return "COMPLETED" if within.status == SIGNED else "WAITING_FOR_OTHERS"
    return "EXPIRED" if within.status == EXPIRED else "CANCELLED"


def signing_urls(of: Agreement, link_base: str) -> dict[str, Any]:
    """Those who may sign now; the caller has seen that there are some."""
    return {
        "signingUrlSetInfos": [
            {
                "signingUrlSetName": one.name or "",
                "signingUrls": [{"email": one.email, "esignUrl": f"{link_base}/{one.token}"}],
            }
            for one in of.participants
            if of.status == OUT and one.may_act
        ]
    }


def webhook(of: Webhook) -> dict[str, Any]:
    shown = {key: value for key, value in of.asked.items() if key != "state"}
    return shown | {"id": of.id, "status": of.status}
