"""Send one signer the invitation again, through the provider."""

from __future__ import annotations

from contextlib import suppress

from domain.errors import Refused, Unknown
from domain.lifecycle import AT_PROVIDER, State
from domain.signature import INVITED, RequestStatus
from store import conventions, steps
from store.models import SignerRow
from store.steps import Claimed
from workers.runtime import Runtime


def run(runtime: Runtime, claimed: Claimed) -> None:
    """``argument`` is the signer's key. When an earlier try may have reached the signer, nothing is sent
    again: one reminder too few is better than one too many."""
    with runtime.database.reading() as session:
        row = conventions.find(session, claimed.convention_id)
    signer = next((s for s in row.signers if s.key == claimed.argument), None)
    reminded = (
        signer is not None
        and State(row.state) in AT_PROVIDER
        and signer.signed_at is None
        and not claimed.interrupted
        and _remind(runtime, row.provider, row.provider_ref, signer)
    )
    with runtime.finishing(claimed) as tx:
        locked = conventions.lock(tx, claimed.convention_id)
        if reminded and signer:
            conventions.note(tx, runtime.now(), locked, "reminded", "hub", signer=signer.key)
        elif State(locked.state) in AT_PROVIDER:
            steps.ask_provider(tx, runtime.now(), locked.id)  # the provider knows better than we do


def _remind(runtime: Runtime, provider_name: str, ref: str | None, signer: SignerRow) -> bool:
    """False, and nothing sent, when the provider says that nobody waits for this signer any more: who has
    signed a minute ago, and whose callback is on its way, is not asked again."""
    provider = runtime.provider(provider_name)
    if not ref or not signer.provider_ref or not _waited_for(runtime, provider_name, ref, signer):
        return False
    try:
        with suppress(Unknown):
            provider.remind(ref, signer.provider_ref)
    except Refused:
        if _waited_for(runtime, provider_name, ref, signer):
            raise
        return False
    return True


def _waited_for(runtime: Runtime, provider_name: str, ref: str, signer: SignerRow) -> bool:
    progress = runtime.provider(provider_name).progress(ref)
    return progress.status is RequestStatus.ONGOING and any(
        one.provider_ref == signer.provider_ref and one.status in INVITED for one in progress.signers
    )
