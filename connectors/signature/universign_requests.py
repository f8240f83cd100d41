"""What is asked of Universign: a signing order as the form fields of its calls. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, time
from itertools import pairwise

from domain.capabilities import Capabilities
from domain.errors import Permanent, Refused
from domain.naming import PARIS
from domain.signature import Authentication, Level, Order, Signer, SigningOrder

LEVELS: Mapping[tuple[Level, Authentication], str] = {
    (Level.SIMPLE, Authentication.NONE): "level0",
    (Level.SIMPLE, Authentication.SMS_CODE): "level1",
    (Level.ADVANCED, Authentication.SMS_CODE): "level2",  # LCP certificate
    (Level.ADVANCED, Authentication.IDENTITY): "level3",  # QCP certificate, identity checked at a distance
    (Level.QUALIFIED, Authentication.IDENTITY): "level4",
}
CAPABILITIES = Capabilities(
    checks={
        Level.SIMPLE: (Authentication.SMS_CODE, Authentication.NONE),
        Level.ADVANCED: (Authentication.SMS_CODE, Authentication.IDENTITY),
        Level.QUALIFIED: (Authentication.IDENTITY,),
    },
    reminds_one_signer=True,
    minutes_between_reminders=60,
    proof_formats=("pdf",),
    max_megabytes=25,
    max_pages=None,
    max_signers=None,
    longest_days=60,
    hosting="France (à confirmer dans votre contrat)",
    processing_agreement="à demander avec le contrat (universign.com)",
    remarks=(
        "Seul le niveau simple avec code par SMS est ouvert d'office ; les autres dépendent du contrat.",
        "Une adresse électronique par signataire : Universign reconnaît les personnes à leur adresse.",
        "Un délai de 180 jours peut s'ouvrir par contrat ; le hub s'en tient à 60.",
        "Code par courriel et origine des coordonnées des signatures : non confirmés par une source publiée.",
        "La preuve est l'attestation du demandeur ; le dossier complet s'obtient d'Universign sur demande.",
    ),
)
_LANGUAGES = frozenset({"bg", "ca", "nl", "en", "fr", "de", "it", "pl", "pt", "ro", "es"})
_LONGEST_NAME, _LONGEST_PERSON, _LONGEST_MINUTES = 100, 200, 60 * 24 * 60
_WEB_ADDRESS = re.compile(r"://|www\.", re.IGNORECASE)

Form = Mapping[str, str]
#: for each signer in order: who it is, and where he or she signs
People = list[tuple[Form, Form]]


def transaction(order: SigningOrder, now: datetime) -> Form:
    """The name carries our reference, so that a person finds it in Universign's own pages: the way to write
    ``metadata`` is not published. The lifetime runs from the start, in minutes."""
    end = datetime.combine(order.expires_on, time(23, 59), PARIS)
    minutes = round((end - now).total_seconds() / 60)
    mark = f" · {order.reference}"
    return {
        "name": plain(order.title, _LONGEST_NAME - len(mark)) + mark,
        "language": order.language if order.language in _LANGUAGES else "fr",
        "duration": str(min(max(minutes, 1), _LONGEST_MINUTES)),
    }


def people(order: SigningOrder) -> People:
    """Raises Refused when two share an address (Universign would take them for one person), and as
    ``participant`` and ``field`` do."""
    if len({signer.email.casefold() for signer in order.signers}) < len(order.signers):
        raise Refused(
            "signer_email_shared",
            "Deux signataires ont la même adresse électronique, et Universign les confondrait : donnez à "
            "chacun la sienne, ou choisissez un autre prestataire.",
        )
    return [(participant(order, signer), field(signer)) for signer in order.signers]


def field(signer: Signer) -> Form:
    """Where one signs; raises Permanent ``anchors_missing`` when nothing says where."""
    if signer.place is None:
        raise Permanent(
            "anchors_missing",
            "Le document n'a pas une zone de signature par signataire : vérifiez les repères de signature "
            "du modèle.",
        )
    place = signer.place
    return {
        "type": "signature",
        "name": signer.key,
        "page": str(place.page),
        "x": str(round(place.x)),
        "y": str(round(place.y)),
    }


def participant(order: SigningOrder, signer: Signer) -> Form:
    """``schedule=[0]`` lets the invitation leave at once, and nothing after it: the hub sends its own
    reminders. Raises Refused when Universign could not take this signer so."""
    form = {
        "email": signer.email,
        "full_name": human_name(signer),
        "min_signature_level": LEVELS[order.level, signer.authentication],
        "schedule": "[0]",
    }
    if signer.authentication is Authentication.NONE:
        return form
    if not signer.phone:
        raise Refused(
            "signer_phone_missing",
            "Un signataire doit recevoir un code par SMS mais n'a pas de téléphone mobile : ajoutez-le.",
        )
    return form | {"phone_number": signer.phone, "phone_number_type": "prerequisite"}


def sequencing(order: SigningOrder) -> list[Form]:
    """Each after the one before, when the order matters."""
    if order.order is not Order.SEQUENTIAL:
        return []
    return [{"before": first.email, "after": then.email} for first, then in pairwise(order.signers)]


def human_name(signer: Signer) -> str:
    """Raises Refused for a part that holds no letter, or a web address."""
    parts = (plain(signer.first_name, _LONGEST_PERSON), plain(signer.last_name, _LONGEST_PERSON))
    if any(_WEB_ADDRESS.search(part) or not any(map(str.isalpha, part)) for part in parts):
        raise Refused(
            "signer_name_not_accepted",
            "Le nom ou le prénom d'un signataire manque ou n'en est pas un : écrivez-le en lettres.",
        )
    return " ".join(parts)[:_LONGEST_PERSON].rstrip()


def file_name(text: str) -> str:
    stem = plain(re.sub(r"[\\/]", " ", text).strip().removesuffix(".pdf"), 90)
    return f"{stem or 'convention'}.pdf"


def plain(text: str, longest: int) -> str:
    """One line of printable text without markup."""
    composed = unicodedata.normalize("NFC", text)
    shown = "".join(one if one.isprintable() and one not in "<>" else " " for one in composed)
    return " ".join(shown.split())[:longest].rstrip()
