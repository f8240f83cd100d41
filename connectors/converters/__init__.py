"""Converters: from a Word document, or from the values of one, to a PDF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from connectors import Finding


class Converter(Protocol):
    """``archival``: what comes out is PDF/A-2b; else an ordinary PDF, and whoever files it must know that
    it was not made to be read in thirty years. ``merges``: the template is kept at the other end and
    merged there; such a converter is a ``Merger`` and refuses ``convert``.

    A converter that sends the document to another firm leaves nothing of it there, failures included.
    """

    @property
    def archival(self) -> bool: ...

    @property
    def merges(self) -> bool: ...

    def convert(self, docx: bytes) -> bytes:
        """The PDF's bytes. Raises Permanent when this document cannot be converted (the same bytes
        would fail again), Retryable when the converter itself is away, too slow or was killed."""
        ...

    def close(self) -> None:
        """Stop what was started; the next ``convert`` starts it again."""
        ...

    def check(self) -> tuple[Finding, ...]: ...


@runtime_checkable
class Merger(Converter, Protocol):
    """A converter that holds the templates itself: no merged Word document ever exists here, so there is
    no named block to find a mention in. The mentions must be looked for in the text of the PDF
    (``documents.pdf.inspect``), and the report must say that they were."""

    def render(self, template: str, values: Mapping[str, Any]) -> bytes:
        """The PDF of the template called so in the hub, with ``values`` (what templates are given: texts,
        flags, lists and tables of them). Raises as ``convert`` does."""
        ...


#: name -> "module:Class"
REGISTRY: Mapping[str, str] = {
    "libreoffice": "connectors.converters.libreoffice:LibreOffice",
    "google_docs": "connectors.converters.google_docs:GoogleDocs",
    "word_online": "connectors.converters.word_online:WordOnline",
    "formstack": "connectors.converters.formstack:Formstack",
}
