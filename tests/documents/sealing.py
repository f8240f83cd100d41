"""What a provider does to a PDF, well or badly: seals (PAdES B-T, with the sandbox's authority), stamps,
appended revisions."""

from __future__ import annotations

import io
from functools import lru_cache

from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfTimeStamper, fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from sandbox.pki import Authority, authority


@lru_cache
def _authority(_name: str) -> Authority:
    return authority(None)


def issuer(name: str = "ours") -> Authority:
    """One authority per name, made once."""
    return _authority(name)


def root(name: str = "ours") -> bytes:
    return issuer(name).root.certificate_pem.encode()


def seal(pdf: bytes, field: str = "Sceau1") -> bytes:
    """The PDF with one more signature, appended."""
    identity = issuer().sealer
    signer = signers.SimpleSigner(
        signing_cert=identity.asn1_certificate, signing_key=identity.asn1_key, cert_registry=_certificates()
    )
    metadata = signers.PdfSignatureMetadata(
        field_name=field, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    signing = signers.PdfSigner(metadata, signer=signer, timestamper=issuer().time_stamper())
    made: io.BytesIO = signing.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))
    return made.getvalue()


def _certificates() -> SimpleCertificateStore:
    store = SimpleCertificateStore()
    store.register(issuer().root.asn1_certificate)
    return store


def timestamp(pdf: bytes) -> bytes:
    """The PDF with a document timestamp on top, as for long-term archiving."""
    made: io.BytesIO = PdfTimeStamper(issuer().time_stamper()).timestamp_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)), "sha256"
    )
    return made.getvalue()


def stamp(pdf: bytes, drawing: bytes, page: int = 0) -> bytes:
    """The PDF with an appended revision that draws more on a page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.add_stream_to_page(page, writer.add_object(StreamObject(stream_data=drawing)))
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
