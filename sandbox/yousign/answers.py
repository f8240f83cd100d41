"""The JSON shapes of the API's answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.yousign.state import Document, SignatureRequest, Signer, State, Subscription


def moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def request(state: State, of: SignatureRequest) -> dict[str, Any]:
    asked = of.asked
    emails = asked["email_notification"] or {}
    return {
        "id": of.id,
        "status": of.status,
        "name": asked["name"],
        "delivery_mode": asked["delivery_mode"],
        "created_at": moment(of.created_at),
        "activated_at": moment(of.activated_at),
        "completed_at": moment(of.completed_at),
        "approved_at": None,
        "ordered_signers": asked["ordered_signers"],
        "ordered_approvers": False,
        "custom_recipient_order": False,
        "reminder_settings": asked["reminder_settings"],
        "timezone": asked["timezone"],
        "email_custom_note": asked["email_custom_note"],
        "expiration_date": moment(of.expires_at),
        "source": "public_api",
        "signers": [{"id": one.id, "status": one.status} for one in of.signers],
        "approvers": [],
        "labels": [],
        "documents": [{"id": one.id, "nature": one.nature} for one in of.documents],
        "sender": {"id": state.user_id, "email": "expediteur@bac-a-sable.example"},
        "external_id": asked["external_id"],
        "branding_id": None,
        "custom_experience_id": None,
        "signers_allowed_to_decline": asked["signers_allowed_to_decline"],
        "workspace_id": asked["workspace_id"] or state.workspace_id,
        "audit_trail_locale": asked["audit_trail_locale"] or "fr",
        "email_notification": {
            "sender": emails.get("sender") or {"type": "organization", "custom_name": None},
            "custom_note": emails.get("custom_note"),
        },
        "bulk_send_batch_id": None,
        "decline_information": of.decline,
        "rejection_information": None,
        "workflow_session_id": None,
        "previous_attempt_id": None,
    }


def activated(state: State, of: SignatureRequest, link_base: str) -> dict[str, Any]:
    """As ``request``, with the links, which only the activation and the signers' own answers give."""
    signers = [
        {
            "id": one.id,
            "status": one.status,
            "signature_link": f"{link_base}/{one.token}",
            "signature_link_expiration_date": moment(of.expires_at),
        }
        for one in of.signers
    ]
    return request(state, of) | {"signers": signers}


def document(of: Document) -> dict[str, Any]:
    return {
        "id": of.id,
        "filename": of.name,
        "nature": of.nature,
        "content_type": "application/pdf",
        "sha256": of.sha256,
        "is_protected": False,
        "is_signed": of.is_signed,
        "created_at": moment(of.created_at),
        "total_pages": of.pages,
        "is_locked": False,
        "initials": None,
        "total_anchors": len(of.anchors),
        "excluded_approvers": [],
        "excluded_signers": [],
    }


def signer(within: SignatureRequest, of: Signer, link_base: str | None = None) -> dict[str, Any]:
    """``link_base`` is None where Yousign gives no link: in webhooks, and before the activation."""
    is_linked = link_base is not None and within.activated_at is not None
    text = of.asked.get("custom_text") or {}
    urls = of.asked.get("redirect_urls") or {}
    sms = (of.asked.get("sms_notification") or {}).get("otp_message") or {"custom_text": None}
    return {
        "id": of.id,
        "info": of.info,
        "status": of.status,
        "fields": _fields(within, of),
        "signature_level": of.level,
        "signature_authentication_mode": of.authentication,
        "signature_link": f"{link_base}/{of.token}" if is_linked else None,
        "signature_link_expiration_date": moment(within.expires_at) if is_linked else None,
        "signature_image_preview": None,
        "redirect_urls": {key: urls.get(key) for key in ("success", "error", "decline")},
        "custom_text": {
            key: text.get(key)
            for key in ("request_subject", "request_body", "reminder_subject", "reminder_body")
        },
        "delivery_mode": of.asked.get("delivery_mode") or within.asked["delivery_mode"],
        "identification_attestation_id": None,
        "sms_notification": {"otp_message": sms},
        "email_notification": of.asked.get("email_notification") or {"disabled": []},
        "pre_identity_verification_required": False,
        "verified_identity_id": None,
        "recipient_stage_index": 0,
        "excluded_documents": [],
        "signed_at": moment(of.signed_at),
    }


def _fields(within: SignatureRequest, of: Signer) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "document_id": one.document_id,
            "signer_id": of.id,
            "type": "signature",
            "page": one.page,
            "x": one.x,
            "y": one.y,
            "width": one.width,
            "height": one.height,
            "reason": one.reason or "Signature",
            "display": {"layout": "minimal"},
        }
        for one in within.fields_of(of)
    ]


def subscription(of: Subscription) -> dict[str, Any]:
    asked = of.asked
    return {
        "id": of.id,
        "endpoint": of.endpoint,
        "description": asked["description"],
        "sandbox": asked["sandbox"],
        "subscribed_events": of.events,
        "secret_key": of.secret_key,
        "scopes": asked["scopes"],
        "workspaces": asked["workspaces"],
        "auto_retry": asked["auto_retry"],
        "enabled": asked["enabled"],
        "created_at": moment(of.created_at),
        "updated_at": moment(of.updated_at),
    }
