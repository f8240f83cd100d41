"""Whether a signed PDF is sound, and is the document that was sent. No network, no revocation: what is
said here depends on the bytes and on the roots given, and on nothing else.

Called before a signed file is archived. Never raises on hostile bytes: it answers with findings.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from documents.pdf import MAX_BYTES, compact, inspect
from domain.errors import Permanent

#: what tells a provider where to put a signature; some providers remove it
ANCHOR = re.compile(r"\{\{[^{}]{1,80}\}\}")  # nothing in a record may hold braces
MAX_SIGNATURES = 60


@dataclass(frozen=True)
class SignatureFindings:
    """``problems`` are stable codes, in the order found. ``trusted`` stands apart: it says only whether
    every signer's certificate leads to one of the roots given. ``keeps_sent_bytes``: the signed file
    begins with the very bytes that were sent (the provider only appended)."""

    signatures: int = 0
    intact: bool = False
    covers_whole_file: bool = False
    same_document: bool = False
    keeps_sent_bytes: bool = False
    trusted: bool = False
    problems: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        return self.signatures > 0 and self.intact and self.covers_whole_file and self.same_document


def verify_signed(signed: bytes, sent: bytes, trust_roots: Sequence[bytes] = ()) -> SignatureFindings:
    """``trust_roots`` are PEM (or DER) certificates; without any, nothing is trusted.

    The document is the same when the text of each page that was sent is found unchanged, in order, in the
    signed file. This is asked even when the sent bytes are kept, since an appended revision can replace
    what a page shows.
    """
    findings = SignatureFindings(keeps_sent_bytes=bool(sent) and signed.startswith(sent))
    if not signed.startswith(b"%PDF-") or len(signed) > MAX_BYTES:
        return replace(findings, problems=("not_a_pdf",))
    problems: list[str] = []
    try:
        findings = _check_signatures(signed, trust_roots, findings)
        problems += findings.problems
    except (Exception, RecursionError):  # noqa: BLE001  (hostile bytes make the parser raise anything)
        problems.append("signatures_unreadable")
    same = _same_document(signed, sent)
    if not same:
        problems.append("another_document")
    return replace(findings, same_document=same, problems=tuple(problems))


def _check_signatures(
    signed: bytes, roots: Sequence[bytes], findings: SignatureFindings
) -> SignatureFindings:
    reader = PdfFileReader(io.BytesIO(signed), strict=False)
    embedded = list(reader.embedded_signatures)
    if not reader.embedded_regular_signatures or len(embedded) > MAX_SIGNATURES:
        return replace(findings, problems=("no_signature",))
    context = _context(roots)
    statuses = [_status(one, context) for one in embedded]
    intact = all(status.intact and status.valid for status in statuses)
    last = embedded[-1].evaluate_signature_coverage() if intact else SignatureCoverageLevel.UNCLEAR
    whole = last == SignatureCoverageLevel.ENTIRE_FILE
    unaltered = all(_unaltered(status) for status in statuses)
    problems = [
        code
        for code, holds in (
            ("signature_invalid", intact),
            ("altered_after_signature", unaltered),
            ("unsigned_end", whole),
        )
        if not holds
    ]
    return replace(
        findings,
        signatures=len(reader.embedded_regular_signatures),
        intact=intact and unaltered,
        covers_whole_file=whole,
        trusted=bool(roots) and all(status.trusted for status in statuses),
        problems=tuple(problems),
    )


def _status(embedded: Any, context: ValidationContext) -> Any:
    if str(embedded.sig_object_type) == "/DocTimeStamp":
        return validate_pdf_timestamp(embedded, validation_context=context)
    return validate_pdf_signature(embedded, signer_validation_context=context)


def _unaltered(status: Any) -> bool:
    """What was appended after this signature is only what may be: other signatures and their proofs."""
    if status.coverage is None or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return False
    level = status.modification_level
    return level is not None and level <= ModificationLevel.FORM_FILLING


def _context(roots: Sequence[bytes]) -> ValidationContext:
    certificates = []
    for root in roots:
        for _kind, _headers, der in (
            pem.unarmor(root, multiple=True) if pem.detect(root) else [("", {}, root)]
        ):
            certificates.append(x509.Certificate.load(der))
    return ValidationContext(trust_roots=certificates, allow_fetching=False)


def _same_document(signed: bytes, sent: bytes) -> bool:
    try:
        sent_pages = [_page(text) for text in inspect(sent).texts]
        signed_pages = iter([_page(text) for text in inspect(signed).texts])
    except Permanent:
        return False
    if not any(sent_pages):
        return signed.startswith(sent)
    return all(any(page in candidate for candidate in signed_pages) for page in sent_pages)


def _page(text: str) -> str:
    return compact(ANCHOR.sub("", text))
