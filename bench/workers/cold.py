"""``soffice --convert-to`` started for each document, on one already merged: no merge is counted."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

with tempfile.TemporaryDirectory() as folder:
    profile = (Path(folder) / "profile").as_uri()
    command = ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf"]
    for line in sys.stdin:
        order = json.loads(line)
        source = Path(order["template"])
        subprocess.run(
            [*command, "--outdir", folder, str(source)],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        (Path(folder) / f"{source.stem}.pdf").rename(order["target"])
        print(json.dumps({"peak_kb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}), flush=True)
