"""The certificate of completion, as a PDF for people."""

from __future__ import annotations

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.docusign.lifecycle import TIMEZONE
from sandbox.docusign.state import Envelope, Signer
from sandbox.signing import proof

_LEAD = (
    "Ce certificat retrace la signature électronique d'une enveloppe. Il a été produit par un simulateur : "
    "il ne prouve rien."
)
_STATUSES = {
    **{"created": "Brouillon", "sent": "Envoyée", "delivered": "Ouverte", "completed": "Terminée"},
    **{"declined": "Refusée", "voided": "Annulée"},
}


def as_pdf(envelope: Envelope) -> bytes:
    """One page per signer, headed by what is common."""
    return proof.as_pdf(
        "Certificat de réalisation",
        _LEAD,
        [[_about(envelope), _document(envelope), _signer(one)] for one in envelope.signers],
    )


def _about(of: Envelope) -> proof.Section:
    return "Enveloppe", (
        ("Objet", of.asked["emailSubject"]),
        ("Identifiant", of.id),
        ("État", _STATUSES[of.status]),
        ("Envoyée le", _at(of.sent_at)),
        ("Terminée le", _at(of.completed_at)),
    )


def _document(of: Envelope) -> proof.Section:
    after = hashlib.sha256(of.sealed).hexdigest() if of.sealed else "En attente"
    return "Document", (
        ("Fichier", of.document_name),
        ("Empreinte avant signature (SHA-256)", of.sha256),
        ("Empreinte après signature (SHA-256)", after),
    )


def _signer(of: Signer) -> proof.Section:
    check = f"Code reçu par SMS, validé le {_at(of.verified_at)}" if of.phone else "Lien personnel, sans code"
    return "Signataire", (
        ("Nom", of.name),
        ("Adresse e-mail", of.email),
        ("Authentification", check),
        ("Adresse IP", of.ip_address or "Non renseignée"),
        ("Invité le", _at(of.sent_at)),
        ("Lien ouvert le", _at(of.delivered_at)),
        ("Accord donné le", _at(of.consent_at)),
        ("Signé le", _at(of.signed_at)),
    )


def _at(moment: datetime | None) -> str:
    return f"{moment.astimezone(ZoneInfo(TIMEZONE)):%d/%m/%Y à %H:%M:%S (%Z)}" if moment else "Non renseigné"
