"""The audit report: who did what, when, on which document."""

from __future__ import annotations

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.adobe_sign.state import TIMEZONE, Agreement, Participant
from sandbox.signing import proof

_LEAD = (
    "Ce rapport d'audit retrace un accord signé électroniquement. Il a été produit par un simulateur : il ne "
    "prouve rien."
)


def as_pdf(agreement: Agreement) -> bytes:
    people = [_signer(one) for one in agreement.participants]
    journal = [(_local(one["date"]), _told(one)) for one in agreement.events]
    return proof.as_pdf("Rapport d'audit", _LEAD, [[_request(agreement), *people], [("Journal", journal)]])


def _request(agreement: Agreement) -> proof.Section:
    sealed = agreement.sealed
    return (
        "Accord",
        [
            ("Intitulé", agreement.asked["name"]),
            ("Identifiant", agreement.id),
            ("Fichier", agreement.file_name),
            ("Empreinte avant signature (SHA-256)", agreement.sha256),
            (
                "Empreinte après signature (SHA-256)",
                hashlib.sha256(sealed).hexdigest() if sealed else "En attente",
            ),
            ("Créé le", _at(agreement.created_at)),
            ("Terminé le", _at(agreement.completed_at)),
        ],
    )


def _signer(one: Participant) -> proof.Section:
    return (
        f"Signataire {one.rank}",
        [
            ("Nom", one.signer_name),
            ("Adresse e-mail", one.email),
            ("Vérification", "Code reçu par SMS" if one.phone else "Lien personnel, sans code"),
            ("Ouvert le", _at(one.opened_at)),
            ("Signé le", _at(one.signed_at)),
            ("Adresse IP", one.ip_address or "Non renseignée"),
        ],
    )


def _told(event: dict[str, str]) -> str:
    return f"{event['type']} ({event.get('participantEmail') or event['actingUserEmail']})"


def _at(moment: datetime | None) -> str:
    return f"{moment.astimezone(ZoneInfo(TIMEZONE)):%d/%m/%Y à %H:%M:%S (%Z)}" if moment else "Non renseigné"


def _local(moment: str) -> str:
    return _at(datetime.fromisoformat(moment))
