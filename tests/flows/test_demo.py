"""``bin/demo`` as a newcomer runs it (its set-up aside: the libraries are there)."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from tests.fixtures.waiting import wait_for

ROOT = Path(__file__).parents[2]


def test_the_demo_signs_by_itself_and_ends_with_0() -> None:
    done = subprocess.run(
        [sys.executable, "bin/demo.py", "--sign"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    filed = [
        Path(line.split(" : ")[1]) for line in done.stdout.splitlines() if line.startswith("  folder : ")
    ]
    assert sorted(path.suffix for path in filed) == [".json", ".pdf", ".pdf"]
    assert all(path.stat().st_size > 500 for path in filed)


def test_a_record_with_faults_is_refused_with_all_of_them(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text('{"Nom": "Durand", "E-mail": "nowhere"}', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "bin/demo.py", "--record", str(tmp_path / "mine.json")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "client.email" in done.stdout
    assert "dossier.numero" in done.stdout
    assert _left_behind(_folder(done.stdout)) == []


def test_all_stays_open_at_the_end_and_ctrl_c_leaves_no_process_behind() -> None:
    demo = subprocess.Popen(
        [sys.executable, "bin/demo.py"], cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert demo.stdout is not None
    said = _until(demo, "Ouvrez chaque lien")
    (button,) = re.findall(r"http\S+/buttons/\S+\?record=\w+", said)
    assert "Connexion" in httpx.get(button, headers={"Accept": "text/html"}, trust_env=False).text
    (sandbox,) = set(re.findall(r"(http\S+)/yousign/s/", said))
    control = f"{sandbox}/yousign/_control"
    (request,) = httpx.get(f"{control}/signature_requests", trust_env=False).json()
    order = {"signature_request": request["id"], "signer": "all"}
    httpx.post(f"{control}/sign", json=order, trust_env=False, timeout=30).raise_for_status()
    said += _until(demo, "Tout reste ouvert")
    (page,) = re.findall(r"http\S+/suivi/\S+", said)
    assert "Archivée" in httpx.get(page, headers={"Accept": "text/html"}, trust_env=False).text
    os.kill(demo.pid, signal.SIGINT)
    said += demo.stdout.read()
    assert demo.wait(timeout=30) == 0
    wait_for(lambda: not _left_behind(_folder(said)), 10, "every process of the demo is gone")


def _until(demo: subprocess.Popen[str], awaited: str) -> str:
    """What it says, up to the line that holds ``awaited``."""
    assert demo.stdout is not None
    said = ""
    while awaited not in said:
        line = demo.stdout.readline()
        assert line, said
        said += line
    return said


def _folder(said: str) -> str:
    """The demo tells where it writes; its processes all name that folder in their environment."""
    found = re.search(r"var/demo/[\w-]+", said)
    assert found, said
    return found[0]


def _left_behind(folder: str) -> list[str]:
    left = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        except OSError:
            continue
        if folder.encode() in told:
            left.append((process / "cmdline").read_text().replace("\0", " "))
    return left
