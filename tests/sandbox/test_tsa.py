"""The timestamping authority answers what an independent program (openssl) verifies."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.fixtures.sandbox import Sandbox


def test_openssl_verifies_a_token_against_the_published_root(sandbox: Sandbox, tmp_path: Path) -> None:
    stamped, query, reply, root = (tmp_path / name for name in ("data", "query", "reply", "root"))
    stamped.write_bytes(b"what is stamped")
    subprocess.run(
        ["openssl", "ts", "-query", "-data", stamped, "-sha256", "-cert", "-out", query], check=True
    )
    headers = {"Content-Type": "application/timestamp-query"}
    answer = sandbox.client.post(f"{sandbox.url}/tsa", content=query.read_bytes(), headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/timestamp-reply")
    reply.write_bytes(answer.content)
    root.write_bytes(sandbox.client.get(f"{sandbox.url}/tsa/_control/ca.pem").content)
    verified = subprocess.run(
        ["openssl", "ts", "-verify", "-data", stamped, "-in", reply, "-CAfile", root],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Verification: OK" in verified.stdout + verified.stderr


def test_what_is_no_query_is_refused(sandbox: Sandbox) -> None:
    headers = {"Content-Type": "application/timestamp-query"}
    assert sandbox.client.post(f"{sandbox.url}/tsa", content=b"xx", headers=headers).status_code == 400
    assert sandbox.client.post(f"{sandbox.url}/tsa", content=b"xx").status_code == 415
