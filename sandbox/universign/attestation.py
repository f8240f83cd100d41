"""The requester's attestation: who signed what, when and how, as a PDF for people."""

from __future__ import annotations

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.signing import proof
from sandbox.universign.lifecycle import needs_code
from sandbox.universign.state import TIMEZONE, Participant, Transaction

LEVELS = {
    "level0": "Signature électronique simple, sans authentification",
    "level1": "Signature électronique simple, code par SMS",
    "level2": "Signature électronique avancée (certificat LCP)",
    "level3": "Signature électronique avancée (certificat QCP, identité vérifiée à distance)",
    "level4": "Signature électronique qualifiée",
}


def as_pdf(transaction: Transaction) -> bytes:
    lead = (
        "Ce document retrace la transaction pour le demandeur. Il a été produit par un simulateur : il ne "
        "prouve rien."
    )
    sections = [_transaction(transaction), *map(_participant, transaction.signers), _documents(transaction)]
    return proof.as_pdf("Attestation du demandeur", lead, [sections])


def _at(moment: datetime | None) -> str:
    if moment is None:
        return "Non renseigné"
    return f"{moment.astimezone(ZoneInfo(TIMEZONE)):%d/%m/%Y à %H:%M:%S (%Z)}"


def _transaction(of: Transaction) -> proof.Section:
    rows = [
        ("Intitulé", of.name),
        ("Identifiant", of.id),
        ("État", of.state),
        ("Démarrée le", _at(of.started_at)),
        ("Terminée le", _at(of.completed_at)),
    ]
    return "Transaction", rows


def _participant(of: Participant) -> proof.Section:
    rows = [
        ("Nom", of.name),
        ("Adresse e-mail", of.email),
        ("Téléphone", of.phone_number or "Non renseigné"),
        ("Niveau", LEVELS[of.level]),
        ("Authentification", "Code à usage unique reçu par SMS" if needs_code(of) else "Lien personnel"),
        ("Lien ouvert le", _at(of.opened_at)),
        ("Consentement donné le", _at(of.consent_at)),
        ("Signature achevée le", _at(of.signed_at)),
        ("Adresse IP", of.ip_address or "Non renseignée"),
    ]
    return "Signataire", rows


def _documents(of: Transaction) -> proof.Section:
    rows = []
    for document in of.documents:
        after = hashlib.sha256(document.sealed).hexdigest() if document.sealed else "En attente"
        rows += [
            ("Fichier", document.name),
            ("Empreinte avant signature (SHA-256)", document.sha256),
            ("Empreinte après signature (SHA-256)", after),
        ]
    return "Document", rows
