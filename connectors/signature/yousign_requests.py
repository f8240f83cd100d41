"""What is asked of Yousign: a signing order in its words, within its rules on levels and names. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from domain.capabilities import Capabilities
from domain.errors import Refused
from domain.signature import Authentication, Level, Order, Signer, SigningOrder

MODES: Mapping[tuple[Level, Authentication], tuple[str, str | None]] = {
    (Level.SIMPLE, Authentication.NONE): ("electronic_signature", "no_otp"),
    (Level.SIMPLE, Authentication.EMAIL_CODE): ("electronic_signature", "otp_email"),
    (Level.SIMPLE, Authentication.SMS_CODE): ("electronic_signature", "otp_sms"),
    # the advanced level always checks an identity document, and sends a code by SMS beside it
    (Level.ADVANCED, Authentication.SMS_CODE): ("advanced_electronic_signature", "otp_sms"),
    (Level.ADVANCED, Authentication.IDENTITY): ("advanced_electronic_signature", "otp_sms"),
    (Level.QUALIFIED, Authentication.IDENTITY): ("qualified_electronic_signature", None),
}
CAPABILITIES = Capabilities(
    checks={
        Level.SIMPLE: (Authentication.SMS_CODE, Authentication.EMAIL_CODE, Authentication.NONE),
        Level.ADVANCED: (Authentication.SMS_CODE, Authentication.IDENTITY),
        Level.QUALIFIED: (Authentication.IDENTITY,),
    },
    reminds_one_signer=True,
    proof_formats=("pdf", "json"),
    max_megabytes=50,
    max_pages=150,
    max_signers=None,
    longest_days=365,
    hosting="France",
    processing_agreement="annexe « protection des données » du contrat (yousign.com)",
    proof_states_hash=True,
    remarks=("Les niveaux avancé et qualifié sont des options payantes.",),
)
_LOCALES = frozenset({"en", "fr", "de", "it", "nl", "es", "pl"})
_AUDIT_LOCALES = frozenset({"de", "en", "es", "fr", "it", "pt", "ro"})

# Latin letters without eth and thorn; space, apostrophe, brackets, hyphen, grave accent
_NAME_CHARACTER = re.compile(r"[A-Za-zÀ-ÏÑ-ÖØ-Ýß-ïñ-öø-ýÿ-žſȘ-ț '()`-]")
_SAME_IN_NAMES = str.maketrans(
    dict.fromkeys("’‘ʼ´′", "'") | dict.fromkeys("‐‑‒–—", "-") | {"Ð": "D", "ð": "d", "Þ": "Th", "þ": "th"}
)
_WEB_ADDRESS = re.compile(r"://|www\.", re.IGNORECASE)


def request_body(order: SigningOrder) -> dict[str, Any]:
    return {
        "name": plain(order.title, 128),
        "delivery_mode": "email",
        "ordered_signers": order.order is Order.SEQUENTIAL,
        "expiration_date": order.expires_on.isoformat(),
        "timezone": "Europe/Paris",
        "external_id": order.reference,
        "signers_allowed_to_decline": True,
        "audit_trail_locale": order.language if order.language in _AUDIT_LOCALES else "fr",
    }


def signer_body(order: SigningOrder, signer: Signer) -> dict[str, Any]:
    """Raises Refused when Yousign could not take this signer so; the order is within its capabilities."""
    level, mode = MODES[order.level, signer.authentication]
    if mode == "otp_sms" and not signer.phone:
        raise Refused(
            "signer_phone_missing",
            "Un signataire doit recevoir un code par SMS mais n'a pas de téléphone mobile : ajoutez-le.",
        )
    if mode == "otp_sms" and str(signer.phone).startswith("+86"):
        raise Refused(
            "capability_missing",
            "Yousign n'envoie pas de SMS en Chine : choisissez un code par courriel pour ce signataire.",
        )
    info = {
        "first_name": human_name(signer.first_name),
        "last_name": human_name(signer.last_name),
        "email": signer.email,
        "locale": order.language if order.language in _LOCALES else "fr",
    }
    if signer.phone:
        info["phone_number"] = signer.phone
    return {"info": info, "signature_level": level, "signature_authentication_mode": mode}


def file_name(text: str) -> str:
    """At most 128 characters, no slash, no outer blank; the ending stays."""
    stem = re.sub(r"[\\/\x00-\x1f\x7f]", " ", text).removesuffix(".pdf").strip()[:120].strip()
    return f"{stem or 'convention'}.pdf"


def human_name(text: str) -> str:
    """The name in the letters that Yousign accepts: accents it lacks are dropped, digits and other
    signs become spaces. Raises Refused when letters would be lost, or nothing is left."""
    refused = Refused(
        "signer_name_not_accepted",
        "Yousign n'accepte pas le nom ou le prénom d'un signataire : écrivez-le en lettres latines, sans "
        "chiffre ni adresse web.",
    )
    if _WEB_ADDRESS.search(text):
        raise refused
    kept = []
    for character in unicodedata.normalize("NFC", text).translate(_SAME_IN_NAMES):
        accepted = _accepted(character)
        if accepted is None and character.isalpha():
            raise refused
        invisible = unicodedata.category(character) in ("Cf", "Mn")
        kept.append(accepted or ("" if invisible else " "))
    name = " ".join("".join(kept).split())
    if not any(character.isalpha() for character in name):
        raise refused
    return name[:255].rstrip()


def _accepted(character: str) -> str | None:
    """The character, or the nearest that Yousign takes: with fewer accents, or a ligature undone."""
    parts = unicodedata.normalize("NFKD", character)
    for end in range(len(parts), 0, -1):
        simpler = unicodedata.normalize("NFC", parts[:end])
        if all(_NAME_CHARACTER.fullmatch(one) for one in simpler):
            return simpler
    return None


def plain(text: str, longest: int) -> str:
    """Text without what Yousign's "safe strings" refuse: markup, addresses, control characters."""
    without_addresses = re.sub(r"\S*(?:://|www\.)\S*", " ", text, flags=re.IGNORECASE)
    return " ".join(re.sub(r"[^\w '’(),-]", " ", without_addresses).split())[:longest].rstrip()
