"""What is asked of DocuSign: a signing order in its words, where every value is a text. Pure."""

from __future__ import annotations

import base64
import re
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import phonenumbers

from domain.capabilities import Capabilities
from domain.errors import Refused
from domain.signature import ANCHOR, Authentication, Level, Order, Signer, SigningOrder

#: where our own reference stands in an envelope
REFERENCE_FIELD = "external_id"
#: begins the reason of every cancellation of ours: an envelope that expired is voided too
OURS = "Paraphe : "
_NAMESPACE = uuid.UUID("3c0f8d52-6f0a-5a7e-9d5b-6f1b7f2f5a10")
#: a tab stands on its anchor's line, which is the first of its frame: it goes down into the frame (pixels)
_DOWN = "52"
_LANGUAGES = frozenset({"fr", "en", "de", "es", "it", "nl", "pl", "pt"})
_WEB_ADDRESS = re.compile(r"://|www\.", re.IGNORECASE)

CAPABILITIES = Capabilities(
    checks={Level.SIMPLE: (Authentication.SMS_CODE, Authentication.NONE)},
    reminds_one_signer=True,
    proof_formats=("pdf", "json"),
    max_megabytes=25,
    max_pages=None,
    max_signers=None,
    longest_days=999,
    hosting="selon le site du compte (Union européenne : eu.docusign.net)",
    processing_agreement="accord de traitement des données du contrat (docusign.com)",
    remarks=(
        "Le code par SMS demande « Phone Authentication » sur le compte ; pas de code par courriel.",
        "Avancée (code par SMS) et qualifiée (vérification d'identité) seulement par un fournisseur de "
        "signature du contrat, nommé dans les réglages.",
        "Non confirmés : le nom de ces fournisseurs en Europe, 25 Mo par document, la place exacte de la "
        "signature sous son repère.",
        "Le signataire reçoit son lien par courriel ; DocuSign n'en donne pas de copie.",
    ),
)


@dataclass(frozen=True)
class Means:
    """What the account checks signers with: ``workflow`` is the identity verification that sends a code
    by SMS, ``signature_provider`` what signs above the simple level."""

    workflow: str | None = None
    signature_provider: str | None = None


def capabilities(advanced: str | None, qualified: str | None) -> Capabilities:
    """What the account can do, with the signature providers that the settings name."""
    checks = dict(CAPABILITIES.checks)
    if advanced:
        checks[Level.ADVANCED] = (Authentication.SMS_CODE,)
    if qualified:
        checks[Level.QUALIFIED] = (Authentication.IDENTITY,)
    return replace(CAPABILITIES, checks=checks)


def transaction_id(reference: str) -> str:
    """What DocuSign remembers a creation by for seven days; the same for the same reference."""
    return str(uuid.uuid5(_NAMESPACE, reference))


def require_sendable(order: SigningOrder) -> None:
    """Raises Refused when DocuSign could not take a signer; the order is within its capabilities."""
    for signer in order.signers:
        human_name(signer.full_name)
        if signer.authentication is Authentication.SMS_CODE and not signer.phone:
            raise Refused(
                "signer_phone_missing",
                "Un signataire doit recevoir un code par SMS mais n'a pas de téléphone mobile : ajoutez-le.",
            )


def envelope(order: SigningOrder, today: date, means: Means) -> dict[str, Any]:
    subject = plain(order.title, 100) or "Convention"
    return {
        "status": "sent",
        "emailSubject": subject,
        "transactionId": transaction_id(order.reference),
        "allowReassign": "false",  # who signs is the firm's to say
        "enableWetSign": "false",
        "envelopeIdStamping": "false",  # the pages signed are those that were sent
        "documents": [
            {
                "documentId": "1",
                "name": file_name(order.file_name),
                "fileExtension": "pdf",
                "documentBase64": base64.b64encode(order.pdf).decode(),
            }
        ],
        "recipients": {
            "signers": [
                _signer(order, signer, rank, subject, means) for rank, signer in enumerate(order.signers, 1)
            ]
        },
        "customFields": {
            "textCustomFields": [{"name": REFERENCE_FIELD, "value": order.reference, "show": "false"}]
        },
        "notification": {
            "useAccountDefaults": "false",
            "reminders": {"reminderEnabled": "false"},
            "expirations": {
                "expireEnabled": "true",
                "expireAfter": str(max((order.expires_on - today).days, 1)),
                "expireWarn": "0",
            },
        },
    }


