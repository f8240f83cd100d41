"""Ours: the template loaded as the ``render`` step does, the merge, and the real converter."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from connectors import Services
from connectors.converters.libreoffice import LibreOffice, LibreOfficeConfig
from documents.merge import merge
from documents.template import load

converter = LibreOffice(
    LibreOfficeConfig.model_validate({}),
    Services(now=lambda: datetime.now(UTC), claim=lambda *given: given[2], forget=lambda *_: None),
)
context = json.loads(Path(sys.argv[1]).read_bytes())
for line in sys.stdin:
    order = json.loads(line)
    docx = merge(load(Path(order["template"]).read_bytes()), context)
    Path(order["target"]).write_bytes(converter.convert(docx))
    print("{}", flush=True)
converter.close()
