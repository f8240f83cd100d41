"""Signature providers: the contract they all satisfy and the registry that names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from connectors import Finding
from domain.capabilities import Capabilities
from domain.signature import Callback, Progress, ProofFile, Sent, SigningOrder, Verdict


class SignatureProvider(Protocol):
    """What the hub asks of a provider. Every network call raises ``domain.errors`` only."""

    #: how a person names it, printed in agreements and pages
    label: str
    #: what it sells and allows; ``send`` refuses an order beyond it before anything leaves
    capabilities: Capabilities
    #: how it is shown where to sign (``domain.signature.ANCHOR``), a format of ``key`` and ``rank``
    anchor: str

    def send(self, order: SigningOrder, *, again: bool) -> Sent:
        """Create the request, place the signature fields by anchors, invite the signers.

        With ``again`` an earlier try may have reached the provider: find it by ``order.reference``
        and finish it, instead of creating a second one.
        """
        ...

    def find(self, reference: str) -> Sent | None:
        """The live request made for ``reference`` (drafts do not count), or None."""
        ...

    def progress(self, provider_ref: str) -> Progress:
        """Ask for the state of the request and of each signer."""
        ...

    def remind(self, provider_ref: str, signer_ref: str) -> None:
        """Send one signer the invitation again."""
        ...

    def cancel(self, provider_ref: str, reason: str) -> None:
        """End the request before it is signed; already cancelled is success."""
        ...

    def signed_file(self, provider_ref: str) -> bytes:
        """The signed PDF; Retryable while the provider is still preparing it."""
        ...

    def proof(self, provider_ref: str) -> tuple[ProofFile, ...]:
        """The evidence as delivered; Retryable while not ready."""
        ...

    def verify(self, headers: Mapping[str, str], raw: bytes) -> Verdict:
        """Authenticate a callback over its raw bytes, in constant time. No network, but to fetch the
        provider's published keys when one is new."""
        ...

    def echo(self, headers: Mapping[str, str], /) -> Mapping[str, str]:
        """The headers that the provider wants to see in our answer to a verified callback, and to the GET
        by which it tries the address; empty for a provider that wants none. Pure."""
        ...

    def event_key(self, headers: Mapping[str, str], raw: bytes) -> str:
        """What makes two deliveries the same event. Pure."""
        ...

    def parse(self, raw: bytes) -> tuple[Callback, ...]:
        """Read a verified callback; unknown or odd content gives an empty tuple. Pure."""
        ...

    def subscribe(self, callback_url: str) -> str:
        """Ask the provider to call ``callback_url``; returns what the operator must keep, in French."""
        ...

    def check(self) -> tuple[Finding, ...]:
        """For the doctor: one harmless authenticated call."""
        ...


#: name -> "module:Class". Adding a provider is one file and one line here.
REGISTRY: Mapping[str, str] = {
    "adobe_sign": "connectors.signature.adobe_sign:AdobeSign",
    "docusign": "connectors.signature.docusign:Docusign",
    "universign": "connectors.signature.universign:Universign",
    "yousign": "connectors.signature.yousign:Yousign",
}
