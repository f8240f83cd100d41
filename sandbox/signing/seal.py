"""The seal: one PAdES B-T signature over the whole file, in one incremental update.

The uploaded bytes stay a prefix of the result. The visible marks are page content added in that same
update; the seal itself shows nothing.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from sandbox.pki import Authority
from sandbox.signing import marks

FIELD_NAME = "Cachet"


@dataclass(frozen=True)
class Mark:
    """A one-page PDF to place with its lower left corner at (x, y), points from the page's own."""

    page_index: int
    pdf: bytes
    x: float
    y: float


@dataclass(frozen=True)
class Visible:
    """One signature to show: ``x`` and ``y`` are the box's top left corner in points from the top left of
    ``page`` (from 1); the time is written in ``timezone``."""

    name: str
    signed_at: datetime
    timezone: str
    page: int
    x: float
    y: float
    width: float
    height: float


class Sealer:
    """Seals with the authority's certificate, and timestamps with its TSA."""

    def __init__(self, authority: Authority) -> None:
        certificates = SimpleCertificateStore()
        certificates.register(authority.root.asn1_certificate)
        self._signer = signers.SimpleSigner(
            authority.sealer.asn1_certificate, authority.sealer.asn1_key, certificates
        )
        self._authority = authority

    def seal(self, content: bytes, names: Iterable[str], signatures: Iterable[Visible]) -> bytes:
        """The document with everybody's marks, sealed; ``names`` are those who signed."""
        writer = IncrementalPdfFileWriter(io.BytesIO(content))
        for page_index in range(_page_count(writer.prev)):
            _isolate(writer, page_index)
        forms: dict[bytes, generic.IndirectObject] = {}  # the banner is on every page and imported once
        for rank, mark in enumerate(_marks(signatures, writer.prev)):
            if mark.pdf not in forms:
                forms[mark.pdf] = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(mark.pdf)))
            _place(writer, mark, forms[mark.pdf], f"/BacASable{rank}")
        metadata = signers.PdfSignatureMetadata(
            field_name=FIELD_NAME,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            reason=f"Signé par {', '.join(names)} ({marks.WORTHLESS})",
        )
        sealing = signers.PdfSigner(metadata, self._signer, timestamper=self._authority.time_stamper())
        sealed: io.BytesIO = sealing.sign_pdf(writer)
        return sealed.getvalue()


def can_be_sealed(content: bytes) -> bool:
    """Whether the structure is one that an incremental update can follow."""
    try:
        reader = PdfFileReader(io.BytesIO(content))
        return not reader.encrypted and _page_count(reader) > 0
    except Exception:  # noqa: BLE001 # a hostile file may fail anywhere in the parser: it is refused
        return False


def is_signed(content: bytes) -> bool:
    return bool(PdfFileReader(io.BytesIO(content)).embedded_signatures)


def _page_count(reader: PdfFileReader) -> int:
    return int(reader.root["/Pages"]["/Count"])


def _marks(signatures: Iterable[Visible], reader: PdfFileReader) -> Iterator[Mark]:
    banner = marks.banner()
    for page_index in range(_page_count(reader)):
        left, _, right, top = _media_box(reader, page_index)
        x = (left + right - marks.BANNER_WIDTH) / 2
        yield Mark(page_index, banner, x, top - marks.BANNER_HEIGHT - 4)
    for one in signatures:
        left, _, _, top = _media_box(reader, one.page - 1)
        pdf = marks.signature(one.name, one.signed_at, one.timezone, one.width, one.height)
        yield Mark(one.page - 1, pdf, left + one.x, top - one.y - one.height)


def _media_box(reader: PdfFileReader, page_index: int) -> tuple[float, float, float, float]:
    node = reader.find_page_for_modification(page_index)[0].get_object()
    while "/MediaBox" not in node:
        node = node["/Parent"]
    left, bottom, right, top = (float(value) for value in node["/MediaBox"])
    return left, bottom, right, top


def _isolate(writer: IncrementalPdfFileWriter, page_index: int) -> None:
    """Save the graphics state before the page's own content and restore it after: whatever that content
    leaves behind cannot move the marks."""
    for operator, prepend in ((b"q\n", True), (b"\nQ\n", False)):
        stream = writer.add_object(generic.StreamObject(stream_data=operator))
        writer.add_stream_to_page(page_index, stream, prepend=prepend)


def _place(writer: IncrementalPdfFileWriter, mark: Mark, form: generic.IndirectObject, name: str) -> None:
    content = f"q 1 0 0 1 {mark.x:.2f} {mark.y:.2f} cm {name} Do Q\n".encode()
    resources = generic.DictionaryObject(
        {pdf_name("/XObject"): generic.DictionaryObject({pdf_name(name): form})}
    )
    stream = writer.add_object(generic.StreamObject(stream_data=content))
    writer.add_stream_to_page(mark.page_index, stream, resources)
