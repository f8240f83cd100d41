"""A folder of this machine, and what befalls one: a full disk, lost rights, a worker killed."""

from __future__ import annotations

import os
import pickle
import resource
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from connectors.archives import Deposit, Filed
from connectors.archives import folder as folder_connector
from tests.archives.memory import Memory
from tests.fixtures.sandbox import ROOT, Sandbox

NOBODY = 65534

#: the kernel kills who writes past the limit: here after a megabyte, in the middle of the file
KILLED_WHILE_WRITING = """
import pickle, resource, signal, sys
from pathlib import Path
from tests.archives.kits_folder import FolderKit
one = pickle.load(sys.stdin.buffer)
worker = FolderKit(Path(sys.argv[1])).worker()
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
worker.file(one)
"""


@dataclass
class FolderKit:
    root: Path
    memory: Memory = field(default_factory=Memory)
    throttles = False
    ending = ""

    def worker(self) -> folder_connector.Folder:
        return folder_connector.Folder(folder_connector.FolderConfig(root=self.root), self.memory.services())

    def tree(self) -> list[str]:
        return sorted(
            str(path.relative_to(self.root)) + ("/" if path.is_dir() else "") for path in self.root.rglob("*")
        )

    def bytes_at(self, path: str) -> bytes:
        return (self.root / path).read_bytes()

    def home(self, filed: Filed) -> str:
        return str((self.root / filed.ref).parent.stat().st_ino)

    def by_hand(self, folders: tuple[str, ...], name: str | None = None, content: bytes = b"") -> None:
        folder = self.root.joinpath(*folders)
        folder.mkdir(parents=True, exist_ok=True)
        if name is not None:
            (folder / name).write_bytes(content)

    def delete(self, filed: Filed) -> None:
        (self.root / filed.ref).unlink()

    def change(self, filed: Filed, content: bytes) -> None:
        (self.root / filed.ref).write_bytes(content)

    def full(self) -> None:
        """No file may grow past half a megabyte: EFBIG, told as a full disk is. A disk that is really full
        (ENOSPC) is in test_folder.py, where a mount may be made."""
        _limit(500_000)

    def forbid(self) -> None:
        """The kernel refuses for real: root becomes somebody whose folder this is not."""
        if os.geteuid() == 0:
            os.seteuid(NOBODY)
        else:
            self.root.chmod(0o500)

    def throttle(self, seconds: int) -> None:
        raise NotImplementedError("a disk asks nobody to wait")

    def recover(self) -> None:
        _limit(resource.getrlimit(resource.RLIMIT_FSIZE)[1])
        if os.getuid() == 0:
            os.seteuid(0)
        else:
            self.root.chmod(0o700)

    def cut_upload(self, one: Deposit) -> None:

        command = [sys.executable, "-c", KILLED_WHILE_WRITING, str(self.root)]
        died = subprocess.run(command, cwd=ROOT, input=pickle.dumps(one), check=False)
        assert died.returncode == -signal.SIGXFSZ
        assert any(path.stat().st_size == 1_000_000 for path in self.root.rglob(".*.part"))

    def lose_answer(self, one: Deposit) -> None:
        """A worker that dies before it records: only the disk knows."""
        self.worker().file(one)
        self.memory.claims.clear()


def _limit(file_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def make(tmp_path: Path, _sandbox: Sandbox) -> FolderKit:
    root = tmp_path / "archive"
    root.mkdir()
    return FolderKit(root)
