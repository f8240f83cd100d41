"""What is asked of Acrobat Sign: a signing order in its words, within what it sells. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers

from domain.capabilities import Capabilities
from domain.errors import Permanent, Refused
from domain.signature import Authentication, Level, Order, Signer, SigningOrder

CAPABILITIES = Capabilities(
    checks={Level.SIMPLE: (Authentication.SMS_CODE, Authentication.NONE)},
    reminds_one_signer=True,
    proof_formats=("pdf", "json"),
    max_megabytes=10,
    max_pages=None,
    max_signers=None,
    longest_days=365,
    hosting="selon le compte (adresse eu1 ou eu2 : Europe), à confirmer auprès d'Adobe",
    processing_agreement="« Data Processing Agreement » d'Adobe, à demander avec le contrat",
    remarks=(
        "Le code par SMS est un quota payant.",
        "La taille maximale dépend de l'offre (10 Mo retenus, non confirmés).",
        "Le code par courriel, la pièce d'identité et les niveaux avancé et qualifié (certificat d'un tiers) "
        "existent mais ne sont pas assez décrits publiquement : le hub ne les propose pas.",
        "Le nom du signataire n'est pas transmis : Adobe retient celui qu'il écrit en signant.",
        "Rappels non signés par Adobe : le hub n'en croit rien et interroge toujours.",
    ),
)
#: Adobe's names of the languages of its pages and e-mails
_LOCALES = {
    **{"fr": "fr_FR", "en": "en_US", "de": "de_DE", "es": "es_ES", "it": "it_IT"},
    **{"nl": "nl_NL", "pl": "pl_PL", "pt": "pt_PT"},
}
_PARIS = ZoneInfo("Europe/Paris")


def agreement_body(order: SigningOrder, transient_id: str, people: list[dict[str, Any]]) -> dict[str, Any]:
    """No reminder is asked for: the hub sends its own."""
    last_moment = datetime.combine(order.expires_on, time(23, 59, 59), _PARIS).astimezone(UTC)
    return {
        "name": plain(order.title, 255) or "Convention",
        "state": "IN_PROCESS",
        "signatureType": "ESIGN",
        "locale": _LOCALES.get(order.language, "fr_FR"),
        "externalId": {"id": order.reference},
        "fileInfos": [{"transientDocumentId": transient_id, "label": "convention"}],
        "participantSetsInfo": people,
        "expirationTime": f"{last_moment:%Y-%m-%dT%H:%M:%SZ}",
    }


def participant_set(order: SigningOrder, rank: int, signer: Signer) -> dict[str, Any]:
    """``rank`` is the signer's number, from 1: the one that text tags name. Raises Refused or Permanent
    when Adobe could not have this signer sign: it says nothing of a tag that it does not find."""
    if signer.place is None:
        raise Permanent(
            "anchors_missing",
            "Le document n'a pas une zone de signature par signataire : vérifiez les repères de signature du "
            "modèle.",
        )
    return {
        "order": rank if order.order is Order.SEQUENTIAL else 1,
        "role": "SIGNER",
        "name": signer.key,
        "memberInfos": [{"email": signer.email, "securityOption": _security(signer)}],
    }


def _security(signer: Signer) -> dict[str, Any]:
    if signer.authentication is not Authentication.SMS_CODE:
        return {"authenticationMethod": "NONE"}
    try:
        number = phonenumbers.parse(signer.phone or "")
    except phonenumbers.NumberParseException:
        raise Refused(
            "signer_phone_missing",
            "Un signataire doit recevoir un code par SMS mais n'a pas de téléphone mobile : ajoutez-le.",
        ) from None
    region = phonenumbers.region_code_for_number(number) or phonenumbers.region_code_for_country_code(
        number.country_code or 0
    )
    phone = {
        "phone": str(number.national_number),
        "countryCode": str(number.country_code),
        "countryIsoCode": region,
    }
    return {"authenticationMethod": "PHONE", "phoneInfo": phone}


def file_name(text: str) -> str:
    stem = plain(re.sub(r"[\\/:*?\"<>|]", " ", text).strip().removesuffix(".pdf"), 120)
    return f"{stem or 'convention'}.pdf"


def plain(text: str, longest: int) -> str:
    """On one line, without control characters."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())[:longest].rstrip()
