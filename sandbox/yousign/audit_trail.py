"""The evidence of one signature: as JSON in the published shape, and as a PDF for people."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives import hashes

from sandbox.pki import Identity
from sandbox.signing import proof
from sandbox.signing.marks import WORTHLESS
from sandbox.yousign.answers import moment
from sandbox.yousign.state import Document, SignatureRequest, Signer, State

LEVELS = {
    "electronic_signature": ("Simple electronic signature", "Signature électronique simple"),
    "advanced_electronic_signature": ("Advanced electronic signature", "Signature électronique avancée"),
    "qualified_electronic_signature": ("Qualified electronic signature", "Signature électronique qualifiée"),
}
MODES = {
    "otp_sms": ("sms", "Code à usage unique reçu par SMS"),
    "otp_email": ("email", "Code à usage unique reçu par e-mail"),
    "no_otp": ("no_otp", "Lien personnel, sans code"),
    None: ("identity", "Vérification d'identité"),
}


def as_json(state: State, request: SignatureRequest, signer: Signer, sealer: Identity) -> dict[str, Any]:
    """Published shape, version 5; the signer has signed. ``signatures`` is empty until all have."""
    return {
        "version": 5,
        "signature_request": {
            "id": request.id,
            "name": request.asked["name"],
            "sent_at": moment(request.activated_at),
            "expired_at": moment(request.expires_at),
        },
        "sender": {
            "id": state.user_id,
            "type": "User",
            "email": "expediteur@bac-a-sable.example",
            "first_name": "Bac",
            "last_name": "À Sable",
            "ip_address": "127.0.0.1",
            "phone_number": None,
        },
        "signer": {
            "id": signer.id,
            "first_name": signer.info["first_name"],
            "last_name": signer.info["last_name"],
            "email_address": signer.info["email"],
            "phone_number": signer.info["phone_number"],
            "ip_address": signer.ip_address,
            "consent_given_at": moment(signer.consent_at or signer.signed_at),
            "signature_process_completed_at": moment(signer.signed_at),
        },
        "documents": [_document(document, signer, sealer) for document in request.signable],
        "organization": {"id": state.workspace_id, "name": WORTHLESS},
        "authentication": {
            "mode": MODES[signer.authentication][0],
            "validated_at": moment(signer.verified_at or signer.signed_at),
        },
        "electronic_signature_level": {"level": LEVELS[signer.level][0]},
    }


def _document(document: Document, signer: Signer, sealer: Identity) -> dict[str, Any]:
    certificate = sealer.certificate
    signature = {
        "hash": hashlib.sha256(document.sealed or b"").hexdigest(),
        "reason": f"Signed by {signer.name}",
        "certificate": {
            "dn": certificate.subject.rfc4514_string(),
            "oid": "2.5.29.32.0",
            "hash": certificate.fingerprint(hashes.SHA256()).hex(),
            "content": sealer.certificate_pem,
            "generated_at": moment(certificate.not_valid_before_utc),
        },
    }
    return {
        "id": document.id,
        "name": document.name,
        "mime_type": "application/pdf",
        "initial_hash": document.sha256,
        "initial_storage_id": str(uuid.uuid5(uuid.UUID(document.id), "initial")),
        "signatures": [signature] if document.sealed else [],
    }


def as_pdf(request: SignatureRequest, signers: list[Signer]) -> bytes:
    """One page per signer; several signers make the merged proof."""
    zone = ZoneInfo(request.asked["timezone"])
    lead = (
        "Ce document retrace la signature électronique d'une personne. Il a été produit par un simulateur : "
        "il ne prouve rien."
    )
    return proof.as_pdf("Dossier de preuve", lead, [_sections(request, one, zone) for one in signers])


def _sections(request: SignatureRequest, signer: Signer, zone: ZoneInfo) -> list[proof.Section]:
    def at(moment_of: datetime | None) -> str:
        return f"{moment_of.astimezone(zone):%d/%m/%Y à %H:%M:%S (%Z)}" if moment_of else "Non renseigné"

    documents = [
        row
        for document in request.signable
        for row in (
            ("Fichier", document.name),
            ("Empreinte avant signature (SHA-256)", document.sha256),
            (
                "Empreinte après signature (SHA-256)",
                hashlib.sha256(document.sealed).hexdigest() if document.sealed else "En attente",
            ),
        )
    ]
    return [
        (
            "Demande de signature",
            [
                ("Intitulé", request.asked["name"]),
                ("Identifiant", request.id),
                ("Envoyée le", at(request.activated_at)),
                ("Expire le", at(request.expires_at)),
                ("Terminée le", at(request.completed_at)),
            ],
        ),
        (
            "Signataire",
            [
                ("Nom", signer.name),
                ("Adresse e-mail", signer.info["email"]),
                ("Téléphone", signer.info["phone_number"] or "Non renseigné"),
                ("Identifiant", signer.id),
                ("Adresse IP", signer.ip_address or "Non renseignée"),
            ],
        ),
        (
            "Signature",
            [
                ("Niveau", LEVELS[signer.level][1]),
                ("Authentification", MODES[signer.authentication][1]),
                ("Lien ouvert le", at(signer.opened_at)),
                ("Consentement donné le", at(signer.consent_at)),
                ("Code validé le", at(signer.verified_at)),
                ("Signature achevée le", at(signer.signed_at)),
            ],
        ),
        ("Document", documents),
    ]
