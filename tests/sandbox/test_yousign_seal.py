"""The final file, as verifiers that we did not write see it."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from fpdf import FPDF
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from tests.documents.archivable import faults
from tests.sandbox.yousign_caller import Caller, Started, agreement

WORTHLESS = "BAC À SABLE, SANS VALEUR"


@pytest.fixture
def done(yousign: Caller) -> Started:
    started = yousign.start("otp_sms", "no_otp", ordered_signers=True)
    yousign.sign(started)
    return started


def signed_file(yousign: Caller, started: Started) -> bytes:
    path = f"/signature_requests/{started.id}/documents/download?version=completed"
    return yousign.get(path).raise_for_status().content


def judged(yousign: Caller, pdf: bytes) -> Any:
    root = yousign.client.get(f"{yousign.control.url}/_control/ca.pem").content
    trust = ValidationContext(trust_roots=list(load_certs_from_pemder_data(root)))
    (seal,) = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
    return validate_pdf_signature(seal, trust, trust)


def test_pyhanko_trusts_the_seal_and_its_timestamp(yousign: Caller, done: Started) -> None:
    status = judged(yousign, signed_file(yousign, done))
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.trusted
    assert status.md_algorithm == "sha256"


def test_pyhanko_sees_one_byte_changed(yousign: Caller, done: Started) -> None:
    pdf = bytearray(signed_file(yousign, done))
    pdf[len(pdf) // 3] ^= 1
    assert not judged(yousign, bytes(pdf)).intact


def test_pdfsig_finds_one_valid_seal_over_the_whole_document(
    yousign: Caller, done: Started, tmp_path: Path
) -> None:
    file = tmp_path / "signed.pdf"
    file.write_bytes(signed_file(yousign, done))
    seen = subprocess.run(
        ["pdfsig", "-nocert", file], capture_output=True, text=True, check=True, env={"LC_ALL": "C"}
    ).stdout
    assert seen.count("Signature #") == 1
    assert "Signature Validation: Signature is Valid." in seen
    assert "Total document signed" in seen
    assert "ETSI.CAdES.detached" in seen


def test_the_marks_say_who_signed_and_that_it_is_worth_nothing(yousign: Caller, done: Started) -> None:
    document = pypdfium2.PdfDocument(signed_file(yousign, done))
    first, last = (page.get_textpage().get_text_range() for page in document)
    assert first.count(WORTHLESS) == 1
    assert last.count(WORTHLESS) == 3
    assert last.count("Hélène D'Aubigné-Lefèvre") == 2
    assert "Signé électroniquement par" in last


def test_a_pdf_a_stays_one_under_the_marks_and_the_seal(yousign: Caller) -> None:
    pdf = FPDF(enforce_compliance="PDF/A-2B")
    pdf.set_title("Convention")
    pdf.set_lang("fr-FR")
    pdf.add_font("texte", "", "/usr/share/fonts/truetype/dejavu/DejaVuSansCondensed.ttf")
    pdf.set_font("texte", size=11)
    pdf.add_page()
    pdf.text(20, 200, "{{s1|signature|170|74}}")
    archived = bytes(pdf.output())
    started = yousign.start("no_otp", pdf=archived)
    yousign.sign(started)
    assert faults(archived) == []
    assert faults(signed_file(yousign, started)) == []


def test_nothing_is_sealed_before_the_last_signature(yousign: Caller) -> None:
    pdf = agreement("s1|signature|170|74", "s2|signature|170|74")
    started = yousign.start("no_otp", "no_otp", pdf=pdf)
    yousign.sign(started, started.signers[0])
    assert yousign.get(f"/signature_requests/{started.id}/documents/download").content == pdf


def test_the_audit_trail_tells_who_how_when_and_what(yousign: Caller, done: Started) -> None:
    path = f"/signature_requests/{done.id}/signers/{done.signers[0]}/audit_trails"
    trail = yousign.read(path)
    assert trail["signature_request"]["id"] == done.id
    assert trail["signer"]["first_name"] == "Hélène"
    assert trail["signer"]["email_address"] == "helene@example.org"
    assert trail["signer"]["phone_number"] == "+33600000001"
    assert trail["signer"]["consent_given_at"] <= trail["signer"]["signature_process_completed_at"]
    assert trail["authentication"]["mode"] == "sms"
    (document,) = trail["documents"]
    pdf = signed_file(yousign, done)
    assert document["signatures"][0]["hash"] == hashlib.sha256(pdf).hexdigest()
    assert document["initial_hash"] == yousign.read(f"/signature_requests/{done.id}/documents")[0]["sha256"]
    assert json.dumps(trail["organization"], ensure_ascii=False).count(WORTHLESS) == 1


def test_the_merged_proof_has_a_page_per_signer_with_its_accents(yousign: Caller, done: Started) -> None:
    answer = yousign.get(f"/signature_requests/{done.id}/audit_trails/download?merge=true")
    assert answer.headers["Content-Type"] == "application/pdf"
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.content)]
    assert len(pages) == 2
    sealed = hashlib.sha256(signed_file(yousign, done)).hexdigest()
    for text in pages:
        assert WORTHLESS in text
        assert "Hélène D'Aubigné-Lefèvre" in text
        assert "Empreinte après signature" in text
        assert sealed in text.replace("\r\n", "")


def test_the_proof_of_several_comes_as_a_zip_unless_merged(yousign: Caller, done: Started) -> None:
    answer = yousign.get(f"/signature_requests/{done.id}/audit_trails/download")
    assert (answer.headers["Content-Type"], answer.content[:2]) == ("application/zip", b"PK")
    one = yousign.get(f"/signature_requests/{done.id}/signers/{done.signers[1]}/audit_trails/download")
    assert (one.headers["Content-Type"], one.content[:5]) == ("application/pdf", b"%PDF-")
