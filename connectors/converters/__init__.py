"""Converters: a merged Word document in, a PDF/A-2b out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from connectors import Finding


class Converter(Protocol):
    def convert(self, docx: bytes) -> bytes:
        """The PDF's bytes. Raises Permanent when this document cannot be converted (the same bytes
        would fail again), Retryable when the converter itself is away, too slow or was killed."""
        ...

    def close(self) -> None:
        """Stop what was started; the next ``convert`` starts it again."""
        ...

    def check(self) -> tuple[Finding, ...]: ...


#: name -> "module:Class"
REGISTRY: Mapping[str, str] = {
    "libreoffice": "connectors.converters.libreoffice:LibreOffice",
}
