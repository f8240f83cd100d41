"""The scenarios after the signature, on the convention of the nominal one: proof, filing, billing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from connectors.archives import Deposit
from documents.proof import read_proof, strangers
from documents.signatures import verify_signed
from domain.lifecycle import State
from domain.record import Record
from domain.signature import ProofFile
from rehearsal.listener import Call
from rehearsal.outcome import Failed, Notes
from rehearsal.scratch import ARCHIVE
from rehearsal.stage import RESUMED_PATH, SIGNED_PATH, Stage

#: document kind -> the name of its copy in the report's folder, beside its address under the convention
_EXPORTED = {
    "rendered": ("document", "convention-envoyee.pdf"),
    "signed": ("signed", "convention-signee.pdf"),
    "proof_pdf": ("proof", "preuve.pdf"),
    "proof_json": ("proof?format=json", "preuve.json"),
}
PROOF_FOLDER = "preuve"


def export_of_the_proof(stage: Stage, notes: Notes) -> str:
    shown, hub = stage.archived(), stage.hub
    folder = stage.folder / PROOF_FOLDER
    folder.mkdir()
    held = {one["kind"]: one["sha256"] for one in shown["documents"]}
    written: dict[str, bytes] = {}
    for kind, (address, name) in _EXPORTED.items():
        if kind in held:
            written[kind] = hub.get(f"/v1/conventions/{shown['id']}/{address}").data
            (folder / name).write_bytes(written[kind])
    formats = hub.provider.capabilities.proof_formats
    expected = {"rendered", "signed", *(f"proof_{one}" for one in formats)}
    notes.check(
        expected <= written.keys() and all(_hash(written[kind]) == held[kind] for kind in written),
        f"{len(written)} fichiers exportés, d'empreinte conforme (preuve : {', '.join(formats)})",
        "Un fichier de preuve manque ou n'a pas l'empreinte annoncée.",
        "Voyez les documents de la convention et le journal technique.",
    )
    found = verify_signed(written["signed"], written["rendered"], hub.runtime.trust_roots())
    notes.check(
        found.sound,
        f"fichier signé : {found.signatures} signature(s) intacte(s), tout le fichier couvert, texte de "
        "chaque page inchangé",
        "Le fichier signé n'est pas la convention envoyée, validement signée.",
        "Ne vous servez pas de ce prestataire avant d'en connaître la cause.",
    )
    _require_named(stage, notes, written)
    journal = hub.get(f"/v1/conventions/{shown['id']}/journal")
    (folder / "journal.json").write_bytes(journal.data)
    content: dict[str, Any] = journal.get_json()
    notes.check(
        content["intact"] is True and bool(content["items"]),
        f"journal exporté : {len(content['items'])} entrées, chaîne d'empreintes intacte",
        "La chaîne du journal est rompue.",
        "Gardez la base telle quelle et faites-la examiner.",
    )
    return "Convention signée, preuve du prestataire et journal exportés à côté de ce rapport, et vérifiés."


def _require_named(stage: Stage, notes: Notes, written: dict[str, bytes]) -> None:
    """Where this provider's proof names the signers at all."""
    if not stage.nominal or not stage.hub.provider.capabilities.proof_names_signers:
        return
    files = [
        ProofFile(kind.removeprefix("proof_"), content)
        for kind, content in written.items()
        if kind.startswith("proof_")
    ]
    signers = Record.model_validate(stage.hub.row(stage.nominal).record).signers()
    notes.check(
        not strangers(read_proof(files), signers),
        "la preuve nomme tous les signataires",
        "La preuve du prestataire ne nomme pas tous les signataires.",
        "Comparez-la chez le prestataire.",
    )


def filing(stage: Stage, notes: Notes) -> str:
    shown, hub, root = stage.archived(), stage.hub, stage.folder / "archive"
    copies = shown["archives"]
    kinds = {"signed", *(f"proof_{one}" for one in hub.provider.capabilities.proof_formats)}
    notes.check(
        {copy["kind"] for copy in copies} == kinds,
        f"{len(copies)} fichiers : la convention signée et sa preuve",
        "Il manque un fichier au classement.",
        "Voyez la page de suivi et le journal technique.",
    )
    for copy in copies:
        path = Path(copy["path"])
        notes.check(
            path.is_relative_to(root.absolute())
            and path.is_file()
            and _hash(path.read_bytes()) == copy["sha256"],
            f"classé et relu : {path.relative_to(stage.folder.absolute())}",
            "Un fichier classé est absent ou n'a pas l'empreinte attendue.",
            "Vérifiez le disque et les droits du dossier.",
        )
    before = dict(_standing(root))
    archive = hub.runtime.archive(ARCHIVE)
    for copy in hub.row(shown["id"]).copies:
        *folders, name = copy.ref.split("/")
        content = archive.read(copy.ref)
        media = "application/json" if name.endswith(".json") else "application/pdf"
        key = f"{shown['id']}:{copy.kind}"
        archive.file(Deposit(key, tuple(folders), name, media, content, copy.sha256))
    hub.post(f"/v1/conventions/{shown['id']}/archive")
    hub.carry(shown["id"], State.ARCHIVED)
    notes.check(
        dict(_standing(root)) == before,
        "un second classement ne change rien : mêmes fichiers, aucun réécrit",
        "Un second classement a changé ce qui était déjà classé.",
    )
    return (
        f"{len(copies)} fichiers classés par année et mois, relus, laissés tels quels au second passage. Vos "
        "archives à vous se vérifient par « flask --app app doctor »."
    )


def billing_trigger(stage: Stage, notes: Notes) -> str:
    shown, heard = stage.archived(), stage.billing
    calls = [call for call in heard.received(SIGNED_PATH) if call.event["data"]["id"] == shown["id"]]
    types = [call.event["type"] for call in calls]
    notes.check(
        sorted(types) == ["convention.archived", "convention.signed"],
        "convention.signed et convention.archived reçus, une fois chacun",
        f"Reçu {len(types)} appel(s) au lieu des deux attendus (signée, archivée).",
        "Voyez le journal technique, puis rejouez la répétition.",
    )
    resumed = [call for call in heard.received(RESUMED_PATH) if call.event["data"]["id"] == shown["id"]]
    notes.check(
        len(resumed) == 1,
        "resume_url appelée une fois, à la fin",
        f"resume_url a été appelée {len(resumed)} fois au lieu d'une.",
    )
    _require_signed(calls, stage.hook_secret)
    _require_signed(resumed, stage.hub.settings.core.events_secret.get_secret_value())
    notes.seen("chaque appel est signé (Standard Webhooks) ; le même, altéré, est rejeté")
    return (
        "L'outil de facturation serait déclenché : appels signés reçus, une fois chacun, après la signature."
    )


def _require_signed(calls: list[Call], secret: str) -> None:
    for call in calls:
        if not call.is_signed(secret) or call.is_signed(secret, call.body + b" "):
            raise Failed(
                "La signature d'un appel sortant n'est pas valable.", "Vérifiez l'horloge de la machine."
            )


def _standing(root: Path) -> Iterator[tuple[str, tuple[int, str]]]:
    for path in sorted(root.rglob("*")):
        if path.is_file():
            yield str(path), (path.stat().st_mtime_ns, _hash(path.read_bytes()))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
