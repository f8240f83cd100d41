from __future__ import annotations

from pathlib import Path

import pytest

from connectors.converters.libreoffice import LibreOffice, LibreOfficeConfig
from connectors.converters.office_input import trial_document
from domain.errors import Permanent
from tests.fixtures.services import services

#: stands where the system's python does: the first office it starts reads nothing
TROUBLED = """#!/bin/sh
started="$(dirname "$0")/started"
echo >> "$started"
if [ "$(wc -l < "$started")" -le {times} ]; then
  echo '{{"result": "ready", "litter": []}}'
  read -r order
  echo '{{"result": "unreadable", "resident_mb": 1}}'
  read -r order
  exit
fi
exec /usr/bin/python3 "$@"
"""


def _office(folder: Path, times: int) -> LibreOffice:
    python = folder / "python"
    python.write_text(TROUBLED.format(times=times))
    python.chmod(0o755)
    return LibreOffice(LibreOfficeConfig.model_validate({"python": str(python)}), services())


def test_an_office_in_trouble_does_not_condemn_a_good_document(tmp_path: Path) -> None:
    office = _office(tmp_path, times=1)
    try:
        assert office.convert(trial_document()).startswith(b"%PDF-")
    finally:
        office.close()


def test_two_offices_that_read_nothing_condemn_it(tmp_path: Path) -> None:
    office = _office(tmp_path, times=2)
    with pytest.raises(Permanent) as refused:
        office.convert(trial_document())
    office.close()
    assert refused.value.code == "document_unreadable"
    assert (tmp_path / "started").read_text().count("\n") == 2
