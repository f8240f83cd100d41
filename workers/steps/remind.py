"""Send one signer the invitation again, through the provider."""

from __future__ import annotations

from contextlib import suppress

from domain.errors import Unknown
from domain.lifecycle import AT_PROVIDER, State
from store import conventions
from store.steps import Claimed
from workers.runtime import Runtime


def run(runtime: Runtime, claimed: Claimed) -> None:
    """``argument`` is the signer's key. When an earlier try may have reached the signer, nothing is sent
    again: one reminder too few is better than one too many."""
    with runtime.database.reading() as session:
        row = conventions.find(session, claimed.convention_id)
    signer = next((s for s in row.signers if s.key == claimed.argument), None)
    wanted = (
        signer is not None
        and State(row.state) in AT_PROVIDER
        and signer.signed_at is None
        and not claimed.interrupted
    )
    if wanted and signer and row.provider_ref and signer.provider_ref:
        with suppress(Unknown):
            runtime.provider(row.provider).remind(row.provider_ref, signer.provider_ref)
    with runtime.finishing(claimed) as tx:
        if wanted and signer:
            locked = conventions.lock(tx, claimed.convention_id)
            conventions.note(tx, runtime.now(), locked, "reminded", "hub", signer=signer.key)