def _signer(order: SigningOrder, signer: Signer, rank: int, subject: str, means: Means) -> dict[str, Any]:
    return {
        "recipientId": str(rank),
        "routingOrder": str(rank) if order.order is Order.SEQUENTIAL else "1",
        "name": human_name(signer.full_name),
        "email": signer.email,
        "emailNotification": {
            "supportedLanguage": order.language if order.language in _LANGUAGES else "fr",
            "emailSubject": subject,
            "emailBody": "Vous êtes invité à lire ce document, puis à le signer par voie électronique.",
        },
        "tabs": {
            "signHereTabs": [
                {
                    "documentId": "1",
                    "anchorString": ANCHOR.format(key=signer.key, rank=rank),
                    "anchorUnits": "pixels",
                    "anchorXOffset": "0",
                    "anchorYOffset": _DOWN,
                    "anchorCaseSensitive": "true",
                    "anchorIgnoreIfNotPresent": "false",
                }
            ]
        },
        **_checked(order.level, signer, means),
    }


def _checked(level: Level, signer: Signer, means: Means) -> Mapping[str, Any]:
    """How the signer is checked, beyond having received the link."""
    if level is not Level.SIMPLE:
        options = {"sms": signer.phone} if signer.phone else {}
        provider = {"signatureProviderName": means.signature_provider, "signatureProviderOptions": options}
        return {"recipientSignatureProviders": [provider]}
    if signer.authentication is not Authentication.SMS_CODE:
        return {}
    number = phonenumbers.parse(signer.phone or "", None)
    phone = {
        "countryCode": str(number.country_code),
        "number": phonenumbers.national_significant_number(number),
    }
    option = {"name": "phone_number_list", "valueType": "PhoneNumberList", "phoneNumberList": [phone]}
    return {"identityVerification": {"workflowId": means.workflow, "inputOptions": [option]}}


def subscription(callback_url: str, events: tuple[str, ...]) -> dict[str, Any]:
    """A Connect configuration of the account: one JSON message per event, signed and acknowledged."""
    return {
        "configurationType": "custom",
        "name": "Paraphe",
        "urlToPublishTo": callback_url,
        "allowEnvelopePublish": "true",
        "allUsers": "true",
        "enableLog": "true",
        "requiresAcknowledgement": "true",
        "includeHMAC": "true",
        "deliveryMode": "SIM",
        "events": list(events),
        "eventData": {"version": "restv2.1", "includeData": ["recipients", "custom_fields"]},
    }


def void_reason(reason: str) -> str:
    """DocuSign keeps 200 characters."""
    return (OURS + (plain(reason, 180) or "demande annulée"))[:200]


def file_name(text: str) -> str:
    stem = plain(re.sub(r"[\\/]", " ", text).removesuffix(".pdf"), 90)
    return f"{stem or 'convention'}.pdf"


def human_name(text: str) -> str:
    """The name without what cannot be printed, 100 characters at most. Raises Refused when it holds no
    letter, or a web address."""
    name = plain(unicodedata.normalize("NFC", text), 100)
    if _WEB_ADDRESS.search(text) or not any(character.isalpha() for character in name):
        raise Refused(
            "signer_name_not_accepted",
            "DocuSign n'accepte pas le nom d'un signataire : écrivez-le en lettres, sans adresse web.",
        )
    return name


def plain(text: str, longest: int) -> str:
    """One line without markup or invisible characters."""
    kept = "".join(
        " " if character in "<>" or unicodedata.category(character) in ("Cc", "Zl", "Zp") else character
        for character in text
        if unicodedata.category(character) not in ("Cf", "Cs", "Co", "Cn")
    )
    return " ".join(kept.split())[:longest].rstrip()
