"""What a provider that has gone wrong hands out, on order: the files of others, or half a file.

``other_signer`` puts a stranger in the proof, ``other_document`` the hash of another file. ``other_file``
gives the signed file of another request, ``truncated`` half of the right one, announced as if whole.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from sandbox.yousign.state import Document, SignatureRequest, Signer, State

WAYS = ("other_signer", "other_document", "other_file", "truncated")
_STRANGER = {
    "first_name": "Ursule",
    "last_name": "Inconnue",
    "email": "ursule.inconnue@example.net",
    "phone_number": None,
}


def in_proof(state: State, signer: Signer) -> Signer:
    stranger = state.switchboard.spoiled == "other_signer"
    return replace(signer, info={**signer.info, **_STRANGER}) if stranger else signer


def of_request(state: State, request: SignatureRequest) -> SignatureRequest:
    """As the proof tells of it."""
    if state.switchboard.spoiled != "other_document":
        return request
    other = hashlib.sha256(b"another document").hexdigest()
    documents = [replace(one, sha256=other, sealed=b"another document") for one in request.documents]
    return replace(request, documents=documents)


def as_handed_out(state: State, document: Document) -> bytes:
    content = document.sealed or document.content
    if state.switchboard.spoiled == "truncated":
        return content[: len(content) // 2]
    if state.switchboard.spoiled == "other_file":
        others = [one for request in state.requests.values() for one in request.documents if one.sealed]
        return next((one.sealed for one in others if one.id != document.id and one.sealed), content)
    return content
