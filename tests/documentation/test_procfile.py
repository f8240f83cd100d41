"""The Procfile's release line does what README promises, on a database that holds nothing yet."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

from settings import new_encryption_key
from tests.documentation.reading import ROOT, text


def test_the_release_line_prepares_an_empty_database(database_url: str, tmp_path: Path) -> None:
    release = next(line for line in text("Procfile").splitlines() if line.startswith("release: "))
    program, *arguments = shlex.split(release.removeprefix("release: "))
    environ = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "DATABASE_URL": database_url,
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "PARAPHE_DATA_DIR": str(tmp_path),
        "PARAPHE_SANDBOX_URL": "http://127.0.0.1:9",
        "PARAPHE_SECRET_KEY": "s" * 40,
        "PARAPHE_ENCRYPTION_KEYS": new_encryption_key("k1"),
        "PARAPHE_EVENTS_SECRET": "whsec_" + "YWFh" * 8,
    }
    for _ in range(2):  # at each release
        done = subprocess.run(
            [program, *arguments], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout.strip()) == (0, "La base est à jour."), done.stderr
