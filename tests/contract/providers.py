"""The providers under contract. Adding one is one entry in ``CASES``; the suite is written once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connectors.signature import SignatureProvider
from domain.signature import CallbackKind
from tests.contract import adobe_sign, docusign, universign, yousign
from tests.contract.hands import Hands
from tests.fixtures.sandbox import Control

SECRET, PREVIOUS = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"


@dataclass(frozen=True, eq=False)
class Case:
    """How the suite starts, points and provokes one provider.

    ``build(url, secrets)`` makes the connector for the stand-in at ``url`` with the current and, if
    any, previous callback secret; ``key_refused(url)`` one whose credential is wrong. ``hands`` acts
    as signers and operator at the stand-in. ``send_calls`` are the calls of sending to two signers,
    in order, as (method, path regex) at the stand-in; the others those that fetch the signed file and the
    proof that is asked for last, that cancel, and one of those that follow. ``specification`` is a file of
    tests/specs or of PARAPHE_SPECS, whose paths stand under ``server``; None when the provider publishes
    none; ``beside`` are the paths that it does not describe (regex); see ``Specification`` for ``closed``.

    ``links`` says whether the provider hands out the signers' links, ``refused_names`` what it cannot write,
    ``last_event`` how a callback says that all have signed, ``reference`` what ``callback`` carries of ours.
    With ``published_keys`` nothing is shared with the provider: it publishes the keys that verify its
    callbacks. ``tells_reason``: a refusal comes with its words. Without ``signs_body`` a callback is known by
    its address and proves nothing by what it says: such a provider's may only make the hub ask
    (tests/workers). ``callback_settings`` are the hub's settings that accept callbacks made with that secret.
    """

    name: str
    build: Callable[[str, tuple[str, ...]], SignatureProvider]
    key_refused: Callable[[str], SignatureProvider]
    hands: Callable[[Control], Hands]
    send_calls: tuple[tuple[str, str], ...]
    signed_file_call: tuple[str, str]
    proof_call: tuple[str, str]
    cancel_call: tuple[str, str]
    specification: str | None
    server: str
    last_event: bytes
    sign: Callable[[bytes, str], dict[str, str]]
    callback: Callable[[str], bytes]
    events: dict[str, CallbackKind]
    callback_settings: Callable[[str], dict[str, str]]
    beside: str = r"(?!)"
    closed: bool = False
    links: bool = True
    refused_names: tuple[str, ...] = ("", "   ", "12", "...", "www.example.org", "https://x", "\u0301")
    reference: str | None = "cv_0193.1"
    published_keys: bool = False
    tells_reason: bool = True
    signs_body: bool = True
    reading_call: tuple[str, str] = ("GET", "")


CASES = (
    Case(
        name="adobe_sign",
        build=adobe_sign.build,
        key_refused=adobe_sign.key_refused,
        hands=adobe_sign.AdobeSignHands,
        send_calls=adobe_sign.SEND_CALLS,
        signed_file_call=("GET", r"/combinedDocument$"),
        proof_call=("GET", r"/events$"),
        specification="adobe-sign-v6.openapi3.json",
        server="https://api.eu1.adobesign.com",
        sign=adobe_sign.sign,
        callback=adobe_sign.callback,
        events=adobe_sign.EVENTS,
        callback_settings=adobe_sign.callback_settings,
        last_event=b"AGREEMENT_WORKFLOW_COMPLETED",
        refused_names=(),  # names are not sent
        reference=None,  # the least payload
        signs_body=False,
        beside=r"^/oauth/",
        closed=True,
        cancel_call=("PUT", r"/state$"),
        reading_call=("GET", r"/events$"),  # what was read before is answered 304, with no body to cut
    ),
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
        callback_settings=yousign.callback_settings,
        refused_names=(*Case.refused_names, "Иван", "李"),
    ),
    Case(
        name="universign",
        build=universign.build,
        key_refused=universign.key_refused,
        hands=universign.UniversignHands,
        send_calls=universign.SEND_CALLS,
        signed_file_call=("GET", r"/archives/[^/]+/documents/[^/]+/download$"),
        proof_call=("GET", r"/requester-attestation$"),
        cancel_call=("POST", r"/cancel$"),
        specification=None,
        server="",
        sign=universign.sign,
        callback=universign.callback,
        events=universign.EVENTS,
        callback_settings=universign.callback_settings,
        last_event=b"transaction.lifecycle.completed",
        reference=None,
        published_keys=True,
        tells_reason=False,
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
        callback_settings=docusign.callback_settings,
        beside=r"^/oauth/",
        closed=True,
        links=False,
    ),
)
