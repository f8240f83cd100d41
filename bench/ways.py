"""The ways of rendering that are compared, each a worker process of its own with its own office."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from bench.content import Content

WORKERS = Path(__file__).with_name("workers")
PEERS = ("docxtpl==0.20.2", "unoserver==3.7")
SYSTEM_PYTHON = "/usr/bin/python3"
SWELLING = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Way:
    """``template`` is the attribute of Content that it is given; ``every``: measured one round in so many."""

    name: str
    command: tuple[str, ...]
    template: str = "template"
    every: int = 1


class WorkerError(Exception):
    """A way of rendering stopped or made nothing."""


class Worker:
    """One process; ``render`` one document at a time."""

    def __init__(self, way: Way, folder: Path, log: IO[bytes]) -> None:
        folder.mkdir()
        self._way, self._target, self._peak_kb = way, folder / "made.pdf", 0
        self._process = subprocess.Popen(
            way.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
            env={**os.environ, "TMPDIR": str(folder), "PATH": _path()},
        )

    def render(self, content: Content) -> tuple[float, bytes]:
        """Seconds, and the PDF. Raises WorkerError."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._target.unlink(missing_ok=True)
        order = {"template": str(getattr(content, self._way.template)), "target": str(self._target)}
        began = time.perf_counter()
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        line = self._process.stdout.readline()
        seconds = time.perf_counter() - began
        if not line or not self._target.exists():
            raise WorkerError(self._way.name)
        self._peak_kb = max(self._peak_kb, json.loads(line).get("peak_kb", 0))
        return seconds, self._target.read_bytes()

    def peak_mb(self) -> float:
        """Resident memory at its highest: the worker, its office and all between, summed."""
        return (self._peak_kb + sum(_peak_kb(pid) for pid in _tree(self._process.pid))) / 1024

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(15)
        with suppress(ProcessLookupError):  # its group: an office may outlive the one that started it
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def _path() -> str:
    """The system's python before any other, and soffice.bin, which Carbone looks for."""
    program = Path(shutil.which("soffice") or "").resolve().parent
    return f"/usr/bin:{program}:{os.environ['PATH']}"


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*"):
            with suppress(OSError):
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _peak_kb(pid: int) -> int:
    try:
        told = SWELLING.search(Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(told[1]) if told else 0


def ways(record: Path, peers: Path | None, carbone: Path | None) -> tuple[Way, ...]:
    """Those that this machine has; says which it has not."""
    found = [
        Way("ours", (sys.executable, "-m", "bench.workers.hub", str(record))),
        Way("soffice --convert-to", (sys.executable, str(WORKERS / "cold.py")), "merged", every=5),
    ]
    if peers is None:
        print("docxtpl + unoserver: absent (give --peers DIR, where they are installed apart)")
    else:
        python = str(_peer_python(peers.resolve()))
        found.append(Way("docxtpl + unoserver", (python, str(WORKERS / "unoserver_peer.py"), str(record))))
    package = carbone and carbone.resolve() / "node_modules" / "carbone" / "package.json"
    if package and package.exists() and shutil.which("node"):
        version = json.loads(package.read_text())["version"]
        command = ("node", str(WORKERS / "carbone.js"), str(record), str(package.parents[2]))
        found.append(Way(f"Carbone {version}", command, "carbone"))
    else:
        print("Carbone: absent (npm install --prefix DIR carbone, then --carbone DIR)")
    return tuple(found)


def _peer_python(folder: Path) -> Path:
    """The private environment of the peers, on the system's python, the one that has ``uno``."""
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"installing {', '.join(PEERS)} in {folder}, with {SYSTEM_PYTHON}")
        subprocess.run([SYSTEM_PYTHON, "-m", "venv", "--system-site-packages", str(folder)], check=True)
        install: list[Any] = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *PEERS], check=True)
    return python
