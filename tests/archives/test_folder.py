"""What is particular to a folder: durability, rights, links, file systems of lesser means."""

from __future__ import annotations

import multiprocessing
import os
import resource
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from connectors.archives.folder import Folder, FolderConfig
from connectors.archives.publication import publish_without_links
from domain.errors import ParapheError, Permanent, Retryable
from tests.archives.kits import deposit
from tests.archives.kits_folder import FolderKit
from tests.archives.memory import Memory

FILE = "Conventions/2026/12/Durand_2026-12-15_2026-0142.pdf"


@pytest.fixture
def folder(tmp_path: Path) -> FolderKit:
    root = tmp_path / "archive"
    root.mkdir()
    return FolderKit(root)


def refusal(root: Path, **details: object) -> ParapheError:
    with pytest.raises(ParapheError) as caught:
        FolderKit(root).worker().file(deposit(**details))  # type: ignore[arg-type]
    return caught.value


def _file_in_process(root: Path, barrier: object) -> None:
    barrier.wait()  # type: ignore[attr-defined]
    Folder(FolderConfig(root=root), Memory().services()).file(deposit(b"x" * 2_000_000))


def test_two_processes_filing_the_same_deposit_make_one_file(folder: FolderKit) -> None:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    processes = [context.Process(target=_file_in_process, args=(folder.root, barrier)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    assert [path for path in folder.tree() if not path.endswith("/")] == [FILE]


def test_what_a_killed_worker_left_half_written_is_gone_a_day_later(folder: FolderKit) -> None:
    folder.worker().file(deposit())
    month = folder.root / Path(FILE).parent
    left, fresh = month / f".{'a' * 32}.part", month / f".{'b' * 32}.part"
    theirs = month / ".durand.part"
    for path in (left, fresh, theirs):
        path.write_bytes(b"%PDF-1.7 half")
    for path in (left, theirs):
        os.utime(path, (0, time.time() - 86_500))
    folder.worker().file(deposit(b"another"))
    assert not left.exists()
    assert fresh.exists()
    assert theirs.exists(), "not ours"


def test_the_file_is_readable_by_the_group_and_nobody_else(folder: FolderKit) -> None:
    before = os.umask(0o077)
    try:
        filed = folder.worker().file(deposit())
    finally:
        os.umask(before)
    assert stat.S_IMODE(Path(filed.path).stat().st_mode) == 0o640


def test_a_link_out_of_the_root_is_not_followed(folder: FolderKit, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder.root / "Conventions").symlink_to(outside)
    assert refusal(folder.root).code == "archive_path_blocked"
    assert list(outside.iterdir()) == []


def test_a_link_in_the_place_of_the_file_is_neither_followed_nor_replaced(
    folder: FolderKit, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(deposit().content)
    (folder.root / FILE).parent.mkdir(parents=True)
    (folder.root / FILE).symlink_to(secret)
    assert folder.worker().file(deposit()).path.endswith("_2.pdf")
    assert (folder.root / FILE).is_symlink()


@pytest.mark.parametrize(
    "details",
    [
        {"folders": ("..", "elsewhere")},
        {"folders": ("Conventions", "")},
        {"folders": ("a/b",)},
        {"name": "../escape.pdf"},
        {"name": "/etc/passwd"},
        {"name": ".."},
        {"name": "nul\0.pdf"},
    ],
)
def test_a_name_that_climbs_out_is_refused_and_nothing_is_written(
    folder: FolderKit, details: dict[str, object]
) -> None:
    assert refusal(folder.root, **details).code == "archive_unsafe_name"
    assert folder.tree() == []


@pytest.mark.parametrize("ref", ["../outside.txt", "/etc/passwd", "Conventions/../../outside.txt", ""])
def test_reading_never_leaves_the_root(folder: FolderKit, ref: str) -> None:
    (folder.root.parent / "outside.txt").write_text("outside")
    with pytest.raises(Permanent) as caught:
        folder.worker().read(ref)
    assert caught.value.code == "archive_unsafe_name"


def test_a_root_that_is_not_mounted_is_waited_for_and_not_made(tmp_path: Path) -> None:
    missing = tmp_path / "nas"
    refused = refusal(missing)
    assert (type(refused), refused.code) == (Retryable, "archive_root_missing")
    assert not missing.exists()
    (finding,) = FolderKit(missing).worker().check()
    assert not finding.ok
    assert "PARAPHE_FOLDER_ROOT" in finding.text


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a tree that refuses even root")
def test_a_forbidden_folder_says_which_rights_it_needs() -> None:
    refused = refusal(Path("/sys/kernel"))
    assert (type(refused), refused.code) == (Permanent, "archive_forbidden")
    assert "droits" in refused.detail
    assert not FolderKit(Path("/sys/kernel")).worker().check()[0].ok


FILL = """
import sys
from pathlib import Path
from domain.errors import Retryable
from tests.archives.kits import deposit
from tests.archives.kits_folder import FolderKit
kit = FolderKit(Path(sys.argv[1]))
try:
    kit.worker().file(deposit(b"x" * 1_000_000))
except Retryable as full:
    print(full.code, [path for path in kit.tree() if not path.endswith("/")])
"""


def run_fill(root: Path, *before: str, **options: object) -> str:
    command = [*before, sys.executable, "-c", FILL, str(root)]
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        command, check=True, capture_output=True, text=True, **options
    ).stdout


def test_a_file_larger_than_allowed_leaves_nothing_behind(folder: FolderKit) -> None:
    def cap() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    assert run_fill(folder.root, preexec_fn=cap) == "archive_full []\n"


def can_mount() -> bool:
    probe = subprocess.run(
        ["unshare", "-Urm", "mount", "-t", "tmpfs", "none", "/mnt"], check=False, capture_output=True
    )
    return probe.returncode == 0


def test_a_full_disk_leaves_nothing_behind_and_is_tried_again(folder: FolderKit) -> None:
    if not can_mount():
        pytest.skip("needs a small disk of its own (user namespaces)")
    script = 'mount -t tmpfs -o size=200k none "$1" && shift && exec "$@"'
    printed = run_fill(folder.root, "unshare", "-Urm", "sh", "-c", script, "sh", str(folder.root))
    assert printed == "archive_full []\n"


def test_a_file_changed_on_disk_is_kept_and_the_true_one_filed_beside_it(folder: FolderKit) -> None:
    folder.worker().file(deposit())
    (folder.root / FILE).write_bytes(b"tampered")
    again = folder.worker().file(deposit())
    assert again.path.endswith("_2.pdf")
    assert (folder.root / FILE).read_bytes() == b"tampered"


def test_what_cannot_be_swept_undoes_no_filing_and_keeps_nothing_else_from_being_swept(
    folder: FolderKit,
) -> None:
    """Left by another account under a sticky folder, or no file at all: the deposit stands already."""
    folder.worker().file(deposit())
    month = folder.root / Path(FILE).parent
    stuck, forsaken = (month / f".{letter * 32}.part" for letter in "ab")
    stuck.mkdir()
    forsaken.touch()
    for left in (stuck, forsaken):
        os.utime(left, (0, 0))
    assert folder.worker().file(deposit(b"second", key="c2")).ref.endswith("_2.pdf")
    assert (stuck.exists(), forsaken.exists()) == (True, False)


class TestWithoutHardLinks:
    """SMB and exFAT: the same promises by a lock and a reservation."""

    def publish(self, root: Path, content: bytes, name: str = "file.pdf") -> bool:
        """Whether the name was free."""
        temporary = f".{os.urandom(8).hex()}.part"
        (root / temporary).write_bytes(content)
        directory = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            publish_without_links(directory, temporary, name)
        except FileExistsError:
            return False
        finally:
            os.close(directory)
        return True

    def test_the_first_of_many_at_once_wins_whole(self, tmp_path: Path) -> None:
        contents = [bytes([n]) * 500_000 for n in range(8)]
        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(lambda content: self.publish(tmp_path, content), contents))
        assert won.count(True) == 1
        assert (tmp_path / "file.pdf").read_bytes() == contents[won.index(True)]

    def test_a_name_that_is_taken_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "file.pdf").write_bytes(b"theirs")
        assert not self.publish(tmp_path, b"ours")
        assert (tmp_path / "file.pdf").read_bytes() == b"theirs"

    def test_the_reservation_of_a_killed_process_is_taken_over(self, tmp_path: Path) -> None:
        (tmp_path / "file.pdf").touch()
        assert self.publish(tmp_path, b"ours")
        assert (tmp_path / "file.pdf").read_bytes() == b"ours"
