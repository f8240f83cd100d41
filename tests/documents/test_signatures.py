"""What is said of a signed file: sound, trusted, the same document; and never an exception."""

from __future__ import annotations

import random
import re

import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.signatures import SignatureFindings, verify_signed
from tests.documents.sealing import root, seal, stamp, timestamp


def pdf(*pages: str) -> bytes:
    made = FPDF()
    made.set_font("Helvetica", size=12)
    for text in pages:
        made.add_page()
        made.multi_cell(0, text=text)
    return bytes(made.output())


SENT = pdf("Convention 2026-0147\nPrix : 2 880,00 euros TTC", "Signatures {{s1|signature|180|60}}")
SIGNED = seal(SENT)


def test_a_sealed_file_is_sound_and_trusted_when_its_root_is_given() -> None:
    assert verify_signed(SIGNED, SENT, [root()]) == SignatureFindings(
        signatures=1,
        intact=True,
        covers_whole_file=True,
        same_document=True,
        keeps_sent_bytes=True,
        trusted=True,
        problems=(),
    )


@pytest.mark.parametrize("roots", [[], [root("another")]], ids=["no root", "another root"])
def test_trust_is_told_apart_from_soundness(roots: list[bytes]) -> None:
    findings = verify_signed(SIGNED, SENT, roots)
    assert findings.sound
    assert not findings.trusted


def test_roots_may_be_several_in_one_file() -> None:
    assert verify_signed(SIGNED, SENT, [root("another") + root()]).trusted


def test_every_signer_may_seal_in_turn_and_a_timestamp_may_close() -> None:
    twice = seal(SIGNED, "Sceau2")
    assert verify_signed(twice, SENT, [root()]).sound
    assert verify_signed(twice, SENT, [root()]).signatures == 2
    closed = verify_signed(timestamp(twice), SENT, [root()])
    assert closed.sound
    assert closed.trusted


def test_an_unsigned_file_is_not_sound() -> None:
    findings = verify_signed(SENT, SENT, [root()])
    assert not findings.sound
    assert findings.problems == ("no_signature",)


def test_one_byte_changed_anywhere_is_found() -> None:
    chosen = random.Random(20261123)
    for at in [SIGNED.index(b"/Contents") - 300, *(chosen.randrange(20, len(SENT)) for _ in range(12))]:
        changed = SIGNED[:at] + bytes([SIGNED[at] ^ 1]) + SIGNED[at + 1 :]
        assert not verify_signed(changed, SENT, [root()]).sound


def test_bytes_added_after_the_last_signature_are_found() -> None:
    findings = verify_signed(SIGNED + b"\n% ajout\n", SENT, [root()])
    assert not findings.sound
    assert "unsigned_end" in findings.problems


def test_a_page_redrawn_after_the_signature_is_found_even_under_a_second_one() -> None:
    redrawn = stamp(SIGNED, b"q 1 1 1 rg 0 700 600 200 re f Q")
    assert not verify_signed(redrawn, SENT, [root()]).sound
    findings = verify_signed(seal(redrawn, "Sceau2"), SENT, [root()])
    assert not findings.sound
    assert "altered_after_signature" in findings.problems


def test_another_document_soundly_signed_is_not_ours() -> None:
    other = pdf("Convention 2026-0147\nPrix : 2 080,00 euros TTC", "Signatures {{s1|signature|180|60}}")
    findings = verify_signed(seal(other), SENT, [root()])
    assert not findings.sound
    assert findings.intact
    assert findings.problems == ("another_document",)


def test_a_document_with_a_page_removed_or_swapped_is_not_ours() -> None:
    three = pdf("un", "deux", "trois")
    assert not verify_signed(seal(pdf("un", "trois")), three, [root()]).sound
    assert not verify_signed(seal(pdf("deux", "un", "trois")), three, [root()]).sound


def test_text_replaced_before_the_signature_is_found_although_the_sent_bytes_are_kept() -> None:
    """An appended revision can give a page other content: beginning with our bytes proves nothing."""
    page = re.search(rb"(\d+) 0 obj\s*<<[^>]*/Type /Page\b[^>]*>>", SENT) or re.search(
        rb"(\d+) 0 obj\s*<<\s*/Type /Page\b.*?>>\s*endobj", SENT, re.DOTALL
    )
    assert page
    blank = stamp(SENT, b"q Q")
    replaced = blank + _revision_without_content(blank, int(page[1]))
    findings = verify_signed(seal(replaced), SENT, [root()])
    assert findings.keeps_sent_bytes
    assert not findings.same_document
    assert not findings.sound


def _revision_without_content(whole: bytes, page: int) -> bytes:
    """One more revision of the file, in which that page is empty."""
    previous = int(whole.rsplit(b"startxref", 1)[1].split()[0])
    tree = re.search(rb"/Parent (\d+ 0 R)", whole)
    trailer = re.search(rb"/Root (\d+ 0 R)", whole)
    size = max(int(found) for found in re.findall(rb"(\d+) 0 obj", whole)) + 1
    assert tree
    assert trailer
    body = b"\n%d 0 obj\n<</Type /Page /Parent %s /MediaBox [0 0 595 842]>>\nendobj\n" % (page, tree[1])
    table = b"xref\n%d 1\n%010d 00000 n \n" % (page, len(whole) + 1)
    end = b"trailer\n<</Size %d /Root %s /Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    return body + table + end % (size, trailer[1], previous, len(whole) + len(body))


def test_a_provider_may_stamp_and_drop_the_anchors() -> None:
    stamped = pdf(
        "Convention 2026-0147\nPrix : 2 880,00 euros TTC\nSigné par C. Durand", "Signatures", "Preuve"
    )
    findings = verify_signed(seal(stamped), SENT, [root()])
    assert findings.sound
    assert not findings.keeps_sent_bytes


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"texte",
        b"%PDF-1.7\n",
        b"%PDF-1.7\n" + bytes(range(256)) * 100,
        SIGNED[: len(SIGNED) // 2],
        SIGNED[:-30],
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R/AcroForm<</Fields[1 0 R]>>>>endobj\n"
        b"trailer<</Root 1 0 R/Size 2>>\nstartxref\n0\n%%EOF",
        b"%PDF-1.7\n" + b"[" * 100_000 + b"\nstartxref\n9\n%%EOF",
        SIGNED.replace(b"/ByteRange", b"/ByteRangf"),
        re.sub(rb"/ByteRange \[[^\]]*\]", b"/ByteRange [0 1 2 3]", SIGNED),
    ],
    ids=["empty", "text", "header", "noise", "half", "no end", "loop", "deep", "no range", "wrong range"],
)
def test_hostile_bytes_give_findings_not_exceptions(hostile: bytes) -> None:
    for sent in (SENT, hostile, b""):
        findings = verify_signed(hostile, sent, [root()])
        assert not findings.sound
        assert findings.problems
    verify_signed(SIGNED, hostile, [root()])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SIGNED) - 1), st.binary(min_size=1, max_size=40))
def test_no_splice_of_bytes_ever_raises(at: int, piece: bytes) -> None:
    spliced = SIGNED[:at] + piece + SIGNED[at + len(piece) :]
    findings = verify_signed(spliced, SENT, [root()])
    assert not findings.sound or spliced == SIGNED or piece.strip() == b"" or at > SIGNED.index(b"/Contents")


@pytest.mark.parametrize(
    "roots", [[b""], [b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----"], [b"\x30\x00"]]
)
def test_a_root_that_cannot_be_read_gives_a_finding(roots: list[bytes]) -> None:
    assert not verify_signed(SIGNED, SENT, roots).sound
