"""Ours: the template loaded as the ``render`` step does, the merge, and the real converter."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from connectors.converters.libreoffice import LibreOffice, LibreOfficeConfig
from documents.merge import merge
from documents.template import load
from tests.fixtures.services import services

converter = LibreOffice(
    LibreOfficeConfig.model_validate({}),
    services(),
)
context = json.loads(Path(sys.argv[1]).read_bytes())
for line in sys.stdin:
    order = json.loads(line)
    docx = merge(load(Path(order["template"]).read_bytes()), context)
    Path(order["target"]).write_bytes(converter.convert(docx))
    print("{}", flush=True)
converter.close()
