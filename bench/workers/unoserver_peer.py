"""docxtpl opened for each document, as its manual says, then a unoserver that stays up.

Run by the system's python in the private environment of ``--peers``: it imports nothing of ours.
"""

from __future__ import annotations

import io
import json
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from unoserver.client import UnoClient


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


port = free_port()
with tempfile.TemporaryDirectory() as profile:
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "unoserver.server", "--quiet", "--port", port, "--uno-port", free_port()),
            *("--user-installation", profile),
        ]
    )
    while True:
        try:
            socket.create_connection(("127.0.0.1", int(port))).close()
            break
        except OSError:
            time.sleep(0.1)
    client = UnoClient(port=port)
    context = json.loads(Path(sys.argv[1]).read_bytes())
    for line in sys.stdin:
        order = json.loads(line)
        template = DocxTemplate(order["template"])
        template.render(context, SandboxedEnvironment(undefined=StrictUndefined, autoescape=True))
        merged = io.BytesIO()
        template.save(merged)
        Path(order["target"]).write_bytes(client.convert(indata=merged.getvalue(), convert_to="pdf"))
        print("{}", flush=True)
    server.terminate()
    server.wait()
