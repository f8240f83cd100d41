"""The JSON shapes of the API's answers. Every value is a text."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sandbox.docusign.state import ACCOUNT_ID, Envelope, Signer


def moment(at: datetime | None) -> str | None:
    """With the seven decimals that DocuSign writes."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}0Z" if at else None


def envelope(of: Envelope, include: Collection[str] = ()) -> dict[str, Any]:
    """Dates that are not known are left out; ``include`` adds recipients and custom_fields."""
    base = f"/envelopes/{of.id}"
    shown: dict[str, Any] = {
        "status": of.status,
        "documentsUri": f"{base}/documents",
        "recipientsUri": f"{base}/recipients",
        "envelopeUri": base,
        "emailSubject": of.asked["emailSubject"],
        "envelopeId": of.id,
        "transactionId": of.asked["transactionId"],
        "signingLocation": "online",
        "customFieldsUri": f"{base}/custom_fields",
        "notificationUri": f"{base}/notification",
        "enableWetSign": of.asked["enableWetSign"],
        "allowReassign": of.asked["allowReassign"],
        "envelopeIdStamping": of.asked["envelopeIdStamping"],
        "createdDateTime": moment(of.created_at),
        "lastModifiedDateTime": moment(of.changed_at),
        "initialSentDateTime": moment(of.sent_at),
        "sentDateTime": moment(of.sent_at),
        "deliveredDateTime": moment(of.delivered_at),
        "completedDateTime": moment(of.completed_at),
        "declinedDateTime": moment(of.declined_at),
        "voidedDateTime": moment(of.voided_at),
        "voidedReason": of.voided_reason,
        "statusChangedDateTime": moment(of.changed_at),
        "certificateUri": f"{base}/documents/certificate",
        "purgeState": "unpurged",
        "expireEnabled": "true",
        "expireDateTime": moment(of.expires_at),
        "expireAfter": of.asked["notification"]["expirations"]["expireAfter"],
    }
    if "recipients" in include:
        shown["recipients"] = recipients(of)
    if "custom_fields" in include:
        fields = [{"fieldId": str(rank), **one} for rank, one in enumerate(of.custom_fields, 1)]
        shown["customFields"] = {"textCustomFields": fields, "listCustomFields": []}
    return {key: value for key, value in shown.items() if value is not None}


def recipients(of: Envelope) -> dict[str, Any]:
    current = [one.routing_order for one in of.signers if one.is_current]
    return {
        "signers": [signer(one) for one in of.signers],
        "carbonCopies": [],
        "certifiedDeliveries": [],
        "recipientCount": str(len(of.signers)),
        "currentRoutingOrder": str(min(current, default=1)),
    }


def signer(of: Signer) -> dict[str, Any]:
    shown = {
        "creationReason": "sender",
        "recipientId": of.id,
        "recipientIdGuid": of.guid,
        "recipientType": "signer",
        "routingOrder": of.asked["routingOrder"],
        "name": of.name,
        "email": of.email,
        "userId": of.guid,
        "status": of.status,
        "deliveryMethod": "email",
        "sentDateTime": moment(of.sent_at),
        "deliveredDateTime": moment(of.delivered_at),
        "signedDateTime": moment(of.signed_at),
        "declinedDateTime": moment(of.declined_at),
        "declinedReason": of.declined_reason,
    }
    return {key: value for key, value in shown.items() if value is not None}


def made(of: Envelope) -> dict[str, Any]:
    return {
        "envelopeId": of.id,
        "uri": f"/envelopes/{of.id}",
        "statusDateTime": moment(of.changed_at),
        "status": of.status,
    }


def history(of: Envelope) -> dict[str, Any]:
    return {
        "auditEvents": [
            {"eventFields": [{"name": name, "value": value} for name, value in entry.items()]}
            for entry in of.history
        ]
    }


def uri(of: Envelope) -> str:
    """As Connect messages write it."""
    return f"/restapi/v2.1/accounts/{ACCOUNT_ID}/envelopes/{of.id}"
