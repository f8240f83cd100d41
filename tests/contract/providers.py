"""The providers under contract. Adding one is one entry in ``CASES``; the suite is written once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connectors.signature import SignatureProvider
from domain.signature import CallbackKind
from tests.contract import docusign, yousign
from tests.contract.hands import Hands
from tests.fixtures.sandbox import Control

SECRET, PREVIOUS = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"


@dataclass(frozen=True, eq=False)
class Case:
    """How the suite starts, points and provokes one provider.

    ``build(url, secrets)`` makes the connector for the stand-in at ``url`` with the current and, if
    any, previous callback secret; ``key_refused(url)`` one whose credential is wrong. ``hands`` acts
    as signers and operator at the stand-in. ``send_calls`` are the calls of sending to two signers,
    in order, as (method, path regex) at the stand-in; the others those that
    fetch the signed file and a JSON proof, and that cancel. ``specification`` is a file of tests/specs or of
    PARAPHE_SPECS, whose paths stand under ``server``; ``beside`` are those it does not describe (regex);
    see ``Specification`` for ``closed``.
    ``links`` says whether the provider hands out the signers' links, ``refused_names`` what it
    cannot write, ``last_event`` how a callback says that all have signed.
    """

    name: str
    build: Callable[[str, tuple[str, ...]], SignatureProvider]
    key_refused: Callable[[str], SignatureProvider]
    hands: Callable[[Control], Hands]
    send_calls: tuple[tuple[str, str], ...]
    signed_file_call: tuple[str, str]
    proof_call: tuple[str, str]
    cancel_call: tuple[str, str]
    specification: str
    server: str
    last_event: bytes
    sign: Callable[[bytes, str], dict[str, str]]
    callback: Callable[[str], bytes]
    events: dict[str, CallbackKind]
    beside: str = r"(?!)"
    closed: bool = False
    links: bool = True
    refused_names: tuple[str, ...] = ("", "   ", "12", "...", "www.example.org", "https://x", "\u0301")


CASES = (
    Case(
        name="yousign",
        build=yousign.build,
        key_refused=yousign.key_refused,
        hands=yousign.YousignHands,
        send_calls=yousign.SEND_CALLS,
        signed_file_call=("GET", r"/documents/download$"),
        proof_call=("GET", r"/signers/[^/]+/audit_trails$"),
        cancel_call=("POST", r"/cancel$"),
        specification="yousign-v3.openapi.yaml",
        server="https://api.yousign.app",
        last_event=b"signature_request.done",
        sign=yousign.sign,
        callback=yousign.callback,
        events=yousign.EVENTS,
        refused_names=(*Case.refused_names, "Иван", "李"),
    ),
    Case(
        name="docusign",
        build=docusign.build,
        key_refused=docusign.key_refused,
        hands=docusign.DocusignHands,
        send_calls=docusign.SEND_CALLS,
        signed_file_call=("GET", r"/documents/combined$"),
        proof_call=("GET", r"/audit_events$"),
        cancel_call=("PUT", r"/envelopes/[^/]+$"),
        specification="docusign-esignature-v2.1.trimmed.openapi3.json",
        server="https://www.docusign.net",
        last_event=b"envelope-completed",
        sign=docusign.sign,
        callback=docusign.callback,
        events=docusign.EVENTS,
        beside=r"^/oauth/",
        closed=True,
        links=False,
    ),
)
