"""Bring the signed file and its proof home and verify them: it is what we sent, soundly signed, and the proof
is about our signers and our document. "Signed" means held: only then does the convention become signed, and
only what was verified is ever filed."""

from __future__ import annotations

import hashlib

from connectors.signature import SignatureProvider
from documents.proof import read_proof, strangers
from documents.signatures import verify_signed
from domain.errors import Permanent
from domain.lifecycle import AT_PROVIDER, Move, State
from domain.record import Record
from domain.signature import ProofFile, Signer
from domain.steps import StepKind
from store import conventions, documents, steps, versions
from store.database import Session
from store.models import Convention
from store.steps import Claimed
from workers import filing
from workers.runtime import Runtime

_MEDIA = {"pdf": "application/pdf", "json": "application/json"}

_WRONG = (
    "Le fichier rendu par le prestataire n'est pas la convention envoyée, validement signée ; "
    "rien n'a été classé. Comparez-le chez le prestataire, puis relancez."
)
_OTHERS = Permanent(
    "proof_names_others",
    "La preuve remise par le prestataire ne nomme pas tous les signataires de cette convention ; rien n'a "
    "été classé. Comparez-la chez le prestataire, puis relancez.",
)
_OTHER_DOCUMENT = Permanent(
    "proof_of_another_document",
    "La preuve remise par le prestataire est celle d'un autre document que la convention envoyée ; rien n'a "
    "été classé. Comparez-la chez le prestataire, puis relancez.",
)


def run(runtime: Runtime, claimed: Claimed) -> None:
    with runtime.database.reading() as session:
        row = conventions.find(session, claimed.convention_id)
        rendered = documents.get(session, row.id, "rendered")
    if State(row.state) not in AT_PROVIDER or not row.provider_ref:
        with runtime.finishing(claimed):
            return
    if rendered is None:
        raise Permanent("document_missing", "Le document envoyé est introuvable : rien à quoi comparer.")
    provider = runtime.provider(row.provider)
    signed = provider.signed_file(row.provider_ref)
    proof = provider.proof(row.provider_ref)
    _require_sound(signed, rendered.content, runtime.trust_roots())
    if not proof:
        raise Permanent("proof_missing", "Le prestataire n'a remis aucune preuve ; contactez son assistance.")
    signers = Record.model_validate(row.record).signers()
    _require_ours(provider, proof, signers, (rendered.content, signed))
    with runtime.finishing(claimed) as tx:
        row = conventions.lock(tx, claimed.convention_id)
        if State(row.state) not in AT_PROVIDER:
            return
        now = runtime.now()
        conventions.healed(row, StepKind.CANCEL)  # asked too late
        kept = documents.put(tx, row.id, now, "signed", "application/pdf", signed)
        for file in proof:
            documents.put(tx, row.id, now, f"proof_{file.format}", _MEDIA[file.format], file.content)
        conventions.move(tx, now, row, Move.SIGNED, f"provider:{row.provider}", sha256=kept.sha256)
        versions.settle(tx, now, row)
        _file(tx, runtime, row)
        steps.tell_record(tx, now, row.id, "signed")


def _file(tx: Session, runtime: Runtime, row: Convention) -> None:
    """Where was asked for then and is set up today, or else where is asked for today."""
    able = runtime.archive_names()
    for name in [one for one in row.archives if one not in able]:
        filing.leave_out(tx, runtime.now(), row, name)
    row.archives = row.archives or list(runtime.settings.archives)
    for name in row.archives:
        filing.ask(tx, runtime.now(), row, name)


def _require_sound(signed: bytes, sent: bytes, roots: list[bytes]) -> None:
    """Raises Permanent, its code naming the first fault, unless this is what was sent, soundly signed."""
    findings = verify_signed(signed, sent, roots)
    if not findings.sound:
        raise Permanent(f"signed_file_{(*findings.problems, 'unsound')[0]}", _WRONG)
    if roots and not findings.trusted:
        raise Permanent("signed_file_untrusted", _WRONG)


def _require_ours(
    provider: SignatureProvider,
    proof: tuple[ProofFile, ...],
    signers: tuple[Signer, ...],
    documents_: tuple[bytes, ...],
) -> None:
    """Raises Permanent when the proof is about other people, or about another document, as far as this
    provider's proof tells."""
    said, able = read_proof(proof), provider.capabilities
    if able.proof_names_signers and strangers(said, signers):
        raise _OTHERS
    ours = {hashlib.sha256(one).hexdigest() for one in documents_}
    if able.proof_states_hash and not ours & said.hashes:
        raise _OTHER_DOCUMENT
